"""Birthdays, ages and whole months.

A birthday falls on its calendar day; whoever was born on 29 February has it on 1 March in a year without one. Months
follow the same rule: a day that a month lacks counts from the first of the next. So twelve months are always a year:
`months_between(born, day) // 12 == age_on(born, day)`.
"""

from __future__ import annotations

from datetime import date


def nth_birthday(born: date, n: int) -> date:
    """The day somebody turns `n` (0 is the day of birth)."""
    year = born.year + n
    try:
        return born.replace(year=year)
    except ValueError:
        if (born.month, born.day) != (2, 29):
            raise  # beyond year 9999: not a date anybody has
        return date(year, 3, 1)


birthday = nth_birthday


def age_on(born: date, day: date) -> int:
    """Age in whole years on a day: the number of the last birthday that has come. Below 0 before birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def months_between(start: date, end: date) -> int:
    """Whole months from `start` to `end`: a month is over when its day of the month has come. Below 0 backwards.

    From 31 August, one month is over on 1 October, not on 30 September.
    """
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def months_after(start: date, n: int) -> date:
    """The first day on which `n` whole months have passed since `start`."""
    year, month = divmod(start.year * 12 + start.month - 1 + n, 12)
    try:
        return date(year, month + 1, start.day)
    except ValueError:
        following, first = divmod(year * 12 + month + 1, 12)
        return date(following, first + 1, 1)
