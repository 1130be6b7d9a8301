"""Working days, against plain counting."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.dates import working_days_between
from fairhold.dates.working import is_working_day, working_day_after

CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
HOLIDAYS = st.frozensets(DAYS, max_size=25)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-11-23", "2026-11-23", 0),  # the day itself is not counted
        ("2026-11-23", "2026-11-24", 1),
        ("2026-11-20", "2026-11-23", 1),  # Friday to Monday
        ("2026-11-20", "2026-11-22", 0),  # Friday to Sunday
        ("2026-12-24", "2026-12-29", 1),  # over Christmas and its substitute day
        ("2026-12-29", "2026-12-24", -1),
    ],
)
def test_counted_as_periods_in_law_are(start: str, end: str, days: int) -> None:
    assert working_days_between(date.fromisoformat(start), date.fromisoformat(end), CHRISTMAS) == days


@given(DAYS, DAYS, HOLIDAYS)
def test_the_same_as_counting_day_by_day(start: date, end: date, holidays: frozenset[date]) -> None:
    first, last = sorted((start, end))
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    counted = sum(is_working_day(day, holidays) for day in days)
    assert working_days_between(first, last, holidays) == counted
    assert working_days_between(last, first, holidays) == -counted


@given(DAYS, st.integers(1, 60), HOLIDAYS)
def test_a_period_ends_on_its_last_working_day(start: date, n: int, holidays: frozenset[date]) -> None:
    end = working_day_after(start, n, holidays)
    assert is_working_day(end, holidays)
    assert working_days_between(start, end, holidays) == n


def test_a_period_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        working_day_after(date(2026, 11, 23), 0, frozenset())
