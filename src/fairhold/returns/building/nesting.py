"""The tables of the census as one file holds them: child after child, each row inside the one it is tied to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from fairhold.formats.xmlwrite import Value
from fairhold.returns.building.domain import Table
from fairhold.returns.cin.shape import LISTS, TABLES

PEOPLE: Final = "ChildIdentifiers"
CHARACTERISTICS: Final = "ChildCharacteristics"
# table: (the table it stands in, how many ties lead out of it, how many lead to what stands in it)
INSIDE: Final[dict[str, tuple[str, int, int]]] = {
    "Disabilities": (CHARACTERISTICS, 0, 0),
    "CINdetails": ("", 0, 2),
    "Assessments": ("CINdetails", 2, 2),
    "AssessmentFactorsList": ("Assessments", 2, 0),
    "CINplanDates": ("CINdetails", 2, 0),
    "Section47": ("CINdetails", 2, 0),
    "ChildProtectionPlans": ("CINdetails", 2, 2),
    "Reviews": ("ChildProtectionPlans", 2, 0),
}
Key = tuple[int | str, ...]


class Nest:
    """Rows of tables by what they stand in. A row that stands in nothing that is there is left out."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = tables
        self._within: dict[str, list[str]] = {}
        self._rows: dict[str, dict[Key, list[int]]] = {}
        for table, (outer, ties, _) in INSIDE.items():
            self._within.setdefault(outer, []).append(table)
            by_key = self._rows[table] = {}
            of = tables[table]
            for row, (subject, inner) in enumerate(zip(of.subjects, of.inner, strict=True)):
                by_key.setdefault((subject, *inner[:ties]), []).append(row)
        self._about = {subject: row for row, subject in enumerate(tables[CHARACTERISTICS].subjects)}

    def order(self) -> dict[str, list[int]]:
        """The rows of each table in the order of the file."""
        order: dict[str, list[int]] = {table: [] for table in self._tables}
        for row, subject in enumerate(self._tables[PEOPLE].subjects):
            order[PEOPLE].append(row)
            about = self._about.get(subject)
            if about is not None and (
                any(self._tables[CHARACTERISTICS].rows[about]) or self._inside(CHARACTERISTICS, about)
            ):
                order[CHARACTERISTICS].append(about)
                self._follow(CHARACTERISTICS, about, order)
            for number in self._rows["CINdetails"].get((subject,), ()):
                order["CINdetails"].append(number)
                self._follow("CINdetails", number, order)
        return order

    def _disabled(self, about: int) -> bool:
        return bool(self._inside(CHARACTERISTICS, about))

    def _follow(self, table: str, row: int, order: dict[str, list[int]]) -> None:
        for inner, found in self._inside(table, row):
            for number in found:
                order[inner].append(number)
                self._follow(inner, number, order)

    def _inside(self, table: str, row: int) -> list[tuple[str, list[int]]]:
        """What stands in a row: tables, and of each the rows."""
        of, found = self._tables[table], []
        _, out, into = INSIDE.get(table, ("", 0, 0))
        for inner in self._within.get(table, ()):
            tie = of.inner[row][out : out + into]
            rows = self._rows[inner].get((of.subjects[row], *tie))
            if rows:
                found.append((inner, rows))
        return found

    def children(self) -> Iterator[dict[str, Value]]:
        """Each child with everything inside, for the writer of the file."""
        for row, subject in enumerate(self._tables[PEOPLE].subjects):
            about = self._about.get(subject)
            child: dict[str, Value] = {PEOPLE: [self._values(PEOPLE, row)]}
            if about is not None:
                child[CHARACTERISTICS] = [self._values(CHARACTERISTICS, about)]
            episodes = self._rows["CINdetails"].get((subject,), ())
            child["CINdetails"] = [self._values("CINdetails", number) for number in episodes]
            yield child

    def _values(self, table: str, row: int) -> dict[str, Value]:
        of = self._tables[table]
        found: dict[str, Value] = dict(zip(of.columns, of.rows[row], strict=True))
        for inner, rows in self._inside(table, row):
            element = TABLES[inner][0].rpartition("/")[2]
            if inner in LISTS:
                listed = self._tables[inner]
                found[element] = [{listed.columns[0]: [listed.rows[number][0] for number in rows]}]
            else:
                found[element] = [self._values(inner, number) for number in rows]
        return found
