"""Code sets with dates: every code a set holds, and has held, with its source.

The labels and dates are those of `data/codesets.csv`; a source that calls a label unverified is kept as it is.
A date that is blank is not known, and then the code counts as valid on that side.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Code:
    """One code of a set. `valid_from` and `valid_to` are the first and last day of its use, None when not known."""

    set: str
    code: str
    label: str
    valid_from: date | None
    valid_to: date | None
    category: str
    source: str

    def valid_on(self, day: date) -> bool:
        """True when the code was in use on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def code_sets() -> dict[str, tuple[Code, ...]]:
    """Every code set by name, its codes in the order of the source."""
    text = (resources.files("fairhold.catalogue") / "data" / "codesets.csv").read_text("utf-8")
    found: dict[str, list[Code]] = {}
    for row in csv.DictReader(text.splitlines()):
        code = Code(
            set=row["codeset"],
            code=row["code"],
            label=row["label"],
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            category=row["category"],
            source=row["source"],
        )
        found.setdefault(code.set, []).append(code)
    return {name: tuple(rows) for name, rows in found.items()}


def codes(name: str) -> tuple[Code, ...]:
    """Every code the set `name` holds in any edition; KeyError when the set is not held."""
    return code_sets()[name]


@cache
def ever(*names: str) -> frozenset[str]:
    """The codes that any edition of any of these sets ever held; sets that are not held add nothing."""
    return frozenset(row.code for name in names for row in code_sets().get(name, ()))


def label(name: str, code: str) -> str:
    """What a code means, in the words of its source; the code itself when the set does not hold it."""
    return next((row.label for row in code_sets().get(name, ()) if row.code == code), code)
