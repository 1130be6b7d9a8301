"""Which element or column becomes which field of which fact table: read from the catalogue, not written by hand.

The few things the catalogue's columns cannot say stand in the constants below, each with its reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import count

from fairhold import catalogue
from fairhold.facts.convert import Convert, converter

# Results hang two containers deep: KeyStage says the stage, each StageAssessment inside it is one item.
NESTED = {"education.assessment": "StageAssessment"}
# These items are of a year; a later file that leaves an old year out does not say that it never was.
NEVER_ENDED = frozenset({"education.attendance", "education.assessment"})
# Here an item ends only when the file sends another of its first key: a new UPN ends the old, a ULN left out stays.
ENDED_PER_FIRST_KEY = frozenset({"people.identifier"})
# The last day counts: a child is on roll on the day of leaving. Care episodes end on the day the next one begins.
LAST_DAY_COUNTS = frozenset({"education.enrolment", "education.free_meals", "send.provision"})
# A row without a value still says something: the child is listed as an unaccompanied asylum seeker.
PRESENCE_COUNTS = frozenset({"social_care.uasc"})
# Where the order of an item is not written, its place in the file is its order.
PLACE_FIELDS = {"parents.contact": "place", "send.need": "rank"}
YEAR_FIELD = "collection_year"
UPPER = frozenset({"people.identifier"})

_slots = count()
_INDEX = re.compile(r"\[(\d+)\]$")


@dataclass(frozen=True)
class Leaf:
    """Where the text of one path goes: a field of a table; `depth` path parts tell one item from another."""

    table: int
    field: int
    depth: int
    convert: Convert | None
    constant: str | None = None
    joined: bool = False
    shared: bool = False


@dataclass(frozen=True)
class Sheet:
    """One fact table as the encoder sees it: names of fields, positions of the key, and its place in the catalogue."""

    index: int
    table: catalogue.Table
    key: tuple[int, ...]
    place: int | None
    year: int | None
    upper: bool
    presence: bool


@cache
def sheets() -> tuple[Sheet, ...]:
    """Every fact table, in the catalogue's order."""
    return tuple(_sheet(index, table) for index, table in enumerate(catalogue.tables()))


def _sheet(index: int, table: catalogue.Table) -> Sheet:
    names = [field.name for field in table.fields]
    place = PLACE_FIELDS.get(table.name)
    return Sheet(
        index,
        table,
        tuple(names.index(name) for name in table.key),
        names.index(place) if place else None,
        names.index(YEAR_FIELD) if YEAR_FIELD in names else None,
        table.name in UPPER,
        table.name in PRESENCE_COUNTS,
    )


def _absolute(block: str, path: str) -> str:
    """The path from the pupil: some tables write it whole, most from their block."""
    if block in {"", "."} or path.startswith(block + "/"):
        return path
    return f"{block}/{path}"


def _depth(table: catalogue.Table, path: str) -> int:
    """How many parts of the path tell items apart; 0 for a table with one value per subject."""
    if table.shape == "state":
        return 0
    block = [] if table.ctf in {"", "."} else table.ctf.split("/")
    parts = path.split("/")
    if len(table.fields) == 1 or not block:
        return len(parts)
    inner = NESTED.get(table.name)
    return len(block) + (1 if inner and parts[len(block)] == inner else 0)


def _leaves(sheet: Sheet, position: int, field: catalogue.Field) -> list[tuple[str, Leaf]]:
    found = []
    for choice in filter(None, field.ctf.split("|")):
        written, _, constant = choice.partition("=")
        path = _absolute(sheet.table.ctf, written)
        depth = _depth(sheet.table, path)
        leaf = Leaf(
            sheet.index,
            position,
            depth,
            converter(field, british=False),
            constant or None,
            joined=path.endswith("/*"),
            shared=sheet.table.name in NESTED and depth == len(sheet.table.ctf.split("/")),
        )
        found.append((path, leaf))
    return found


@cache
def _ctf_leaves() -> tuple[dict[str, Leaf], dict[str, Leaf]]:
    """Leaves by whole path, and by the start of it for fields that join all that stands below."""
    whole: dict[str, Leaf] = {}
    below: dict[str, Leaf] = {}
    for sheet in sheets():
        for position, field in enumerate(sheet.table.fields):
            for path, leaf in _leaves(sheet, position, field):
                if leaf.joined:
                    below[path.removesuffix("*")] = leaf
                else:
                    whole[path] = leaf
    return whole, below


@dataclass(frozen=True)
class Target:
    """A path with its numbers, resolved: the leaf, and the item it belongs to (numbers of the repeated parts)."""

    leaf: Leaf
    item: tuple[int, ...]
    slot: int  # one number for each item of a pupil, quick to look up


@cache
def resolve(path: str) -> Target | None:
    """Where a transfer file's path goes; None for what the catalogue does not hold (it stays in the vault)."""
    names, numbers = [], []
    for part in path.split("/"):
        found = _INDEX.search(part)
        names.append(part[: found.start()] if found else part)
        numbers.append(int(found[1]) if found else 1)
    plain = "/".join(names)
    whole, below = _ctf_leaves()
    leaf = whole.get(plain) or next((leaf for start, leaf in below.items() if plain.startswith(start)), None)
    if leaf is None:
        return None
    item = tuple(numbers[: leaf.depth])
    return Target(leaf, item, _slot(leaf.table, leaf.constant, item))


@cache
def _slot(table: int, constant: str | None, item: tuple[int, ...]) -> int:
    return next(_slots)


@dataclass(frozen=True)
class Column:
    """One column of a return: where it goes and how it is read."""

    name: str
    field: int
    convert: Convert | None
    constant: str | None


@cache
def columns(element: str) -> tuple[tuple[Sheet, tuple[Column, ...]], ...]:
    """For one table of the return: the fact tables it feeds, with the columns of each."""
    return tuple((sheet, _columns(sheet)) for sheet in sheets() if sheet.table.ssda903 == element)


def _columns(sheet: Sheet) -> tuple[Column, ...]:
    found = []
    for position, field in enumerate(sheet.table.fields):
        if field.ssda903:
            name, _, constant = field.ssda903.partition("=")
            found.append(Column(name, position, converter(field, british=True), constant or None))
    return tuple(found)


def starts_and_ends(table: catalogue.Table) -> tuple[str, str | None]:
    """Of a dated table: the field its period starts with (the date of its key) and the one it ends with, if any."""
    dates = [field.name for field in table.fields if field.type == "date"]
    start = next(name for name in dates if name in table.key)
    return start, next((name for name in dates if name != start), None)
