"""`fairhold migrate`: bring the store's tables, roles and grants up to date."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def migrate(
    demo: Annotated[bool, typer.Option("--demo", help="A new store becomes a demo; made-up data only.")] = False,
) -> None:
    """Bring the store up to date; a second run changes nothing."""
    from fairhold.access import schema  # noqa: PLC0415

    changed = schema.migrate(demo=True if demo else None)
    sys.stdout.write("The store was brought up to date.\n" if changed else "The store is up to date.\n")
