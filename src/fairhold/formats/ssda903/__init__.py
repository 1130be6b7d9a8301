"""The looked-after children return (SSDA903) as CSV: one file per table.

`tables.csv` lists tables and columns in their official order; a column whose codes changed stands once per edition.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

# The names under which the collection's tables are usually sent.
FILES: Final = {
    "Header": "header.csv",
    "Episodes": "episodes.csv",
    "Reviews": "reviews.csv",
    "UASC": "uasc.csv",
    "OC2": "oc2.csv",
    "OC3": "oc3.csv",
    "AD1": "ad1.csv",
    "PlacedAdoption": "placed_for_adoption.csv",
    "PrevPerm": "previous_permanence.csv",
    "Missing": "missing.csv",
    "SWEpisodes": "sw_episodes.csv",
    "DoLo": "dolo.csv",
}


@dataclass(frozen=True)
class Column:
    """One column of a table. `codes` are the codes of every edition together; `blank` says whether it may be empty."""

    name: str
    type: str
    format: str
    blank: str
    codes: tuple[str, ...]
    notes: str


@dataclass(frozen=True)
class CsvTable:
    """One table of the return, its columns in their official order."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


@cache
def _editions() -> tuple[dict[str, str], ...]:
    text = (resources.files("fairhold.formats") / "ssda903" / "tables.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def specification(year: int) -> dict[str, tuple[str, ...]]:
    """The tables and columns that the collection of a year asks for, in their official order."""
    found: dict[str, dict[str, None]] = {}
    for row in _editions():
        if int(row["from"] or 0) <= year <= int(row["until"] or 9999):
            found.setdefault(row["table"], {})[row["column"]] = None
    return {table: tuple(columns) for table, columns in found.items()}


@cache
def tables() -> dict[str, CsvTable]:
    """Every table of the return by name."""
    found: dict[str, dict[str, Column]] = {}
    for row in _editions():
        columns = found.setdefault(row["table"], {})
        before = columns.get(row["column"])
        codes = [*(before.codes if before else ()), *filter(None, row["codes"].split(";"))]
        columns[row["column"]] = Column(
            name=row["column"],
            type=row["type"],
            format=row["format"],
            blank=row["blank"],
            codes=tuple(dict.fromkeys(codes)),
            notes=row["notes"],
        )
    return {name: CsvTable(name, tuple(columns.values())) for name, columns in found.items()}
