"""The Standard Safeguarding Dataset (SSD) as CSV: one file per entity, as a case system's extract writes them.

`entities.csv` lists the entities, those first that others refer to, and their columns in the order of the published
model (data-to-insight/ssd-data-model 4987c73, July 2026); a column names the record it refers to as `entity.column`.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib import resources

KIND = "ssd"
WINDOW_YEARS = 6  # the model's extracts hold what happened in the last six years
_NO_CHILD = ("ssd_department", "ssd_professionals")


@dataclass(frozen=True)
class Column:
    """One column. `references` is the column of another entity whose records it names; `part` is `record` for the
    record's own number, `person` for the child's."""

    name: str
    type: str
    references: str
    part: str


@dataclass(frozen=True)
class Entity:
    """One entity, its columns in the order of the model."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def _part(self, part: str) -> str:
        return next((column.name for column in self.columns if column.part == part), "")

    @property
    def record(self) -> str:
        """The column of the record's own number; empty where there is one record a child."""
        return self._part("record")

    @property
    def person(self) -> str:
        """The column of the child's number; empty where another record leads to the child."""
        return self._part("person")

    def through(self, sent: Collection[str]) -> Column | None:
        """The column that leads to a record of the same child, where the child's own was not sent."""
        return next(
            (
                column
                for column in self.columns
                if column.name in sent and column.part != "person" and _leads_to_a_child(column)
            ),
            None,
        )


def _leads_to_a_child(column: Column) -> bool:
    entity = column.references.partition(".")[0]
    return bool(entity) and entity not in (*_NO_CHILD, "ssd_person")


@cache
def entities() -> dict[str, Entity]:
    """Every entity by name."""
    text = (resources.files("fairhold.formats") / "ssd" / "entities.csv").read_text("utf-8")
    found: dict[str, list[Column]] = {}
    for row in csv.DictReader(text.splitlines()):
        column = Column(row["column"], row["type"], row["references"], row["part"])
        found.setdefault(row["entity"], []).append(column)
    return {name: Entity(name, tuple(columns)) for name, columns in found.items()}


@cache
def _columns() -> dict[str, tuple[str, Column]]:
    return {column.name: (entity.name, column) for entity in entities().values() for column in entity.columns}


def leads_to(column: str) -> str:
    """The column whose record a column names ("cine_referral_id")."""
    return _columns()[column][1].references.partition(".")[2]


@cache
def referred() -> dict[str, tuple[str, ...]]:
    """By entity, the columns that other entities name its records by."""
    named = {
        column.references
        for entity in entities().values()
        for column in entity.columns
        if column.references and not column.references.startswith(("ssd_person.", *(f"{one}." for one in _NO_CHILD)))
    }
    found: dict[str, tuple[str, ...]] = {}
    for reference in sorted(named):
        entity, _, column = reference.partition(".")
        found[entity] = (*found.get(entity, ()), column)
    return found


def around(entity: str) -> frozenset[str]:
    """The entities whose records those of an entity lead to, from one to the next, and the children."""
    found, waiting = {"ssd_person"}, [entity]
    while waiting:
        for column in entities()[waiting.pop()].columns:
            other = column.references.partition(".")[0]
            if _leads_to_a_child(column) and other not in found:
                found.add(other)
                waiting.append(other)
    return frozenset(found)
