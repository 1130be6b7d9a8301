"""What the commands of `fairhold policy` have in common: their options, days, and how they print."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Annotated, Any

import typer

from fairhold.errors import PlainError

IG = "information-governance"
Purpose = Annotated[str | None, typer.Option(help="The purpose to act under.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Begins = Annotated[str, typer.Option("--from", help="The first day, as 2026-11-23.")]


def needed(text: str) -> date:
    """A day written as 2026-11-23."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PlainError(f"“{text}” is no date: write it as 2026-11-23.") from None


def day(text: str | None) -> date | None:
    """A day, or none where none was given."""
    return None if text is None else needed(text)


def printed(document: Any, as_json: bool, text: str) -> None:
    """Print for a program or for a person."""
    sys.stdout.write((json.dumps(document, ensure_ascii=False, default=str, indent=1) if as_json else text) + "\n")
