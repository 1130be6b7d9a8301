"""`fairhold sources`: register and list those who may send."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from fairhold import intake
from fairhold.cli.acting import acting
from fairhold.intake import NewSource

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Register and list sources of data.")
_PURPOSE = Annotated[str | None, typer.Option(help="The purpose to act under.")]


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="The source's name; with --from, ignored.")] = "",
    kind: Annotated[str, typer.Option(help="school, case-system or register.")] = "school",
    lea: Annotated[str | None, typer.Option(help="A school's authority number, three digits.")] = None,
    estab: Annotated[str | None, typer.Option(help="A school's establishment number, four digits.")] = None,
    urn: Annotated[str | None, typer.Option(help="A school's unique reference number.")] = None,
    case_system: Annotated[str | None, typer.Option(help="The software of a case system.")] = None,
    origin: Annotated[str, typer.Option(help="Whose data it is: council, dfe or public-body.")] = "council",
    file: Annotated[
        Path | None, typer.Option("--from", help="A CSV of sources: kind,name,lea,estab,urn,case_system,origin.")
    ] = None,
    owner: Annotated[str, typer.Option(help="Who looks after what this source sends wrongly.")] = "data-officer",
    purpose: _PURPOSE = None,
) -> None:
    """Register a source, or all those of a file. One that is registered already is left as it is."""
    found = from_csv(file) if file else [NewSource(kind, name, lea, estab, urn, case_system, origin)]  # type: ignore[arg-type]
    with acting(purpose, otherwise="administration") as scope:
        added = intake.add_sources(scope, sources=found, owner=owner)
    sys.stdout.write(f"{added} of {len(found)} registered; the others were registered before.\n")


def from_csv(file: Path) -> list[NewSource]:
    """The sources listed in a CSV file; further columns are ignored, a blank origin is the council's."""
    names = ("kind", "name", "lea", "estab", "urn", "case_system")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = [{key.strip().lower(): value for key, value in row.items() if key} for row in csv.DictReader(stream)]
    return [
        NewSource(**{name: row.get(name) or None for name in names}, origin=row.get("origin") or "council")  # type: ignore[arg-type]
        for row in rows
    ]


@app.command("list")
def listed(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    purpose: _PURPOSE = None,
) -> None:
    """Every registered source, and when its last file came."""
    with acting(purpose, otherwise="administration") as scope:
        found = intake.list_sources(scope)
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False, default=str, indent=1) + "\n")
        return
    for one in found:
        number = f"{one['lea']}{one['estab']}" if one["lea"] else one["case_system"] or ""
        last = f"{one['last_received']:%d %B %Y}" if one["last_received"] else "nothing yet"
        sys.stdout.write(f"{one['kind']:<12} {number:<16} {one['name']}: {one['deliveries']} files, last {last}\n")
