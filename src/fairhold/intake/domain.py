"""What intake speaks of: a file prepared for the store, what became of it, and whether a source is late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from fairhold.dates import school
from fairhold.facts import Encoded, Encoder, Links
from fairhold.formats import Reading, Row


class Outcome(Enum):
    """What became of a file."""

    STORED = "stored"
    KNOWN = "already known"
    REFUSED = "refused"


@dataclass(frozen=True)
class Aside:
    """A row, or one value of it, that does not go in. `reason` is a sentence without personal data."""

    row: int | None
    line: int
    field: str | None
    kind: str
    reason: str


@dataclass(frozen=True)
class Sender:
    """Whom a file says it is from: a school by its numbers, or a kind of source of which there is one."""

    kind: str
    lea: str | None = None
    estab: str | None = None


CASE_SYSTEM = Sender("case-system")


@dataclass(frozen=True)
class ProtectedChild:
    """One entry of the council's register of protected children; `guard` 1 hides the address, 2 the whole record."""

    row: int
    upn: str | None
    surname: str | None
    forename: str | None
    date_of_birth: date | None
    guard: int
    from_date: date | None


@dataclass(frozen=True)
class Worker:
    """A worker or (`kind` "team") a team of the case system, by the number that facts name."""

    row: int
    line: int
    kind: str
    number: str
    name: str | None
    title: str | None
    part_of: str | None


@dataclass
class Prepared:
    """One file read and encoded, before the database is asked anything. A refused file carries only its reason."""

    label: str
    sha256: str
    size: int
    kind: str | None = None
    element: str | None = None
    version: str | None = None
    sender: Sender | None = None
    at: datetime | None = None
    year: str | None = None
    rows: int = 0
    encoded: Encoded | None = None
    protected: list[ProtectedChild] = field(default_factory=list)
    aside: list[Aside] = field(default_factory=list)
    unknown: list[tuple[int | None, int, str, str]] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    refused: tuple[str, str] | None = None

    @property
    def facts(self) -> int:
        """How many facts, entries of a register, or workers and teams the file states."""
        return (self.encoded.facts if self.encoded else 0) + len(self.protected) + len(self.workers)

    def clashes(self, other: Prepared) -> bool:
        """Whether both may speak of the same things, and so are stored one after the other.

        A sender's files of two kinds may; of one kind only those of the same table.
        """
        return self.sender == other.sender and (self.kind != other.kind or self.element == other.element)


@dataclass(frozen=True)
class Offered:
    """A prepared file with a way to its bytes, for the vault."""

    prepared: Prepared
    content: Callable[[], bytes]


@dataclass(frozen=True)
class Summary:
    """What became of one file; `label` is the caller's word for it and is not stored."""

    label: str
    outcome: Outcome
    kind: str | None
    delivery: int | None
    source: str | None
    rows: int = 0
    facts: int = 0
    added: int = 0
    new_subjects: int = 0
    set_aside: int = 0
    unknown: int = 0
    reason: str | None = None


class Form(Protocol):
    """What is special about one kind of file that facts come from.

    `same_child` is said of a child that a file holds twice; `links` are shared by the files of one extract.
    """

    @property
    def kind(self) -> str: ...
    @property
    def same_child(self) -> str: ...
    @property
    def links(self) -> Links | None: ...

    def begin(self, made: Prepared, reading: Reading) -> tuple[str, str] | None:
        """Fill in who sent the file, of which day and year; returns why it is refused, or None."""

    def take(self, encoder: Encoder, row: Row) -> Aside | None:
        """Encode a row; returns it set aside when it cannot go in."""


class Freshness(Enum):
    """How a feed stands."""

    FRESH = "fresh"
    LATE = "late"
    SILENT = "silent"


def freshness(last: date | None, *, today: date, since: date, every_days: int, grace_days: int) -> Freshness:
    """Whether a feed is in time: late when its next file is overdue, silent when two in a row are missing.

    A feed that never sent counts from the day it was expected to begin.
    """
    waited = (today - (last or since)).days
    if waited <= every_days + grace_days:
        return Freshness.FRESH
    return Freshness.LATE if last and waited <= 2 * every_days + grace_days else Freshness.SILENT


def wrong_year(said: str | None, at: datetime, today: date) -> str | None:
    """Why a transfer file's year is wrong, or None. Makers turn the year on 1 August or on 1 September: both are right.

    `said` is the header's academic year by its first calendar year ("2026"); a file without it is judged by date alone.
    """
    if (at.date() - today).days > 1:
        return f"The file is dated {at:%d %B %Y}, which is still to come: ask the sender to check its clock."
    if said is None:
        return None
    right = {str(school.academic_year(at.date())), str(at.year - (at.month < 8))}
    if said in right:
        return None
    return (
        f"The file says it is of the school year {said} but is dated {at:%d %B %Y}: ask the school to send the file of"
        " the current year."
    )


def collection_year(days: list[date], today: date) -> str | None:
    """The year to 31 March a return's files are about ("2026"), from the dates in them; None when there are none.

    The latest year that more than a stray date falls in, and not after the year that is running.
    """
    running = year_ending(today)
    counts: dict[int, int] = {}
    for day in days:
        counts[year_ending(day)] = counts.get(year_ending(day), 0) + 1
    enough = max(1, len(days) // 100)
    found = [year for year, count in counts.items() if year <= running and count >= enough]
    return str(max(found)) if found else None


def year_ending(day: date) -> int:
    """The year to 31 March that a day falls in, by the year it ends in."""
    return day.year + (day.month > 3)
