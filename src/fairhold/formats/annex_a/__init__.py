"""Ofsted's lists of children for an inspection (Annex A): eleven for children's services, two for an area's SEND.

`lists.csv` has the columns of each list in their order. Ofsted's own template was not available: columns and codes
follow the London regional specification (July 2026) and data-to-insight/ssd-data-model's Annex A script 1.2.0, and are
unverified until the template of an inspection has been laid beside them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

SEND: Final = ("List_1", "List_2")
DATE, COUNT, CODE = "date", "count", "code"


@dataclass(frozen=True)
class Column:
    """One column of a list. `form` is text, date, count, code, postcode, urn or percent; `blank` is yes, no or, where
    no source says so, empty; `codes` are all it may hold, written as they stand in the workbook ("a) Male")."""

    name: str
    form: str
    blank: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class List:
    """One list: its number ("1" to "11", or a SEND list's name), its title, its columns in their order."""

    key: str
    title: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


@cache
def lists() -> dict[str, List]:
    """Every list by its key, the eleven first."""
    text = (resources.files("fairhold.formats") / "annex_a" / "lists.csv").read_text("utf-8")
    titles: dict[str, str] = {}
    columns: dict[str, list[Column]] = {}
    for row in csv.DictReader(text.splitlines()):
        titles[row["list"]] = row["title"]
        codes = tuple(filter(None, row["codes"].split("; ")))
        columns.setdefault(row["list"], []).append(Column(row["column"], row["form"], row["blank"], codes))
    return {key: List(key, titles[key], tuple(of_list)) for key, of_list in columns.items()}


@cache
def lettered(codes: tuple[str, ...]) -> dict[str, str]:
    """Codes by what stands behind their letter, in capitals ({"MALE": "a) Male"}); others stand for themselves."""
    return {(code.partition(") ")[2] or code).upper(): code for code in codes}
