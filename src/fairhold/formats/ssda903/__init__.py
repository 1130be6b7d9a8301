"""The looked-after children return (SSDA903) as CSV: one file per table.

`tables.csv` lists tables and columns in their official order; a column whose codes changed stands once per edition.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


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
def tables() -> dict[str, CsvTable]:
    """Every table of the return by name."""
    text = (resources.files("fairhold.formats") / "ssda903" / "tables.csv").read_text("utf-8")
    found: dict[str, dict[str, Column]] = {}
    for row in csv.DictReader(text.splitlines()):
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
