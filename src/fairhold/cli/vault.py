"""`fairhold vault list|check`: every kept file with its class and due date, and whether it is still what was kept."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from fairhold import vault
from fairhold.cli.acting import acting

app = typer.Typer(add_completion=False, no_args_is_help=True, help="List and check every kept file.")
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Purpose = Annotated[str | None, typer.Option(help="The purpose you act under; audit where none is given.")]


@app.command("list")
def listed(purpose: Purpose = None, as_json: Json = False) -> None:
    """List every file that is or was kept."""
    with acting(purpose, otherwise="audit") as scope:
        found = vault.listed(scope)
    if as_json:
        rows = [
            {"id": f.id, "kind": f.kind, "class": f.klass, "retention": f.retention, "due": f.due and f.due.isoformat()}
            | {"size": f.size, "sha256": f.sha256, "kept_at": f.kept_at.isoformat(), "state": f.state}
            for f in found
        ]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
        return
    for file in found:
        due = f"due {file.due}" if file.due else "no due date yet"
        size = f"{file.size:>12,} bytes" + ("" if file.state == "kept" else f"  {file.state}")
        sys.stdout.write(f"{file.id:>6}  {file.kind:<14} {file.klass:<18} {file.retention}  {due:<16} {size}\n")
    sys.stdout.write(f"{len(found)} files.\n")


@app.command("check")
def check(purpose: Purpose = None, as_json: Json = False) -> None:
    """Compare folder and records both ways and hash every file afresh. Exit code 1 when something is wrong."""
    with acting(purpose, otherwise="audit") as scope:
        wrong = vault.check(scope)
    if as_json:
        sys.stdout.write(json.dumps({"ok": not wrong, "findings": wrong}, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(wrong or ["Every file is where it should be and what was kept."]) + "\n")
    if wrong:
        raise typer.Exit(1)
