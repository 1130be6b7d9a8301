"""Which postcodes count as the borough."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def outward_codes() -> tuple[str, ...]:
    """The first halves of postcodes that count as the borough. Some reach beyond it: the file says which."""
    text = (resources.files("fairhold.record") / "data" / "borough_postcodes.csv").read_text("utf-8")
    return tuple(row["outward"] for row in csv.DictReader(text.splitlines()))
