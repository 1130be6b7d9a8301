"""Who is asked first where several sources speak of one child: `data/precedence.csv`, dated, not yet confirmed.

The case system comes first, always: the return is its account. Only what it leaves blank is taken from the sources
that stand after it, from subjects linked with the child at that instant; a fact table that is not listed is the case
system's alone.
"""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from importlib import resources

CASE_SYSTEM = "case-system"


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = (resources.files("fairhold.returns.building") / "data" / "precedence.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def places(fact: str, day: date) -> dict[str, int]:
    """For a fact table on a day: kind of source → its place, 1 first."""
    found = {
        row["kind"]: int(row["place"])
        for row in _rows()
        if row["fact"] == fact and row["from"] <= day.isoformat() and day.isoformat() < (row["until"] or "9999")
    }
    return found or {CASE_SYSTEM: 1}
