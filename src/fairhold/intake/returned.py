"""Tables of the looked-after children return: as at the end of their collection year, or today while it runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from fairhold.dates import clock
from fairhold.facts import Encoder
from fairhold.facts.convert import british_date
from fairhold.formats import Reading, Row
from fairhold.formats.csvread import CsvReading
from fairhold.intake.domain import CASE_SYSTEM, Aside, Prepared, collection_year

KIND = "ssda903"
CHILD = "CHILD"
_NOT_OF_THE_YEAR = frozenset({"DOB", "MC_DOB"})
_NO_YEAR = "Nothing in these files shows their collection year: send the return's tables together, or name the year."
_NO_CHILD = "The row has no child number: complete it and send the table again."


def year_of(tables: Iterable[list[Row]], today: date) -> str | None:
    """The collection year that the dates of tables sent together show."""
    days = [
        date.fromisoformat(day)
        for rows in tables
        for row in rows
        for name, text in row.values.items()
        if name not in _NOT_OF_THE_YEAR and "/" in text and (day := british_date(text))
    ]
    return collection_year(days, today)


def end_of(year: str) -> datetime:
    """The instant that a return of a collection year speaks of."""
    return datetime.combine(min(date(int(year), 3, 31), clock.today()), time())


@dataclass(frozen=True)
class Return:
    """One table; `year` is the collection year of all the tables that came together."""

    year: str | None
    kind = KIND
    same_child = ""
    links = None

    def begin(self, made: Prepared, reading: Reading) -> tuple[str, str] | None:
        """The sender is the case system, there being one."""
        made.sender, made.element = CASE_SYSTEM, reading.table if isinstance(reading, CsvReading) else None
        if self.year is None:
            return "no-year", _NO_YEAR
        made.year, made.at = self.year, end_of(self.year)
        return None

    def take(self, encoder: Encoder, row: Row) -> Aside | None:
        """A record goes in under its child number."""
        if CHILD not in row.values:
            return Aside(row.row, row.line, CHILD, "missing", _NO_CHILD)
        encoder.record(row.row, row.line, row.element, row.values[CHILD], row.values)
        return None
