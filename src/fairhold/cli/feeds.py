"""`fairhold feeds`: whose files have come and whose are missing."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from fairhold import intake
from fairhold.cli.acting import acting
from fairhold.intake import Freshness

app = typer.Typer(add_completion=False)


@app.command()
def feeds(
    every: Annotated[bool, typer.Option("--all", help="Show the feeds in time too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    purpose: Annotated[str | None, typer.Option(help="The purpose to act under.")] = None,
) -> None:
    """Show each source whose regular file is late or missing, the worst first. Exit 1 when there is one."""
    with acting(purpose, otherwise="data-intake") as scope:
        found = intake.feeds(scope)
        if scope.purpose.slug == "data-intake":
            intake.notice(scope)
    missing = [one for one in found if one.state is not Freshness.FRESH]
    if as_json:
        records = [{**asdict(one), "state": one.state.value, "sentence": one.sentence} for one in found]
        sys.stdout.write(json.dumps(records, ensure_ascii=False, default=str, indent=1) + "\n")
    else:
        for one in found if every else missing:
            sys.stdout.write(f"{one.state.value:<7} {one.sentence or one.source}\n")
        sys.stdout.write(f"{len(missing)} of {len(found)} feeds are late or silent.\n")
    raise typer.Exit(1 if missing else 0)
