"""Which upper-tier authority a lower-tier one belongs to, as the area that rules know: a GSS code, or SCO, NIR, WAL."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

COUNTRIES: Final = {"S": "SCO", "N": "NIR", "W": "WAL"}


class Authority(NamedTuple):
    """One authority in England. `upper` is its county, or itself; `until` the day it ended, blank while it stands."""

    code: str
    name: str
    upper: str
    until: str
    source: str


@cache
def authorities() -> dict[str, Authority]:
    """Every authority of the list by its GSS code, counties included."""
    with Path(__file__).with_name("authorities.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: Authority(**row) for row in csv.DictReader(file)}


def upper_tier(code: str, county: str | None) -> str | None:
    """The area of a lower-tier authority; None when there is none (Channel Islands, Isle of Man) or it is not known.

    `county` is what the directory itself says; it says E99999999 and the like where there is no county.
    """
    if code[:1] in COUNTRIES:
        return COUNTRIES[code[:1]]
    if county and county.startswith("E10"):
        return county
    known = authorities().get(code)
    if known:
        return known.upper
    return code if code[:3] in ("E06", "E08", "E09") else None
