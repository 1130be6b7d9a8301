"""Registers: two marks a day, absences in spells, at the published rates of absence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from fairhold.synth.terms import in_session

# shares persistently (10 % and more) and severely (half and more) absent, and the mean absence of the three groups so
# that phases meet the published overall absence of 5.16, 7.59 and 14.98 % [LAIT, 2024/25]
PHASES = {
    "primary": (0.131, 0.008, 0.033, 0.17, 0.70),
    "secondary": (0.222, 0.021, 0.033, 0.19, 0.70),
    "special": (0.360, 0.058, 0.040, 0.21, 0.70),
    "ap": (0.360, 0.058, 0.040, 0.21, 0.70),
}
AUTHORISED = frozenset(b"CEIMRST")
UNAUTHORISED = frozenset(b"GNOU")
REASONS = b"IIIIIIIIIIIMMCOOOGN"
NOTHING = ord("#")


@dataclass(frozen=True, slots=True)
class Register:
    """One pupil's year: totals, and the marks from `first` on, two for each day of the calendar."""

    first: date
    marks: str
    possible: int
    attended: int
    authorised: int
    unauthorised: int


def absence_rate(rng: Random, phase: str, strain: float) -> float:
    """A pupil's share of sessions missed; persistent absence is likelier under strain."""
    persistent, severe, low, middle, high = PHASES[phase]
    lean = 0.4 + 1.2 * strain
    drawn = rng.random()
    if drawn < severe * lean:
        return high + rng.uniform(-0.15, 0.15)
    if drawn < (severe + persistent) * lean:
        return min(0.48, 0.105 + rng.expovariate(1 / (middle - 0.105)))
    return min(0.095, rng.expovariate(1 / low))


@cache
def _blank(first: date, last: date) -> tuple[bytes, tuple[int, ...]]:
    """Full marks from one day to another, and where the sessions are."""
    days = in_session(date(first.year if first.month > 8 else first.year - 1, 9, 1))
    marks = bytearray()
    places: list[int] = []
    for n in range((last - first).days + 1):
        if first + timedelta(days=n) in days:
            places += (2 * n, 2 * n + 1)
            marks += b"/\\"
        else:
            marks += b"##"
    return bytes(marks), tuple(places)


def register(rng: Random, first: date, last: date, rate: float) -> Register | None:
    """Marks for the sessions between two days of one school year; None where there are no sessions."""
    blank, places = _blank(first, last)
    if not places:
        return None
    marks = bytearray(blank)
    missed = _away(rng, places, rate)
    for start, length, reason in missed:
        for place in places[start : start + length]:
            marks[place] = reason
    if rng.random() < 0.5:
        marks[rng.choice(places[::2])] = ord("L")
    return count(first, bytes(marks))


def _away(rng: Random, places: tuple[int, ...], rate: float) -> list[tuple[int, int, int]]:
    """Spells of absence as (session, length, reason)."""
    sessions = len(places)
    if rate > 0.35:
        return [(n, 2, rng.choice(b"IIOOON")) for n in range(0, sessions, 2) if rng.random() < rate]
    left = int(rate * sessions + rng.random())
    found = []
    while left > 0:
        length = min(left, rng.choice((1, 2, 2, 4, 4, 6, 10)))
        found.append((rng.randrange(sessions), length, rng.choice(REASONS)))
        left -= length
    return found


def count(first: date, marks: bytes) -> Register:
    """The four totals of a string of marks."""
    authorised = sum(marks.count(mark) for mark in AUTHORISED)
    unauthorised = sum(marks.count(mark) for mark in UNAUTHORISED)
    possible = len(marks) - marks.count(NOTHING)
    attended = possible - authorised - unauthorised
    return Register(first, marks.decode("ascii"), possible, attended, authorised, unauthorised)


def until(register: Register, last: date) -> Register | None:
    """The same register as it stood on an earlier day; None before its first."""
    days = (last - register.first).days + 1
    if days <= 0:
        return None
    if 2 * days >= len(register.marks):
        return register
    return count(register.first, register.marks[: 2 * days].encode("ascii"))
