"""By what a row of a return's table is told: the column with the child's number, and (from `data/identity.csv`) those
that tell one row of a child from another.

`counters` are keys a file gives out anew each time (the third plan of a child): they tie the tables of one file, and
mean nothing in the next.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from fairhold.returns import declared


@dataclass(frozen=True)
class Identity:
    """Of one table. `child` is empty for a table that is about no child."""

    child: str
    columns: tuple[str, ...]
    counters: frozenset[str]


@cache
def identities(name: str) -> dict[str, Identity]:
    """Every table of the return called `name`; last year's tables are told like this year's."""
    text = (resources.files("fairhold.returns.workspace") / "data" / "identity.csv").read_text("utf-8")
    of = declared(name)
    with_child = {table.name for table in of.tables() if table.column(of.child)}
    return {
        row["table"]: Identity(
            of.child if row["table"] in with_child else "",
            tuple(row["identity"].split()),
            frozenset(row["counters"].split()),
        )
        for row in csv.DictReader(text.splitlines())
        if row["return"] == name
    }
