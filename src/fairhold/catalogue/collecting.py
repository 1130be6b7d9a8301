"""What is asked at the point of collection: which items must be given and which may be, by collection and day (N040).

The status is the field's own in `fields.csv`; a dated row of `collected.csv` about a collection, or about all (blank),
says otherwise and names the code by which a refusal is kept. What a collection carries is what its files can tell.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from fairhold.catalogue.tables import Field, Table, tables

COLLECTIONS = {
    "ctf": ("Pupil records from schools", "LB03"),
    "ssda903": ("Children looked after (SSDA903)", "LB04"),
    "cin": ("Children in need census", "LB05"),
    "ssd": ("Standard safeguarding dataset", "LB18"),
}
"""Collections and the register row of the law each rests on (unverified which law names which single item)."""

MANDATORY, VOLUNTARY = "mandatory", "voluntary"
UNVERIFIED = "unverified: status of the field as a whole, not found for this collection"


@dataclass(frozen=True)
class Item:
    """One item of one collection: `status` is mandatory or voluntary; `refusal` the code that a refusal leaves."""

    table: str
    field: str
    title: str
    status: str
    refusal: str | None
    authority: str
    source: str


@dataclass(frozen=True)
class Notice:
    """The text at the point of collection. `version` is a hash of the text: the same text has the same version."""

    collection: str
    title: str
    version: str
    lines: tuple[str, ...]


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = (resources.files("fairhold.catalogue") / "data" / "collected.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def items(collection: str, day: date) -> list[Item]:
    """Every item the collection carries, on a day, in the order of the dictionary. KeyError: no such collection."""
    law = COLLECTIONS[collection][1]
    return [
        _item(table, field, collection, day, law)
        for table in tables()
        for field in table.fields
        if field.told(collection)
    ]


def _item(table: Table, field: Field, collection: str, day: date, law: str) -> Item:
    row = _row(table.name, field.name, collection, day)
    name = (table.name, field.name, field.title)
    if row is None:
        return Item(*name, field.collected, None, law, UNVERIFIED)
    return Item(*name, row["collected"], row["refusal"] or None, row["authority"] or law, row["source"])


def _row(table: str, field: str, collection: str, day: date) -> dict[str, str] | None:
    """The newest row in force about the item: one about this collection before one about all."""
    iso = day.isoformat()
    found = [
        row
        for row in _rows()
        if (row["table"], row["field"]) == (table, field)
        and row["collection"] in ("", collection)
        and row["from"] <= iso
        and (not row["until"] or iso < row["until"])
    ]
    return max(found, key=lambda row: (row["collection"] != "", row["from"]), default=None)


def voluntary(day: date) -> dict[tuple[str, str], str | None]:
    """The items that may be refused after all: (table, field) → the code a refusal leaves, None for nothing.

    Voluntary in every collection that carries it, and no part of what tells one row from another.
    """
    keys = {(table.name, name) for table in tables() for name in table.key}
    status: dict[tuple[str, str], list[Item]] = {}
    for collection in COLLECTIONS:
        for item in items(collection, day):
            status.setdefault((item.table, item.field), []).append(item)
    return {
        place: next((one.refusal for one in found if one.refusal), None)
        for place, found in status.items()
        if place not in keys and all(one.status == VOLUNTARY for one in found)
    }


def notice(collection: str, day: date) -> Notice:
    """The text that a form of this collection carries on a day."""
    found = items(collection, day)
    title = COLLECTIONS[collection][0]
    lines = (
        *_list("The law says that these must be given:", [one for one in found if one.status == MANDATORY]),
        *_list("You may choose whether to give these:", [one for one in found if one.status == VOLUNTARY]),
        "If you choose not to give one, say so: a note that you did not want to is kept, and nothing else.",
        "You can change your mind at any time. Then it is taken out, and whoever had it from the council is told.",
    )
    version = hashlib.sha256("\n".join((title, *lines)).encode()).hexdigest()[:12]
    return Notice(collection, title, version, lines)


def _list(heading: str, found: Sequence[Item]) -> list[str]:
    return [f"{heading} {'; '.join(dict.fromkeys(one.title for one in found))}."] if found else []
