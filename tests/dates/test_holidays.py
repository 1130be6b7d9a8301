"""The shipped list of bank holidays in England: whole years, one-off days, and nothing the law does not know."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from fairhold.dates import holidays
from fairhold.rulebook import examples

DAYS = holidays.holidays()


def test_every_year_of_the_list_is_whole() -> None:
    weekdays = Counter(day.year for day in DAYS if day.weekday() < 5)
    assert set(weekdays) == set(range(2010, 2031))
    assert min(weekdays.values()) == 8
    assert {year for year, count in weekdays.items() if count > 8} == {2011, 2012, 2022, 2023}


@pytest.mark.parametrize(
    "one_off", ["2011-04-29", "2012-06-05", "2020-05-08", "2022-06-03", "2022-09-19", "2023-05-08"]
)
def test_days_that_were_proclaimed_once_are_in_it(one_off: str) -> None:
    assert date.fromisoformat(one_off) in DAYS


def test_a_holiday_on_a_weekend_has_a_weekday_in_its_place() -> None:
    for year in range(2010, 2031):
        christmas = {date(year, 12, 25) + timedelta(days=n) for n in range(4)} & DAYS
        assert len([day for day in christmas if day.weekday() < 5]) == 2, year


def test_the_drawn_examples_of_rules_count_with_the_same_days() -> None:
    years = {day[:4] for day in examples.HOLIDAYS}
    shipped = {day for day in holidays.bank_holidays() if day[:4] in years and date.fromisoformat(day).weekday() < 5}
    assert set(examples.HOLIDAYS) == shipped


def test_a_year_that_the_list_does_not_reach_has_none() -> None:
    assert [bool(holidays.known_in(year)) for year in (2009, 2010, 2030, 2031)] == [False, True, True, False]
