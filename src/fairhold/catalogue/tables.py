"""What Fairhold may hold: every fact table and field, with category, domain, class, retention and purposes.

From these rows come the tables themselves, the grants of each purpose, the data dictionary, the mapping of
file formats, and the two-way test against the notice's closed inventory (N019).
"""

from __future__ import annotations

import csv
import hashlib
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
    """One stored value; `collected` is mandatory or voluntary (N040).

    `ctf`, `ssda903`, `cin` and `ssd` say where it comes from in each kind of file: an element's path or a column's
    name, read by `facts.mapping`, which explains the few marks they carry.
    """

    name: str
    type: str
    title: str
    codesets: tuple[str, ...]
    collected: str
    ctf: str
    ssda903: str
    cin: str
    ssd: str
    offers: str

    def told(self, kind: str) -> str:
        """Where it comes from in files of a kind ("cin"); empty when they do not carry it."""
        return str(getattr(self, kind))


@dataclass(frozen=True)
class Table:
    """One fact table.

    `shape`: state (one current value), dated (items with periods of their own), many (items by `key`).
    `period` of a dated table: the fields of its first and last day; one field alone makes it an event of that day.
    `ctf` and `cin`: the block of a child's element it is read from; `ssda903` and `ssd`: the table.
    """

    name: str
    title: str
    domain: str
    klass: str
    category: str
    shape: str
    key: tuple[str, ...]
    period: tuple[str, ...]
    ctf: str
    ssda903: str
    cin: str
    ssd: str
    retention: str
    purposes: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def offers(self) -> str:
        """The table of a register of offers (`data/offers.csv`), where that tells any field of this one."""
        return "applications" if any(field.offers for field in self.fields) else ""

    def told(self, kind: str) -> str:
        """The block or table it is read from in files of a kind; empty when they do not carry it."""
        return str(getattr(self, kind))


def _read(name: str) -> list[dict[str, str]]:
    text = (resources.files("fairhold.catalogue") / "data" / f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def digest() -> str:
    """A hash of all the data files of the catalogue: which edition of it was in force."""
    whole = hashlib.sha256()
    folder = resources.files("fairhold.catalogue") / "data"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        whole.update(file.read_bytes())
    return whole.hexdigest()


@cache
def categories() -> tuple[Category, ...]:
    """The notice's categories, in its order."""
    return tuple(
        Category(row["category"], row["title"], row["obligation"], row["held"] == "yes") for row in _read("categories")
    )


def _fields() -> dict[str, list[Field]]:
    found: dict[str, list[Field]] = {}
    offers = {(row["table"], row["field"]): row["column"] for row in _read("offers")}
    for row in _read("fields"):
        field = Field(
            name=row["field"],
            type=row["type"],
            title=row["title"],
            codesets=tuple(filter(None, row["codeset"].split(";"))),
            collected=row["collected"],
            ctf=row["ctf"],
            ssda903=row["ssda903"],
            cin=row["cin"],
            ssd=row["ssd"],
            offers=offers.get((row["table"], row["field"]), ""),
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
            period=tuple(row["period"].split()),
            ctf=row["ctf"],
            ssda903=row["ssda903"],
            cin=row["cin"],
            ssd=row["ssd"],
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
