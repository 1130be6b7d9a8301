"""`fairhold ssd export`: the social-care record in the shape of the sector's dataset (SSD), for its reports."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from fairhold import record
from fairhold.cli.acting import acting
from fairhold.errors import PlainError
from fairhold.returns.output import save

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Take the record out as the sector's dataset.")
Purpose = Annotated[str | None, typer.Option(help="The purpose you act under; statutory-returns where none is given.")]


@app.callback()
def _group() -> None:
    """A command of commands, though it has one: others of the dataset will stand beside it."""


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="The folder to write into; files of an earlier run are replaced.")],
    purpose: Purpose = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write a CSV for every entity. They are classified: they name children by number, and are kept with a due date.

    Restricted children and protected addresses are left out. The same rows stand in the views of the schema `ssd`.
    """
    with acting(purpose, otherwise="statutory-returns") as scope:
        made = record.take_out(scope)
        _make(out)
        for path, data in record.unpack(scope, made, out):
            save(path, data)
    if as_json:
        sys.stdout.write(json.dumps({"file": made.number, "due": made.due, "rows": made.rows}) + "\n")
        return
    filled = {entity: rows for entity, rows in made.rows.items() if rows}
    for entity, rows in filled.items():
        sys.stdout.write(f"{entity:<32} {rows:>10,} rows\n")
    sys.stdout.write(
        f"{len(made.rows)} files, {len(filled)} of them with rows, are in {out}: keep them as you keep the record, and"
        f" delete them by {made.due}. The same is kept as file {made.number}.\n"
    )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise PlainError(f"The folder {folder} cannot be made ({error.strerror}): choose another.") from None
