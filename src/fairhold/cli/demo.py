"""`fairhold demo`: makes up a borough, runs its day from school files to a lawful share, and serves the pages."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from fairhold.cli import demo_clock, demo_day
from fairhold.cli.demo_day import Day

app = typer.Typer(add_completion=False)
USUAL_PUPILS = 1000
BOROUGHS_DAY = datetime(2026, 11, 23, 9, tzinfo=UTC)  # the made-up borough's first day, three days after its last files


def _settle_place(pupils: int) -> Path:
    """The demo's own folder and clock; each size of borough has a store of its own, so that none mixes with another."""
    from fairhold import engine  # noqa: PLC0415

    if "FAIRHOLD_HOME" not in os.environ:
        os.environ["FAIRHOLD_HOME"] = ".demo" if pupils == USUAL_PUPILS else f".demo-{pupils}"
    demo_clock.begin(engine.home(), BOROUGHS_DAY)
    return engine.home()


def _step(name: str, act: Callable[[], str]) -> None:
    live = sys.stdout.isatty()
    if live:
        sys.stdout.write(f"  … {name}")
        sys.stdout.flush()
    began = time.perf_counter()
    said = act()
    took = time.perf_counter() - began
    sys.stdout.write(("\r\033[K" if live else "") + f"  {name:<22} {said} ({took:.1f} s)\n")
    sys.stdout.flush()


@app.command()
def demo(
    pupils: Annotated[int, typer.Option(envvar="PUPILS", help="Pupils on roll in the made-up borough.")] = USUAL_PUPILS,
    serve: Annotated[bool, typer.Option(envvar="SERVE", help="Serve the pages after the run.")] = True,
    seed: Annotated[int, typer.Option(help="The same seed makes up the same borough.")] = 2,
    port: Annotated[int, typer.Option(help="The port of the pages.")] = 8000,
) -> None:
    """Run Fairhold's day on a made-up borough, then serve its pages. A second run continues; nothing happens twice."""
    home = _settle_place(pupils)
    began = time.perf_counter()
    sys.stdout.write(f"A made-up borough of {pupils:,} pupils; nobody in it exists.\n")
    day = Day(home=home, borough=home / "borough", pupils=pupils, seed=seed)
    for name, act in demo_day.STEPS:
        _step(name, lambda act=act: act(day))  # type: ignore[misc]
    sys.stdout.write(
        f"Done in {time.perf_counter() - began:.1f} s. Files, answer key and results lie in {_shown(home)}"
        f" (results are classified: {_shown(day.out)}).\n"
    )
    if serve:
        from fairhold.cli.serve import serve as serve_pages  # noqa: PLC0415

        serve_pages(port=port)


def _shown(folder: Path) -> str:
    here = Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)
