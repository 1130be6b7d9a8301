"""Which fact table and field a value belongs to: read from the catalogue, not written by hand.

The catalogue's columns `ctf` and `cin` name elements (`paths` reads them), `ssda903` and `ssd` columns of a CSV. A
mark tells what a name alone cannot: `A|B` either of two; `UPN=upn` the value, with this word in the first field; `A/*`
all that stands below, joined; `#` the number among items whose other keys are the same, `CINdetails#` that of the item
it stands in; `plan_id>start_date` a field of the record this one names; `A[]` a list, with a fact for each.

The few things the catalogue cannot say stand in the constants below, each with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from fairhold import catalogue
from fairhold.facts.convert import Convert, converter
from fairhold.formats import ssd

# These items are of a year; a later file that leaves an old year out does not say that it never was.
NEVER_ENDED = frozenset({"education.attendance", "education.assessment"})
# Here an item ends only when the file sends another of its first key: a new UPN ends the old, a ULN left out stays.
ENDED_PER_FIRST_KEY = frozenset({"people.identifier"})
# A file that lists one of these lists all with the same first keys: what it leaves out of an assessment was not found.
LISTED_WHOLE = {"social_care.assessment_factor": 2}
# The last day counts: a child is on roll on the day of leaving. Care episodes end on the day the next one begins.
LAST_DAY_COUNTS = frozenset({"education.enrolment", "education.free_meals", "send.provision"})
# A row without a value still says something: the child is listed as an unaccompanied asylum seeker.
PRESENCE_COUNTS = frozenset({"social_care.uasc"})
# Where the order of an item is not written, its place in the file is its order.
PLACE_FIELDS = {"parents.contact": "place", "send.need": "rank"}
YEAR_FIELD = "collection_year"
UPPER = frozenset({"people.identifier"})
NUMBER = "#"
# Kinds of file that one case system sends of the same child: a row may be told by several of them.
CARE_KINDS = ("ssda903", "cin", "ssd")


@dataclass(frozen=True)
class Sheet:
    """One fact table as the encoder sees it: names of fields, positions of the key, and its place in the catalogue.

    `number` is the position of the field that tells items apart whose other keys are the same.
    """

    index: int
    table: catalogue.Table
    key: tuple[int, ...]
    place: int | None
    year: int | None
    number: int | None
    upper: bool
    presence: bool


@cache
def sheets() -> tuple[Sheet, ...]:
    """Every fact table, in the catalogue's order."""
    return tuple(_sheet(index, table) for index, table in enumerate(catalogue.tables()))


def _sheet(index: int, table: catalogue.Table) -> Sheet:
    names = [field.name for field in table.fields]
    place = PLACE_FIELDS.get(table.name)
    numbers = [position for position, field in enumerate(table.fields) if NUMBER in (field.ssda903, field.ssd)]
    return Sheet(
        index,
        table,
        tuple(names.index(name) for name in table.key),
        names.index(place) if place else None,
        names.index(YEAR_FIELD) if YEAR_FIELD in names else None,
        numbers[0] if numbers else None,
        table.name in UPPER,
        table.name in PRESENCE_COUNTS,
    )


@dataclass(frozen=True)
class Column:
    """One column of a table: where it goes and how it is read.

    `follow`: the column names a record of the table `leads_to`, and the value is this field of the fact made from it.
    `many`: the column lists several values.
    """

    name: str
    field: int
    convert: Convert | None
    constant: str | None = None
    follow: str | None = None
    leads_to: str = ""
    many: bool = False


@cache
def columns(kind: str, element: str) -> tuple[tuple[Sheet, tuple[Column, ...]], ...]:
    """For one table of a kind of file: the fact tables it feeds, with the columns of each."""
    return tuple((sheet, _columns(sheet, kind)) for sheet in sheets() if sheet.table.told(kind) == element)


def _columns(sheet: Sheet, kind: str) -> tuple[Column, ...]:
    found = []
    for position, field in enumerate(sheet.table.fields):
        told = field.told(kind)
        if not told or told == NUMBER:
            continue
        if ">" in told:
            name, _, follow = told.partition(">")
            found.append(Column(name, position, None, follow=follow, leads_to=ssd.leads_to(name)))
            continue
        name, _, constant = told.partition("=")
        many = name.endswith("[]")
        convert = None if many else converter(field, kind)
        found.append(Column(name.removesuffix("[]"), position, convert, constant or None, many=many))
    return tuple(found)


@cache
def followed() -> frozenset[str]:
    """The columns by which others name a record whose fact is looked up."""
    every = (column for entity in ssd.entities() for _, chosen in columns("ssd", entity) for column in chosen)
    return frozenset(column.leads_to for column in every if column.follow)


@cache
def lacking(table: catalogue.Table) -> dict[str, tuple[str, ...]]:
    """For a table that several kinds of a case system's files tell: by kind, the fields that it never carries.

    Empty where all of them carry the same fields.
    """
    carried = {
        kind: {field.name for field in table.fields if field.told(kind)} for kind in CARE_KINDS if table.told(kind)
    }
    every = set().union(*carried.values())
    lacks = {
        kind: tuple(field.name for field in table.fields if field.name in every - own) for kind, own in carried.items()
    }
    return lacks if any(lacks.values()) else {}
