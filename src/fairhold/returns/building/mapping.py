"""Which fact an official column is told by: read from the catalogue, never written a second time."""

from __future__ import annotations

from dataclasses import dataclass

from fairhold import catalogue


@dataclass(frozen=True)
class Told:
    """An official column and the field that tells it; `only` is the kind of number where a fact table holds several.

    Without a field it is the child's own number; and where nothing is `kept` of a column, it is blank.
    """

    column: str
    fact: catalogue.Table | None = None
    field: catalogue.Field | None = None
    only: str = ""
    kept: bool = True

    @property
    def of(self) -> str:
        """The name of the fact table; empty for the child's number."""
        return self.fact.name if self.fact else ""

    @property
    def name(self) -> str:
        """Fact table and field."""
        return f"{self.of}.{self.field.name}" if self.field else ""


def facts(kind: str, element: str) -> tuple[catalogue.Table, ...]:
    """The fact tables that a table of a kind of file is read into, in the catalogue's order."""
    return tuple(table for table in catalogue.tables() if table.told(kind) == element)


def column(kind: str, element: str, name: str) -> Told | None:
    """By what a column of a table is told; None where the record keeps nothing of it."""
    for fact in facts(kind, element):
        for field in fact.fields:
            told, _, only = field.told(kind).partition("=")
            if told == name:
                return Told(name, fact, field, only)
    return None


def field(table: str, name: str, only: str = "") -> Told:
    """A field by its own name, told beside the official columns."""
    fact = catalogue.table(table)
    return Told("", fact, next(one for one in fact.fields if one.name == name), only)
