"""What each named function means, in plain Python: the slow reference that every engine is tested against."""

from __future__ import annotations

from collections.abc import Callable, Set
from datetime import date, timedelta
from typing import Final

from fairhold.dates import birthdays, school, working


def days_between(first: date, last: date) -> int:
    """Days from the first day to the last."""
    return (last - first).days


def add_days(day: date, n: int) -> date:
    """The day n days later."""
    return day + timedelta(days=n)


def collection_start(year: int) -> date:
    """1 April with which the year of a collection begins."""
    return date(year - 1, 4, 1)


def collection_end(year: int) -> date:
    """31 March with which it ends."""
    return date(year, 3, 31)


def working_days_between(first: date, last: date, holidays: Set[date]) -> int:
    """Working days after the first day up to and with the last."""
    return working.working_days_between(first, last, holidays)


OF_DATES: Final[dict[str, Callable[..., date | int]]] = {
    "nth_birthday": birthdays.nth_birthday,
    "age_on": birthdays.age_on,
    "months_between": birthdays.months_between,
    "days_between": days_between,
    "add_days": add_days,
    "school_week": school.school_week,
    "academic_year": school.academic_year,
    "nc_year": school.nc_year,
}
