"""Text as sent into the text PostgreSQL's COPY takes for a typed column; None where it cannot be that type."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from fairhold import catalogue

Convert = Callable[[str], str | None]

_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: 00:00(?::00)?)?$")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]00:00(?::00)?)?$")
_WHOLE = re.compile(r"[+-]?\d{1,9}$")
_TRUTH = {"true": "t", "1": "t", "yes": "t", "y": "t", "false": "f", "0": "f", "no": "f", "n": "f"}


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


@lru_cache(maxsize=65536)
def iso_date(text: str) -> str | None:
    """An XML date, `2011-03-09`; a midnight behind it does no harm."""
    found = _ISO.match(text)
    return _iso(found[1], found[2], found[3]) if found else None


@lru_cache(maxsize=65536)
def british_date(text: str) -> str | None:
    """A return's date, `09/03/2011`, or the form Excel rewrites it to, `2011-03-09 00:00:00`; never a serial number."""
    found = _BRITISH.match(text)
    return _iso(found[3], found[2], found[1]) if found else iso_date(text)


def whole(text: str) -> str | None:
    """A whole number of at most nine digits."""
    return text if _WHOLE.match(text) else None


def truth(text: str) -> str | None:
    """`t` or `f` for the spellings of true and false."""
    return _TRUTH.get(text.lower())


def converter(field: catalogue.Field, *, british: bool) -> Convert | None:
    """The conversion of a field, or None where the text stands as it is."""
    if field.type == "date":
        return british_date if british else iso_date
    return {"integer": whole, "boolean": truth}.get(field.type)
