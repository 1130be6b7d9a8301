"""`fairhold reference build|show`: the reference data that every check uses. Needs no database."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fairhold.engine import settings
from fairhold.returns.files import SetAside
from fairhold.returns.reference import building, default_file
from fairhold.returns.reference.using import attach, told
from fairhold.returns.workbench import open_engine

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Build or show the reference data that every check uses."
)
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command()
def build(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Files or folders: a postcode directory (CSV), Ofsted's lists (Excel or CSV). None: the postcodes of"
            " the package that fairhold[reference] installs."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to write; without it, the one that every check uses.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Turn reference data into one small file; kinds that were not given stay as they were in it."""
    if out is None:
        settings.home()
    target = out or default_file()
    con = open_engine()
    try:
        with Console(stderr=True).status("Reading reference data"):
            taken = building.build(con, paths or [], target)
    finally:
        con.close()
    if as_json:
        sources, aside = [asdict(source) for source in taken.sources], [asdict(item) for item in taken.aside]
        typer.echo(json.dumps({"file": str(target), "sources": sources, "set_aside": aside}))
    else:
        for source in taken.sources:
            typer.echo(f"{source.sentence()}.")
        for item in taken.aside:
            typer.echo(_left_out(item))
        typer.echo(f"Written to {target}.")
    sys.exit(1 if taken.aside else 0)


def _left_out(item: SetAside) -> str:
    sheet = f", sheet {item.table}" if item.table else ""
    return f"{item.file}{sheet}{f', line {item.line}' if item.line else ''}: {item.reason}."


@app.command()
def show(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Reference files to look at; without them, what every check uses.")
    ] = None,
    name: Annotated[str, typer.Option("--return", help="The return whose rules are counted.")] = "ssda903",
    year: Annotated[int | None, typer.Option(help="The collection year; without it, the newest wordings.")] = None,
    as_json: Json = False,
) -> None:
    """Say what reference data is in use, of when it is, and how many rules are not run for want of some."""
    con = open_engine()
    try:
        used = attach(con, paths or [])
    finally:
        con.close()
    if as_json:
        typer.echo(json.dumps({"file": str(default_file()), "sources": [asdict(source) for source in used.sources]}))
        return
    for line in told(used, name, year):
        typer.echo(line)
