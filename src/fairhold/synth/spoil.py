"""How a value goes wrong: slips of the hand, other spellings, exchanged digits. Pure functions of text and draws."""

from __future__ import annotations

import unicodedata
from datetime import date
from random import Random

from fairhold.synth import lists

ALPHABET = "abcdefghijklmnoprstuwyz"
_PLAIN = str.maketrans("łŁøØđĐıİ", "lLoOdDiI")


def typo(rng: Random, name: str) -> str:
    """One insertion, deletion, substitution or swap, equally often; never the same name again."""
    while True:
        place = rng.randrange(1, max(2, len(name)))
        kind = rng.randrange(4)
        head, tail = name[:place], name[place:]
        if kind == 0:
            made = head + rng.choice(ALPHABET) + tail
        elif kind == 1:
            made = head + tail[1:]
        elif kind == 2:
            made = head + rng.choice(ALPHABET) + tail[1:]
        else:
            made = head + tail[1:2] + tail[:1] + tail[2:]
        if made not in {name, ""}:
            return made


def variant(rng: Random, forename: str) -> str:
    """Another spelling or a short form of a forename that has one, else the same."""
    known = lists.variants().get(forename)
    return rng.choice(known) if known else forename


def loosened(rng: Random, surname: str) -> str:
    """A double-barrelled surname with a blank for the hyphen, or one part dropped."""
    first, _, second = surname.partition("-")
    return rng.choice((f"{first} {second}", first, second))


def plain(name: str) -> str:
    """A name without its diacritics."""
    parts = unicodedata.normalize("NFKD", name.translate(_PLAIN))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def swapped(born: date) -> date | None:
    """Day and month exchanged; None where that changes nothing or makes no date."""
    if born.day > 12 or born.day == born.month:
        return None
    return date(born.year, born.day, born.month)


def mistyped(rng: Random, born: date) -> date:
    """One digit of the date wrong, and still a date of a child."""
    while True:
        signs = list(born.isoformat())
        place = rng.choice((3, 5, 6, 8, 9))
        signs[place] = rng.choice("0123456789".replace(signs[place], ""))
        try:
            made = date.fromisoformat("".join(signs))
        except ValueError:
            continue
        if abs(made.year - born.year) <= 3:
            return made


def postcode_typo(rng: Random, code: str) -> str:
    """One character of the second half wrong; the shape stays right half of the time."""
    place = len(code) - rng.choice((1, 2, 3))
    other = rng.choice("ABDEFGHJLNPQRSTUWXYZ0123456789".replace(code[place], ""))
    return code[:place] + other + code[place + 1 :]
