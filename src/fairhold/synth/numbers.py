"""Pupil and learner numbers with right check letters and digits, each given out once."""

from __future__ import annotations

from datetime import date
from random import Random

from fairhold.formats.identifiers import UPN_LETTERS, check_letter


class Upns:
    """Hands out UPNs of schools, serial by serial."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def issue(self, rng: Random, laestab: str, day: date, *, temporary: bool = False) -> str:
        """A number never given before, issued by this school in the school year of this day."""
        year = day.year if day.month > 8 else day.year - 1
        stem = f"{laestab}{year % 100:02}"
        serial = self._next.get(stem, 0)
        while serial > 999:  # more than a thousand in one year: the number carries on under the school next door
            stem = f"{int(stem[:7]) + 1}{stem[7:]}"
            serial = self._next.get(stem, 0)
        self._next[stem] = serial + 1
        body = f"{stem}{serial:03}"
        if temporary:
            body = body[:-1] + rng.choice(UPN_LETTERS)
        return check_letter(body) + body


def another(rng: Random, upn: str) -> str:
    """Another number that looks right: one digit of the serial differs, and the check letter fits it."""
    place = rng.choice((9, 10, 11))
    digit = str((int(upn[place]) + rng.randint(1, 9)) % 10)
    body = upn[1:place] + digit + upn[place + 1 :]
    return check_letter(body) + body


def learner_number(rng: Random) -> str:
    """A unique learner number (10 digits) whose check digit is right."""
    while True:
        digits = f"{rng.randrange(100_000_000, 1_000_000_000)}"
        rest = sum(int(sign) * weight for sign, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        if rest:
            return f"{digits}{10 - rest}"
