"""Whose weekly file is missing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.intake.conftest import OFFICER
from tests.intake.made import ctf, pupil

from fairhold import access, intake
from fairhold.dates import clock
from fairhold.intake import Freshness
from fairhold.intake.domain import collection_year, freshness

MONDAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("days_ago", "state"),
    [
        (0, Freshness.FRESH),
        (7, Freshness.FRESH),
        (9, Freshness.FRESH),
        (10, Freshness.LATE),
        (16, Freshness.LATE),
        (17, Freshness.SILENT),
    ],
)
def test_a_weekly_file_with_two_days_of_grace(days_ago, state):
    last = MONDAY - timedelta(days=days_ago)
    assert freshness(last, today=MONDAY, since=MONDAY, every_days=7, grace_days=2) is state


def test_a_school_that_never_sent_counts_from_the_day_it_was_registered():
    def state(days: int) -> Freshness:
        return freshness(None, today=MONDAY, since=MONDAY - timedelta(days=days), every_days=7, grace_days=2)

    assert (state(9), state(10)) == (Freshness.FRESH, Freshness.SILENT)


@pytest.mark.proves("N031")
def test_the_list_names_the_missing_first_and_says_what_to_do(send):
    send(ctf([pupil(1)], at="2026-11-20T08:00:00"))
    with clock.frozen(date(2026, 12, 4)), access.scope(OFFICER, "data-intake") as scope:
        never, late = intake.feeds(scope)
    assert (never.state, never.sentence) == (
        Freshness.SILENT,
        "Other Made-up School has not sent a file yet: ask the school to set up its weekly transfer file.",
    )
    assert (late.state, late.sentence) == (
        Freshness.LATE,
        "The last file of Made-up School is of 20 November 2026; one is expected every 7 days: ask the school to send"
        " it.",
    )


def test_a_late_file_counts_for_the_day_it_speaks_of(send):
    send(ctf([pupil(1)], at="2026-10-30T08:00:00"))  # taken in on 24 November
    with access.scope(OFFICER, "data-intake") as scope:
        states = {one.source: one.state for one in intake.feeds(scope)}
    assert states == {"Made-up School": Freshness.SILENT, "Other Made-up School": Freshness.FRESH}


@pytest.mark.parametrize(
    ("days", "year"),
    [
        ([date(2025, 4, 1)], "2026"),
        ([date(2026, 3, 31)], "2026"),
        ([date(2026, 4, 1)], "2027"),
        ([date(2019, 5, 1), date(2025, 5, 1)], "2026"),
        ([date(2031, 5, 1), date(2025, 5, 1)], "2026"),  # a slip into the future is no year
        ([date(2025, 5, 1)] * 300 + [date(2026, 5, 1)], "2026"),  # nor is one stray date in three hundred
        ([], None),
    ],
)
def test_the_collection_year_of_a_return(days, year):
    assert collection_year(days, date(2026, 11, 24)) == year
