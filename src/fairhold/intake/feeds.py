"""Whose files have come, and whose are missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fairhold.access import Row, Scope, verb
from fairhold.intake import queries
from fairhold.intake.domain import Freshness, freshness


@dataclass(frozen=True)
class Feed:
    """One source's rhythm and how it stands today. `file_date` is the day the last file speaks of."""

    source_id: int
    source: str
    kind: str
    every_days: int
    owner: str
    received_at: datetime | None
    file_date: date | None
    state: Freshness

    @property
    def sentence(self) -> str:
        """What to tell the owner; empty for a feed in time."""
        if self.state is Freshness.FRESH:
            return ""
        if self.file_date is None:
            return f"{self.source} has not sent a file yet: ask the school to set up its weekly transfer file."
        return (
            f"The last file of {self.source} is of {self.file_date:%d %B %Y}; one is expected every {self.every_days}"
            " days: ask the school to send it."
        )


@verb("feeds.list")
def feeds(scope: Scope) -> list[Feed]:
    """Every feed, the worst first. A file that came late counts for the day it speaks of, not for the day it came."""
    found = standing(scope)
    scope.tell(rows=len(found), missing=sum(one.state is not Freshness.FRESH for one in found))
    return found


def standing(scope: Scope) -> list[Feed]:
    """As `feeds`, for a verb that tells the ledger itself."""
    return sorted((_feed(row, scope.day) for row in queries.feeds(scope)), key=_worst_first)


def _worst_first(feed: Feed) -> tuple[bool, date, str]:
    return (feed.state is Freshness.FRESH, feed.file_date or date.min, feed.source)


def _feed(row: Row, today: date) -> Feed:
    rhythm = {name: row[name] for name in ("since", "every_days", "grace_days")}
    kept = {
        name: row[name] for name in ("source_id", "source", "kind", "every_days", "owner", "received_at", "file_date")
    }
    return Feed(**kept, state=freshness(row["file_date"], today=today, **rhythm))
