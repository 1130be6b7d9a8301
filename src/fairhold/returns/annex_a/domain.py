"""What is made for an inspection: lists as texts under their official columns, each row with the child it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fairhold.errors import PlainError
from fairhold.formats import annex_a

BUILT = tuple(str(number) for number in range(1, 11))  # out of the record; list 11 comes in a file of its own
ADOPTERS = "11"
CHILD = "Child Unique ID"


class AnnexError(PlainError):
    """The lists cannot be made or handed out; the sentence says why and what to do."""


@dataclass
class Made:
    """One list. Cells are texts: dates as dd/mm/yyyy, codes as Ofsted writes them, blank where nothing is known.

    `outside`: column → how many values no code stands for, which were left blank.
    """

    key: str
    rows: list[tuple[str, ...]]
    outside: dict[str, int] = field(default_factory=dict)

    @property
    def of(self) -> annex_a.List:
        """The list as declared."""
        return annex_a.lists()[self.key]

    @property
    def children(self) -> list[str]:
        """The child's number of each row; none in the list of adopters."""
        return [row[0] for row in self.rows] if self.key != ADOPTERS else []

    def blank_though_required(self) -> dict[str, int]:
        """Column → rows where it is blank although the list asks for a value."""
        found = {}
        for at, column in enumerate(self.of.columns):
            if column.blank == "no":
                found[column.name] = sum(not row[at] for row in self.rows)
        return {name: count for name, count in found.items() if count}


@dataclass(frozen=True)
class Lists:
    """All lists as at a day. `places`: whether postcodes could be turned into authorities, and seen from ours."""

    day: date
    made: Mapping[str, Made]
    places: bool = False
