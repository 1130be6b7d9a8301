"""The demo's calendar: it began on the borough's day and runs on from there, in every process and on every later day.

The difference from real time lies in the demo's folder. A real store has no such file, and its clock refuses one.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fairhold.dates import clock
from fairhold.engine.settings import home_path

FILE = "clock"


def begin(home: Path, first: datetime) -> None:
    """Start the calendar of a new demo at `first`; one that has begun runs on."""
    file = home / FILE
    if not file.exists():
        file.write_text(f"{(first - datetime.now(UTC)).total_seconds():.0f}\n", "ascii")
    adopt()


def adopt() -> None:
    """Let this process live in the calendar of the demo whose folder it uses, if it is one and nothing else was set."""
    file = home_path() / FILE
    if clock.VARIABLE in os.environ or not file.exists():
        return
    shift = timedelta(seconds=float(file.read_text("ascii")))
    os.environ[clock.VARIABLE] = (datetime.now(UTC) + shift).isoformat()
    clock.check()
