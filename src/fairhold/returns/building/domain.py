"""What a build is: the official tables of a return as one instant knew them, where each row is from, and its files."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from fairhold.errors import PlainError


class BuildError(PlainError):
    """A return cannot be built; the sentence says why and what to do."""


@dataclass(frozen=True)
class AsAt:
    """The year of a return and what is known of it.

    `year` is the year to 31 March; `known`: as the record knew it at this instant; `valid`: nothing that happened
    after this day, which is the last of the year or, while the year runs, the day the return is built on.
    """

    year: int
    known: datetime
    valid: date

    @property
    def starts(self) -> date:
        """The 1 April on which the year begins."""
        return date(self.year - 1, 4, 1)

    @property
    def ends(self) -> date:
        """The 31 March on which it ends."""
        return date(self.year, 3, 31)


def last_day(year: int, on: date) -> date:
    """The last day that a build of a year made on a day speaks of; BuildError before the year has begun."""
    if on < date(year - 1, 4, 1):
        raise BuildError(f"The year to 31 March {year} has not begun on {on:%d %B %Y}: name a later day.")
    return min(on, date(year, 3, 31))


Origins = tuple[tuple[int | None, int | None], ...]


@dataclass
class Table:
    """One official table as built: text cells under official columns, and for each row whose it is and where from.

    `children` are the numbers that the case system knows the subjects by; `origins` has delivery and line of each of
    `groups`, which are fact tables or single fields. `inner` ties a row to those of other tables; `left_out` are rows
    that do not belong, where those were asked for.
    """

    name: str
    columns: tuple[str, ...]
    groups: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    subjects: list[int] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    origins: list[Origins] = field(default_factory=list)
    inner: list[tuple[str, ...]] = field(default_factory=list)
    left_out: set[int] = field(default_factory=set)

    def chosen(self, rows: list[int]) -> Table:
        """Only these rows, in this order."""
        return replace(
            self,
            rows=[self.rows[row] for row in rows],
            subjects=[self.subjects[row] for row in rows],
            children=[self.children[row] for row in rows],
            origins=[self.origins[row] for row in rows],
            inner=[self.inner[row] for row in rows],
            left_out=set(),
        )


@dataclass
class Built:
    """A built return: its tables, its official files by name, and what it was built from.

    `file` is the one file that is signed for and sent: a ZIP of the tables, or the XML. `links` are the numbers of the
    identity links in force among its children.
    """

    name: str
    la: str
    as_at: AsAt
    header: dict[str, str]
    tables: dict[str, Table]
    files: dict[str, bytes]
    file: str
    children: list[int]
    links: list[int]
