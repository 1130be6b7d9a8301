"""What runs every day by itself: each step, the purposes it works under, and the only doors it may enter by.

The account that runs it may choose no purpose. It opens one for a step named here, and only that step's doors.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

KEEPS = "daily.keep"
"""The door by which every step says that it has run."""


@dataclass(frozen=True)
class Errand:
    """One step of the daily run: it enters by `doors` under each of its purposes in turn. `says` is one sentence."""

    step: str
    title: str
    says: str
    doors: frozenset[str]
    purposes: tuple[str, ...]


@cache
def errands() -> dict[str, Errand]:
    """Every step by name, in the order in which they run, from `data/daily.csv`."""
    text = (resources.files("fairhold.access") / "data" / "daily.csv").read_text("utf-8")
    return {row["step"]: _errand(row) for row in csv.DictReader(text.splitlines())}


def _errand(row: dict[str, str]) -> Errand:
    doors, purposes = row["doors"].split(";"), row["purposes"].split(";")
    return Errand(row["step"], row["title"], row["says"], frozenset(doors), tuple(purposes))
