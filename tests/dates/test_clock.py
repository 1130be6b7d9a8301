"""The clock: London's day, UTC's instants, and no clock set by hand on a real store."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from fairhold.dates import clock


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-01-15T23:30:00+00:00", "2026-01-15"),  # winter: the two agree
        ("2026-07-15T22:59:59+00:00", "2026-07-15"),
        ("2026-07-15T23:00:00+00:00", "2026-07-16"),  # summer: London is an hour ahead
        ("2026-03-29T00:59:59+00:00", "2026-03-29"),
        ("2026-10-24T23:00:00+00:00", "2026-10-25"),
        ("2026-07-16T01:00:00+05:00", "2026-07-15"),
    ],
)
def test_the_day_is_londons(instant: str, day: str) -> None:
    with clock.frozen(datetime.fromisoformat(instant)):
        assert clock.today() == date.fromisoformat(day)
        assert clock.now().tzinfo is UTC


def test_a_frozen_clock_stands_still_and_then_runs_again() -> None:
    with clock.frozen(date(2026, 8, 31)):
        first = clock.now()
        assert first == clock.now() == datetime(2026, 8, 31, 11, tzinfo=UTC)
        with clock.frozen(first + timedelta(days=1)):
            assert clock.today() == date(2026, 9, 1)
        assert clock.today() == date(2026, 8, 31)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_day_begins_at_midnight_in_london() -> None:
    assert clock.start_of(date(2026, 7, 1)) == datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert clock.start_of(date(2026, 12, 1)) == datetime(2026, 12, 1, tzinfo=UTC)


def test_the_demo_begins_when_it_is_told_and_runs_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRHOLD_CLOCK", "2026-11-23T09:00:00+00:00")
    first, second = clock.now(), clock.now()
    assert datetime(2026, 11, 23, 9, tzinfo=UTC) <= first <= second
    assert clock.today() == date(2026, 11, 23)


@pytest.mark.parametrize(
    "variable", ["FAIRHOLD_DATABASE_URL", "FAIRHOLD_OWNER_DATABASE_URL", "FAIRHOLD_WORKER_DATABASE_URL"]
)
def test_a_real_store_runs_on_real_time(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv("FAIRHOLD_CLOCK", "2026-11-23T09:00:00+00:00")
    monkeypatch.setenv(variable, "postgresql://db.council.example/fairhold")
    with pytest.raises(clock.ClockError, match="real time"):
        clock.now()
    with pytest.raises(clock.ClockError, match=variable):
        clock.check()


@pytest.mark.parametrize("text", ["yesterday", "2026-11-23", "2026-11-23T09:00:00", "2026-13-01T00:00:00+00:00"])
def test_a_clock_that_cannot_be_read_refuses(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("FAIRHOLD_CLOCK", text)
    with pytest.raises(clock.ClockError, match="with its zone"):
        clock.today()


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(clock.ClockError, match="time zone"):
        clock.london_day(datetime(2026, 11, 23, 9))
    assert clock.london_day(datetime(2026, 7, 15, 23, 30, tzinfo=timezone(timedelta(hours=1)))) == date(2026, 7, 15)
