"""Text as sent into the text PostgreSQL's COPY takes for a typed column; None where it cannot be that type."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from fairhold import catalogue

Convert = Callable[[str], str | None]

_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: 00:00(?::00)?)?$")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]00:00(?::00)?)?$")
_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:\d\d)?$")
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


@lru_cache(maxsize=65536)
def moment_date(text: str) -> str | None:
    """The day of an extract's date or moment: `2011-03-09`, or `2011-03-09T16:20:00.000` as a case system writes it."""
    found = _MOMENT.match(text)
    return _iso(found[1], found[2], found[3]) if found else None


def whole(text: str) -> str | None:
    """A whole number of at most nine digits."""
    return text if _WHOLE.match(text) else None


def truth(text: str) -> str | None:
    """`t` or `f` for the spellings of true and false."""
    return _TRUTH.get(text.lower())


@lru_cache(maxsize=65536)
def flags(text: str) -> str | None:
    """A JSON object with what of it says yes or no, as `Y` and `N`; counts and comments beside them are left out."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    said = {name: truth(str(value)) for name, value in found.items() if isinstance(value, (str, bool, int))}
    return json.dumps({name: "Y" if value == "t" else "N" for name, value in sorted(said.items()) if value})


@lru_cache(maxsize=65536)
def listed(text: str) -> tuple[str, ...] | None:
    """The codes of a JSON list, or those that a JSON object says yes to; None where the text is neither."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if isinstance(found, dict):
        found = [name for name, value in found.items() if truth(str(value)) == "t"]
    if not isinstance(found, list) or not all(isinstance(one, (str, int)) for one in found):
        return None
    return tuple(dict.fromkeys(str(one).strip() for one in found))


_DATES: dict[str, Convert] = {
    "ctf": iso_date,
    "cin": iso_date,
    "ssda903": british_date,
    "ssd": moment_date,
    "offers": british_date,
}
_TYPES: dict[str, Convert] = {"integer": whole, "boolean": truth, "flags": flags}


def converter(field: catalogue.Field, kind: str) -> Convert | None:
    """The conversion of a field in files of a kind, or None where the text stands as it is."""
    return _DATES[kind] if field.type == "date" else _TYPES.get(field.type)
