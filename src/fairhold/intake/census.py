"""The children in need census: one file a year with everything about each child, as at the reference date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from fairhold.dates import clock
from fairhold.facts import Encoder
from fairhold.facts.convert import iso_date
from fairhold.formats import Reading, Row
from fairhold.intake.domain import CASE_SYSTEM, Aside, Prepared, year_ending
from fairhold.intake.returned import end_of

KIND = "cin"
CHILD = "ChildIdentifiers/LAchildID"
_YEAR = re.compile(r"20\d\d")
_NO_YEAR = "The header names no collection year (CollectionDetails/Year): ask for the file again, or name the year."
_NO_CHILD = "The child has no LAchildID: add it and send the census again."


@dataclass(frozen=True)
class Census:
    """A census; `year` is the collection year a person named, where the header has none."""

    year: str | None
    kind = KIND
    same_child = "Another child of this file has the same LAchildID: the first is in."
    links = None

    def begin(self, made: Prepared, reading: Reading) -> tuple[str, str] | None:
        """Year and reference date are in the header; the sender is the case system, there being one."""
        made.sender, made.element = CASE_SYSTEM, "Child"
        year = reading.header.get("CollectionDetails/Year") or self.year or ""
        if not _YEAR.fullmatch(year):
            return "no-year", _NO_YEAR
        if int(year) > year_ending(clock.today()):
            return (
                "wrong-year",
                f"The file says it is of the year to 31 March {year}, which is yet to begin: check it.",
            )
        made.year, made.at = year, end_of(year)
        reference = iso_date(reading.header.get("CollectionDetails/ReferenceDate", ""))
        if reference is not None:
            made.at = min(made.at, datetime.combine(date.fromisoformat(reference), time()))
        return None

    def take(self, encoder: Encoder, row: Row) -> Aside | None:
        """A child goes in under its number in the case system, as in the other returns."""
        if CHILD not in row.values:
            return Aside(row.row, row.line, CHILD, "missing", _NO_CHILD)
        encoder.child(row.row, row.line, row.values[CHILD], [], row.values)
        return None
