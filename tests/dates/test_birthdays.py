"""Birthdays, ages and months: tables of the awkward days, then what must hold on every day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.dates import age_on, birthday, months_between, nth_birthday
from fairhold.dates.birthdays import months_after

DAYS = st.dates(date(1900, 1, 1), date(2150, 12, 31))
LEAP_DAYS = st.sampled_from([date(y, 2, 29) for y in range(1904, 2100, 4)])
LAST_OF_AUGUST = st.integers(1904, 2100).map(lambda year: date(year, 8, 31))
BIRTHS = DAYS | LEAP_DAYS | LAST_OF_AUGUST


@pytest.mark.parametrize(
    ("born", "n", "falls_on"),
    [
        ("2013-03-05", 13, "2026-03-05"),
        ("2012-02-29", 0, "2012-02-29"),
        ("2012-02-29", 13, "2025-03-01"),
        ("2012-02-29", 16, "2028-02-29"),
        ("2084-02-29", 16, "2100-03-01"),  # 2100 is no leap year
        ("2010-08-31", 16, "2026-08-31"),
        ("2010-12-31", 16, "2026-12-31"),
    ],
)
def test_birthday_falls_on_its_day(born: str, n: int, falls_on: str) -> None:
    assert nth_birthday(date.fromisoformat(born), n) == date.fromisoformat(falls_on)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2013-03-05", "2026-03-04", 12),
        ("2013-03-05", "2026-03-05", 13),
        ("2012-02-29", "2025-02-28", 12),
        ("2012-02-29", "2025-03-01", 13),
        ("2012-02-29", "2028-02-28", 15),
        ("2012-02-29", "2028-02-29", 16),
        ("2010-08-31", "2026-08-30", 15),
        ("2010-08-31", "2026-08-31", 16),
        ("2026-04-01", "2026-04-01", 0),
        ("2026-04-01", "2026-03-31", -1),  # not yet born
    ],
)
def test_age_on_a_day(born: str, day: str, age: int) -> None:
    assert age_on(date.fromisoformat(born), date.fromisoformat(day)) == age


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-15", "2026-02-14", 0),
        ("2026-01-15", "2026-02-15", 1),
        ("2026-08-31", "2026-09-30", 0),
        ("2026-08-31", "2026-10-01", 1),
        ("2026-01-29", "2026-02-28", 0),
        ("2026-01-29", "2026-03-01", 1),
        ("2028-01-29", "2028-02-29", 1),
        ("2024-02-29", "2025-02-28", 11),
        ("2024-02-29", "2025-03-01", 12),
        ("2026-02-15", "2026-01-15", -1),
        ("2026-02-15", "2026-01-16", -1),
    ],
)
def test_whole_months(start: str, end: str, months: int) -> None:
    assert months_between(date.fromisoformat(start), date.fromisoformat(end)) == months


def test_the_short_name_means_the_same() -> None:
    assert birthday is nth_birthday


@given(BIRTHS, st.integers(0, 120))
def test_age_rises_on_the_birthday_and_on_no_other_day(born: date, n: int) -> None:
    day = nth_birthday(born, n)
    assert age_on(born, day) == n
    assert age_on(born, day - timedelta(days=1)) == n - 1


@given(BIRTHS, DAYS)
def test_age_is_the_last_birthday_that_has_come(born: date, day: date) -> None:
    age = age_on(born, day)
    assert nth_birthday(born, age) <= day < nth_birthday(born, age + 1)


@given(BIRTHS, BIRTHS)
def test_twelve_months_are_a_year(born: date, day: date) -> None:
    assert months_between(born, day) // 12 == age_on(born, day)


@given(BIRTHS, st.integers(0, 600))
def test_months_rise_on_the_day_they_are_over(start: date, n: int) -> None:
    day = months_after(start, n)
    assert months_between(start, day) == n
    assert months_between(start, day - timedelta(days=1)) == n - 1


@given(BIRTHS, st.integers(0, 100))
def test_twelve_months_after_is_the_birthday(born: date, n: int) -> None:
    assert months_after(born, 12 * n) == nth_birthday(born, n)
