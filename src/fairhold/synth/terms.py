"""The borough's school calendar: which days are in session, and the Fridays the files are dated by."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

HOLIDAYS = ((10, 26, 5), (12, 21, 14), (2, 15, 5), (3, 30, 12), (5, 4, 1), (5, 25, 5))  # month, day, days; assumed
LAST_DAY = (7, 21)


def year_start(day: date) -> date:
    """The 1 September of the school year this day lies in."""
    return date(day.year if day.month > 8 else day.year - 1, 9, 1)


@cache
def in_session(start: date) -> frozenset[date]:
    """School days of the year that starts on this 1 September."""
    off: set[date] = set()
    for month, day, length in HOLIDAYS:
        first = date(start.year if month > 8 else start.year + 1, month, day)
        first -= timedelta(days=first.weekday())
        off.update(first + timedelta(days=n) for n in range(length))
    end = date(start.year + 1, *LAST_DAY)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return frozenset(day for day in days if day.weekday() < 5 and day not in off)


@cache
def first_day(start: date) -> date:
    """First school day of the year that starts on this 1 September."""
    return min(in_session(start))


@cache
def last_day(start: date) -> date:
    """Last school day of the year that starts on this 1 September."""
    return max(in_session(start))


def fridays(on: date, weeks: int) -> tuple[date, ...]:
    """The Friday of the full files, then those of the weekly files; the last one lies before `on`."""
    last = on - timedelta(days=(on.weekday() - 4) % 7 or 7)
    return tuple(last - timedelta(days=7 * n) for n in range(weeks, -1, -1))


def week_of(day: date, marks: tuple[date, ...]) -> int:
    """The number of the first file that can know of this day: 0 the full one; one more than the last if none can."""
    return next((n for n, friday in enumerate(marks) if day <= friday), len(marks))


def term_day(day: date) -> date:
    """This day if school is in session, else the next day that is (the first of the next year in summer)."""
    while True:
        days = in_session(year_start(day))
        if day in days:
            return day
        day += timedelta(days=1)
