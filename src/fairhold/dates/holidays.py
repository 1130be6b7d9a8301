"""Bank holidays in England, from the list `bank_holidays.csv` beside this file, which marks the unverified ones."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path


@cache
def bank_holidays() -> tuple[str, ...]:
    """Every bank holiday of the list as an ISO date, in order; the list says what each rests on."""
    lines = Path(__file__).with_name("bank_holidays.csv").read_text("utf-8").splitlines()
    return tuple(line.partition(",")[0] for line in lines[1:])


def known_in(year: int) -> tuple[str, ...]:
    """The list, when it reaches to the end of a calendar year; else nothing, for counting without it would be wrong."""
    days = bank_holidays()
    return days if days[0][:4] <= str(year) <= days[-1][:4] else ()


def holidays() -> frozenset[date]:
    """The same days as dates, for `working`."""
    return frozenset(map(date.fromisoformat, bank_holidays()))
