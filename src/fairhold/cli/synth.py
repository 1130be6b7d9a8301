"""`fairhold synth`: writes a made-up borough as real files, with an answer key kept apart."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from fairhold.synth.domain import Options
from fairhold.synth.write import write_borough

SLOW = 2000  # pupils; from here on it takes more than a second

app = typer.Typer(add_completion=False)


@app.command()
def synth(
    out: Annotated[Path, typer.Option(help="The folder to write into: empty, or one an earlier run filled.")],
    pupils: Annotated[int, typer.Option(help="Pupils on roll in the borough's schools.")] = 1000,
    weeks: Annotated[int, typer.Option(help="Weeks of files of changed pupils after the full files.")] = 2,
    faults: Annotated[float, typer.Option(help="Multiplies the rates of planted faults; 0 is a clean borough.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The borough's today.")] = "2026-11-23",  # type: ignore[assignment]
    children: Annotated[
        int, typer.Option(help="Only the two social care returns, with this many children in each; no borough.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
) -> None:
    """Write a made-up borough as real files, with an answer key."""
    options = Options(pupils, weeks, faults, seed, on.date(), out, children)
    if sys.stderr.isatty() and pupils > SLOW:
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Writing the borough", total=1.0)
            written = write_borough(options, lambda share: bar.update(task, completed=share))
    else:
        written = write_borough(options)
    if as_json:
        typer.echo(json.dumps(asdict(written)))
        return
    if children:
        typer.echo(
            f"Two years of both social care returns, {children} children in each of this year's: {written.files} files"
            f" with {written.rows} rows and {written.faults} planted faults in {out}; answers in {out / 'key'}."
        )
        return
    typer.echo(
        f"{written.pupils} pupils in {written.schools} schools: {written.files} files with {written.rows} rows"
        f" and {written.faults} planted faults in {out}; the answers stand in {out / 'key'}."
    )
