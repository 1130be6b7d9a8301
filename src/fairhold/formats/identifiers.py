"""The numbers that name a child: what shape they have and how they check themselves. Pure functions.

Sources: UPN, Government Data Standards Catalogue 2.0 and the public code of DfE's own services; ULN, HESA coding
manual; NHS number, DfE's single unique identifier code. None of the checks says that a number was ever issued.
"""

from __future__ import annotations

import re
from enum import Enum
from operator import mul

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # values 0 to 22; I, O and S never occur

_UPN = re.compile(r"[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]", re.ASCII)
_TEN_DIGITS = re.compile(r"[1-9][0-9]{9}", re.ASCII)
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})", re.ASCII)
_VALUES = {**{letter: value for value, letter in enumerate(UPN_LETTERS)}, **{str(d): d for d in range(10)}}
_PLACES = tuple(range(2, 14))


class Upn(Enum):
    """What is to be said of a UPN. PATTERN and LETTER are faults, and two different ones."""

    GOOD = "good"
    TEMPORARY = "temporary"
    PATTERN = "upn-pattern"
    LETTER = "upn-check-letter"


def tidy(text: str) -> str:
    """A number as it is judged: without blanks at either end, in upper case."""
    return text.strip().upper()


def check_letter(body: str) -> str:
    """The letter due before the twelve characters `body`: each value times its position (2 to 13), modulo 23."""
    return UPN_LETTERS[sum(map(mul, map(_VALUES.__getitem__, body), _PLACES)) % 23]


def upn(text: str) -> Upn:
    """Judge a UPN, trimmed and in upper case. A letter in the last place makes it temporary, which is no fault."""
    number = tidy(text)
    if _UPN.fullmatch(number) is None:
        return Upn.PATTERN
    if check_letter(number[1:]) != number[0]:
        return Upn.LETTER
    return Upn.GOOD if number[12].isdigit() else Upn.TEMPORARY


def uln(text: str) -> bool:
    """True for a unique learner number whose check digit is right: all ten digits times 10 to 1 leave 10, modulo 11.

    9999999999 stands for "unknown" in further-education returns (unverified) and is never a key.
    """
    number = text.strip()
    if _TEN_DIGITS.fullmatch(number) is None or number == "9999999999":
        return False
    return sum(int(digit) * (10 - i) for i, digit in enumerate(number)) % 11 == 10


def nhs_number(text: str) -> bool:
    """True for an NHS number whose check digit is right; blanks between the groups do not matter."""
    number = text.replace(" ", "")
    if _TEN_DIGITS.fullmatch(number) is None:
        return False
    total = sum(int(digit) * (10 - i) for i, digit in enumerate(number[:9]))
    return (11 - total % 11) % 11 == int(number[9])


def postcode(text: str) -> str | None:
    """A postcode as it is stored ("E17 9AB"), or None when the text has not the shape of one. No look-up is made."""
    match = _POSTCODE.fullmatch("".join(text.upper().split()))
    return f"{match[1]} {match[2]}" if match else None
