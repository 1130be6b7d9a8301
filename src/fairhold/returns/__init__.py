"""Statutory returns: files in, rules run, findings out. Importing it loads no return."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from fairhold.rulebook.domain import Return

MODULES: Final[dict[str, str]] = {
    "ssda903": "fairhold.returns.ssda903",
    "cin": "fairhold.returns.cin",
    "annex-a-send": "fairhold.returns.annex_a_send",
}


def declared(name: str) -> Return:
    """The return of that name; KeyError for one that Fairhold does not know."""
    found: Return = import_module(MODULES[name]).RETURN
    return found


def of_years() -> list[str]:
    """The returns that are delivered and checked by collection year; the others are checked from files alone."""
    return [name for name in MODULES if not declared(name).by_day]
