"""School years, weeks and year groups."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.dates import nc_year, nth_birthday, school, school_week

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("day", "name"),
    [("2026-08-31", "2025/26"), ("2026-09-01", "2026/27"), ("2026-12-31", "2026/27"), ("2099-10-01", "2099/00")],
)
def test_the_year_turns_on_the_first_of_september(day: str, name: str) -> None:
    assert school.academic_year_name(school.academic_year(date.fromisoformat(day))) == name


@pytest.mark.parametrize(
    ("born", "day", "year", "code"),
    [
        ("2021-08-31", "2026-09-01", 1, "1"),  # the youngest of Year 1
        ("2021-09-01", "2026-09-01", 0, "R"),  # a day younger: the oldest of Reception
        ("2021-08-31", "2026-08-31", 0, "R"),  # the day before it was still last year
        ("2016-02-29", "2026-11-23", 6, "6"),
        ("2008-09-01", "2026-11-23", 13, "13"),
        ("2022-10-10", "2026-11-23", -1, "N2"),
        ("2025-10-10", "2026-11-23", -4, "E1"),
        ("2026-10-10", "2026-11-23", -5, None),
        ("2000-01-01", "2026-11-23", 22, None),
    ],
)
def test_year_group_by_birth(born: str, day: str, year: int, code: str | None) -> None:
    found = nc_year(date.fromisoformat(born), date.fromisoformat(day))
    assert (found, school.nc_year_code(found)) == (year, code)


@given(DAYS)
def test_a_day_lies_in_its_academic_year(day: date) -> None:
    year = school.academic_year(day)
    assert school.academic_year_start(year) <= day <= school.academic_year_end(year)
    assert school.academic_year_end(year) + timedelta(days=1) == school.academic_year_start(year + 1)


@given(DAYS, st.integers(0, 18 * 366))
def test_children_move_up_together(born: date, days: int) -> None:
    """Everybody born between two first Septembers is in one year group, and moves up on the same day."""
    day = born + timedelta(days=days)
    cohort = school.academic_year(born)
    assert nc_year(born, day) == nc_year(school.academic_year_end(cohort), day)
    assert nc_year(born, day) == nc_year(school.academic_year_start(cohort), day)
    assert nc_year(born, nth_birthday(day, 1)) == nc_year(born, day) + 1


@given(DAYS)
def test_a_week_starts_on_the_monday_before(day: date) -> None:
    monday = school_week(day)
    assert monday.weekday() == 0
    assert 0 <= (day - monday).days < 7
    assert school.week_starting(monday) == monday
