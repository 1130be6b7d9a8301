"""Spoils a clean set of a return at random, so that nearly every rule finds something: codes, dates, blanks, rows.

Only for comparing two checkers: what a fault means does not matter here, only that both see the same file. The same
seed gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

FIRST, LAST = date(1990, 1, 1), date(2045, 12, 31)  # days that every checker can read
START, END = date(2026, 4, 1), date(2027, 3, 31)
# the census counts from the day before; both checkers should agree on such days
EDGES = tuple(day + timedelta(days=n) for day in (START, END) for n in (-1, 0, 1))
UNREADABLE = ("31/02/2026", "2026-13-45", "N/K")


@dataclass(frozen=True)
class Rough:
    """What a spoiled set may hold besides other values; a checker that stops at one of these cannot be compared."""

    unreadable: bool = True  # dates that are none
    nameless: bool = True  # rows without a child, or of one that stands nowhere else
    twice: bool = True  # doubled rows
    undated: bool = True  # rows without the date that orders them
    shuffled: bool = True  # rows in any order
    whole: bool = True  # faults of the return as a whole


ROUGH = Rough()
TIDY = Rough(unreadable=False, nameless=False, twice=False, undated=False, shuffled=False, whole=False)


@dataclass
class Spoiler:
    """Draws other values. `write` gives a date the form of the file, `read` undoes it (None for what is no date)."""

    rng: Random
    write: Callable[[date], str]
    read: Callable[[str], date | None]
    unreadable: bool = True
    small: bool = True  # codes in small letters too
    near: list[date] = field(default_factory=list)  # other dates of the child at hand

    def date(self, value: str) -> str:
        """Another date than `value`, mostly near to it, to another of the child's, or to an end of the year."""
        rng, day = self.rng, self.read(value)
        kind = rng.random()
        if kind < 0.12:
            return ""
        if kind < 0.15 and self.unreadable:
            return rng.choice(UNREADABLE)
        if kind < 0.28:
            return self.write(rng.choice(EDGES))
        if kind < 0.50 and self.near:
            return self.write(moved(rng.choice(self.near), rng.choice((-1, 0, 0, 1, 30, -30))))
        if kind < 0.60 or day is None:
            return self.write(moved(START, rng.randrange(-400, 500)))
        if kind < 0.75:
            return self.write(moved(day, rng.choice((-1, 1))))
        if kind < 0.90:
            return self.write(moved(day, rng.randrange(-120, 121)))
        return self.write(moved(day, 365 * rng.randrange(-18, 19)))

    def code(self, value: str, codes: Sequence[str]) -> str:
        """Another code of the column, a blank, one that is none, or the same in small letters."""
        kind = self.rng.random()
        if kind < 0.15:
            return ""
        if kind < 0.20:
            return "ZZ9"
        if kind < 0.23 and self.small:
            return value.lower()
        return self.rng.choice(codes)

    def text(self, value: str, others: Sequence[str], odd: Sequence[str]) -> str:
        """A blank, the value of another row, an odd one, or with one character changed."""
        kind = self.rng.random()
        if kind < 0.25:
            return ""
        if kind < 0.60 and others:
            return self.rng.choice(others)
        if kind < 0.85 or not value:
            return self.rng.choice(odd)
        at = self.rng.randrange(len(value))
        return value[:at] + self.rng.choice("AKX7") + value[at + 1 :]


def moved(day: date, days: int) -> date:
    """A day so many days on, kept within what every checker can write."""
    number = day.toordinal() + days
    return date.fromordinal(min(max(number, FIRST.toordinal()), LAST.toordinal()))
