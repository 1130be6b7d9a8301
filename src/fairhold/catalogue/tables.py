"""What Fairhold may hold: every fact table and field, with category, domain, class, retention and purposes.

From these rows come the tables themselves, the grants of each purpose, the data dictionary, the mapping of
file formats, and the two-way test against the notice's closed inventory (N019).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Category:
    """One category of data that the privacy notice names; `held` is False while nothing of it is stored."""

    slug: str
    title: str
    obligation: str
    held: bool


@dataclass(frozen=True)
class Field:
    """One stored value. `ctf` and `ssda903` say where it comes from; `collected` is mandatory or voluntary (N040)."""

    name: str
    type: str
    title: str
    codesets: tuple[str, ...]
    collected: str
    ctf: str
    ssda903: str


@dataclass(frozen=True)
class Table:
    """One fact table.

    `shape`: state (one current value), dated (items with periods of their own), many (items by `key`).
    `ctf`: the block of a pupil's element it is read from; `ssda903`: the table of the return.
    """

    name: str
    title: str
    domain: str
    klass: str
    category: str
    shape: str
    key: tuple[str, ...]
    ctf: str
    ssda903: str
    retention: str
    purposes: tuple[str, ...]
    fields: tuple[Field, ...]


def _read(name: str) -> list[dict[str, str]]:
    text = (resources.files("fairhold.catalogue") / "data" / f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def categories() -> tuple[Category, ...]:
    """The notice's categories, in its order."""
    return tuple(
        Category(row["category"], row["title"], row["obligation"], row["held"] == "yes") for row in _read("categories")
    )


def _fields() -> dict[str, list[Field]]:
    found: dict[str, list[Field]] = {}
    for row in _read("fields"):
        field = Field(
            name=row["field"],
            type=row["type"],
            title=row["title"],
            codesets=tuple(filter(None, row["codeset"].split(";"))),
            collected=row["collected"],
            ctf=row["ctf"],
            ssda903=row["ssda903"],
        )
        found.setdefault(row["table"], []).append(field)
    return found


@cache
def tables() -> tuple[Table, ...]:
    """Every fact table, in the order of the data dictionary."""
    fields = _fields()
    return tuple(
        Table(
            name=row["table"],
            title=row["title"],
            domain=row["domain"],
            klass=row["class"],
            category=row["category"],
            shape=row["shape"],
            key=tuple(row["key"].split()),
            ctf=row["ctf"],
            ssda903=row["ssda903"],
            retention=row["retention"],
            purposes=tuple(row["purposes"].split(";")),
            fields=tuple(fields[row["table"]]),
        )
        for row in _read("tables")
    )


@cache
def table(name: str) -> Table:
    """The fact table called `name` ("people.address"); KeyError when there is none."""
    for candidate in tables():
        if candidate.name == name:
            return candidate
    raise KeyError(name)
