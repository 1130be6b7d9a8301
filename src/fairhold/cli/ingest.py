"""`fairhold ingest`: take files in."""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from fairhold import intake, record  # noqa: F401  (the record follows what is stored)
from fairhold.cli.acting import account
from fairhold.intake import Outcome, Summary

app = typer.Typer(add_completion=False)
_COUNTS = ("rows", "facts", "added", "new_subjects", "set_aside", "unknown")


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of files.")],
    year: Annotated[
        str | None, typer.Option(help="Collection year of a return, where its files do not show it.")
    ] = None,
    as_at: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day an extract speaks of; today by default.")
    ] = None,
    purpose: Annotated[str, typer.Option(help="The purpose to act under.")] = "data-intake",
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON a file.")] = False,
) -> None:
    """Recognise, keep, check and store files. The same file again changes nothing.

    Exit 0: all is in. 1: something was set aside. 2: a file was refused (the others are in).
    """
    with _progress(as_json) as tick:
        day = as_at.date() if as_at else None
        done = intake.take_in(account().actor(), paths, purpose=purpose, year=year, as_at=day, progress=tick)
    if not as_json:
        for line in lines(done):
            sys.stdout.write(line + "\n")
    refused = any(one.outcome is Outcome.REFUSED for one in done)
    raise typer.Exit(2 if refused else 1 if any(one.set_aside for one in done) else 0)


def as_record(summary: Summary) -> dict[str, Any]:
    """One file as a JSON object; `path` is the word it was given by."""
    found = asdict(summary)
    return {"path": found.pop("label"), **found, "outcome": summary.outcome.value}


def lines(done: Sequence[Summary]) -> list[str]:
    """What happened, a line for each kind of file, and one for each refusal."""
    by_kind: dict[str, list[Summary]] = defaultdict(list)
    for one in done:
        by_kind[one.kind or "not recognised"].append(one)
    made = []
    for kind, some in sorted(by_kind.items()):
        outcomes = {outcome: sum(one.outcome is outcome for one in some) for outcome in Outcome}
        files = ", ".join(f"{number} {outcome.value}" for outcome, number in outcomes.items() if number)
        sums = {name: sum(getattr(one, name) for one in some) for name in _COUNTS}
        counts = ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in sums.items() if number)
        made.append(f"{kind}: {files}" + (f"; {counts}" if counts else ""))
    made += [f"{one.label}: refused. {one.reason}" for one in done if one.outcome is Outcome.REFUSED]
    return made


class _progress:  # noqa: N801  (used as a context manager, like a function)
    """Prints JSON lines as files are done, or a counter once a second has passed, on a terminal only."""

    def __init__(self, as_json: bool) -> None:
        self._json, self._began, self._count = as_json, time.monotonic(), 0
        self._live = sys.stderr.isatty() and not as_json

    def __enter__(self) -> Callable[[Summary], None]:
        return self._tick

    def __exit__(self, *_: object) -> None:
        if self._live and self._count:
            sys.stderr.write("\r\033[K")

    def _tick(self, summary: Summary) -> None:
        self._count += 1
        if self._json:
            sys.stdout.write(json.dumps(as_record(summary), ensure_ascii=False) + "\n")
            sys.stdout.flush()
        elif self._live and time.monotonic() - self._began > 1:
            sys.stderr.write(f"\r{self._count} files taken in")
            sys.stderr.flush()
