"""Working days over a given set of holidays; the list of bank holidays in England is `holidays.py`."""

from __future__ import annotations

from collections.abc import Set
from datetime import date, timedelta


def is_working_day(day: date, holidays: Set[date]) -> bool:
    """Monday to Friday, and no holiday."""
    return day.weekday() < 5 and day not in holidays


def working_days_between(start: date, end: date, holidays: Set[date]) -> int:
    """Working days after `start` up to and including `end`: how periods in law are counted. Below 0 backwards.

    The day something happens is not counted, the last day is: from Monday to Tuesday is one.
    """
    if end < start:
        return -working_days_between(end, start, holidays)
    off = sum(1 for day in holidays if start < day <= end and day.weekday() < 5)
    return _weekdays_up_to(end) - _weekdays_up_to(start) - off


def working_day_after(start: date, n: int, holidays: Set[date]) -> date:
    """The `n`th working day after `start`: the last day of a period of `n` working days (n at least 1)."""
    if n < 1:
        raise ValueError("a period has at least one working day")
    day = start
    while n:
        day += timedelta(days=1)
        n -= is_working_day(day, holidays)
    return day


def _weekdays_up_to(day: date) -> int:
    """Mondays to Fridays from the beginning of the calendar up to and including a day."""
    weeks, rest = divmod(day.toordinal(), 7)  # ordinal 1 is a Monday
    return weeks * 5 + min(rest, 5)
