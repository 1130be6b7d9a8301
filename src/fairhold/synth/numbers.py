"""Pupil and learner numbers with right check letters and digits, each given out once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

from fairhold.formats.identifiers import UPN_LETTERS, check_letter

SERIALS = 800  # serials a school gives out in a year; those above are nobody's


class Upns:
    """Hands out UPNs of schools, serial by serial."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}
        self._odd: set[str] = set()

    def issue(self, rng: Random, laestab: str, day: date, *, temporary: bool = False) -> str:
        """A number never given before, issued by this school in the school year of this day."""
        year = day.year if day.month > 8 else day.year - 1
        stem = f"{laestab}{year % 100:02}"
        if temporary:
            return self._unused(rng, lambda: f"{stem}{rng.randrange(100):02}{rng.choice(UPN_LETTERS)}")
        serial = self._next.get(stem, 0)
        while serial >= SERIALS:  # the number carries on under the school next door
            stem = f"{int(stem[:7]) + 1}{stem[7:]}"
            serial = self._next.get(stem, 0)
        self._next[stem] = serial + 1
        body = f"{stem}{serial:03}"
        return check_letter(body) + body

    def another(self, rng: Random, upn: str) -> str:
        """A wrong number for somebody: of the same school and year, looks right, and is nobody's."""
        return self._unused(rng, lambda: f"{upn[1:10]}{rng.randrange(SERIALS, 1000)}")

    def _unused(self, rng: Random, body: Callable[[], str]) -> str:
        while (made := body()) in self._odd:
            pass
        self._odd.add(made)
        return check_letter(made) + made


def wrong_letter(upn: str) -> str:
    """The same number with a check letter that does not fit."""
    return UPN_LETTERS[(UPN_LETTERS.index(upn[0]) + 1) % len(UPN_LETTERS)] + upn[1:]


def learner_number(rng: Random) -> str:
    """A unique learner number (10 digits) whose check digit is right."""
    while True:
        digits = f"{rng.randrange(100_000_000, 1_000_000_000)}"
        rest = sum(int(sign) * weight for sign, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        if rest:
            return f"{digits}{10 - rest}"
