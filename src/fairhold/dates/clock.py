"""The one clock. Instants are UTC; the day is London's.

A day matters in law (a birthday, a deadline), so nothing else in Fairhold asks the machine what time it is.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from fairhold.errors import PlainError

LONDON: Final = ZoneInfo("Europe/London")
VARIABLE: Final = "FAIRHOLD_CLOCK"
_PRODUCTION: Final = ("FAIRHOLD_DATABASE_URL", "FAIRHOLD_OWNER_DATABASE_URL", "FAIRHOLD_WORKER_DATABASE_URL")

_frozen: list[datetime] = []
_began: Final = time.monotonic()


class ClockError(PlainError):
    """The clock cannot be relied on, so nothing that needs the day may go on."""


def now() -> datetime:
    """This instant, in UTC."""
    if _frozen:
        return _frozen[-1]
    text = os.environ.get(VARIABLE)
    if not text:
        return datetime.now(UTC)
    return _demo_start(text) + timedelta(seconds=time.monotonic() - _began)


def today() -> date:
    """The day it is in London, which in summer begins an hour before the UTC day."""
    return london_day(now())


def london_day(instant: datetime) -> date:
    """The day in London at an instant. An instant without a zone is refused: it could be either of two days."""
    return _with_zone(instant).astimezone(LONDON).date()


def start_of(day: date) -> datetime:
    """The instant, in UTC, at which a day begins in London."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The last instant of a day in London, in UTC."""
    return start_of(day + timedelta(days=1)) - timedelta(microseconds=1)


@contextmanager
def frozen(at: datetime | date) -> Iterator[None]:
    """Stand still at an instant, or at noon in London of a day; for tests, and for recreating a day.

    It holds for the whole process, so that a page served by another thread sees the same time.
    """
    instant = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, 12, tzinfo=LONDON)
    _frozen.append(_with_zone(instant).astimezone(UTC))
    try:
        yield
    finally:
        _frozen.pop()


def check() -> None:
    """Refuse to start with a clock that was set by hand on a real store, or cannot be read."""
    text = os.environ.get(VARIABLE)
    if text:
        _demo_start(text)


def _demo_start(text: str) -> datetime:
    """The demo's beginning; its clock runs on from there while the process lives."""
    real = [name for name in _PRODUCTION if os.environ.get(name)]
    if real:
        raise ClockError(
            f"{VARIABLE} is set, but so is {real[0]}: a real store runs on real time. Unset {VARIABLE} and start again."
        )
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise ClockError(f"{VARIABLE} is {text!r}; give an instant with its zone, such as 2026-11-23T09:00:00+00:00.")
    return instant.astimezone(UTC)


def _with_zone(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ClockError("An instant without a time zone cannot be placed on a day; give its zone, such as UTC.")
    return instant
