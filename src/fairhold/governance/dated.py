"""Dated rows of law and policy: of the rows with one key, the newest in force on a day counts.

So a change is one row more: the same key, the new content, the day it begins. Where it ends again (`until`), the row
before it is back in force.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from fairhold.governance.files import rows

Row = Mapping[str, str]
Key = tuple[str, ...]

FILES: dict[str, Key] = {
    "lawful_bases": ("id",),
    "policy_recipients": ("slug",),
    "policy_purposes": ("purpose", "when"),
    "policy_channels": ("channel",),
    "policy_fields": ("field",),
    "policy_opens": ("recipient", "by", "part"),
    "policy_refusals": ("rule",),
    "policy_law": ("key",),
    "policy_evidence": ("evidence",),
    "policy_reasons": ("reason",),
    "policy_terms": ("term",),
    "policy_known": ("recipient", "service"),
    "share_flows": ("flow",),
}
"""The files a sharing decision rests on, and the columns by which their rows are told apart."""


def key(file: str, row: Row) -> Key:
    """What a row is about: rows with the same key follow one another."""
    return tuple(row[column] for column in FILES[file])


def in_force(row: Row, day: str) -> bool:
    """Whether a row holds on an ISO date: from `from` until the day before `until`; blank is open."""
    return row["from"] <= day and (not row["until"] or day < row["until"])


@dataclass(frozen=True, eq=False)
class Book:
    """Every dated row a decision may rest on, by file: as shipped, or with what a council has added.

    Of rows with the same key and the same first day, the one that stands later counts.
    """

    rows: Mapping[str, tuple[Row, ...]]

    def on(self, file: str, day: str) -> list[Row]:
        """The rows of a file in force on an ISO date, in the order in which their keys first appear."""
        period = bisect_right(self.changes, day)  # between two changes every day has the same rows
        if (file, period) not in self._known:
            self._known[file, period] = self._on(file, day)
        return list(self._known[file, period])

    @cached_property
    def _known(self) -> dict[tuple[str, int], list[Row]]:
        return {}

    def _on(self, file: str, day: str) -> list[Row]:
        found: dict[Key, Row | None] = {}
        for row in self.rows[file]:
            before = found.setdefault(key(file, row), None)
            if in_force(row, day) and (before is None or before["from"] <= row["from"]):
                found[key(file, row)] = row
        return [row for row in found.values() if row is not None]

    def history(self, file: str, wanted: Key) -> list[Row]:
        """Every row with a key, the first to begin first."""
        return sorted((row for row in self.rows[file] if key(file, row) == wanted), key=lambda row: row["from"])

    @cached_property
    def changes(self) -> tuple[str, ...]:
        """The ISO dates on which some row starts or stops, in order."""
        edges = (row[edge] for found in self.rows.values() for row in found for edge in ("from", "until"))
        return tuple(sorted({edge for edge in edges if edge}))

    @cached_property
    def digest(self) -> str:
        """A digest of every row."""
        told = {name: [dict(row) for row in found] for name, found in sorted(self.rows.items())}
        return hashlib.sha256(repr(told).encode()).hexdigest()

    def with_rows(self, added: Iterable[tuple[str, Row]]) -> Book:
        """This book and, after its own, further rows: (file, row)."""
        more: dict[str, tuple[Row, ...]] = dict(self.rows)
        for file, row in added:
            more[file] = (*more[file], row)
        return Book(more)


@cache
def shipped() -> Book:
    """The book as it ships."""
    return Book({file: rows(file) for file in FILES})
