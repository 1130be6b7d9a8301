"""What the council's own rows of law and policy are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fairhold.policy.effect import Effect

Row = Mapping[str, str]


class State(StrEnum):
    """How a row of the council's own stands."""

    COUNTS = "counts"
    WAITS = "waits"  # for the second person
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class OwnRow:
    """A dated row the council added. `key` says what it is about; `content` has every column of the file."""

    id: int
    file: str
    key: str
    content: Row
    effect: Effect
    reason: str
    entered_by: int
    entered_at: datetime
    seconded_by: int | None
    state: State
    from_date: date
    until_date: date | None


@dataclass(frozen=True)
class Standing:
    """How many rows of one file are confirmed, out of all that ship, and how many the council added."""

    file: str
    rows: int
    confirmed: int
    own: int = 0

    @property
    def shipped(self) -> int:
        """Rows nobody here has confirmed yet."""
        return self.rows - self.confirmed


@dataclass(frozen=True)
class Reason:
    """Why data may be shared at all (N089). `identified`: whether it may name a child; to plan it may not (N092)."""

    slug: str
    title: str
    identified: bool


@dataclass(frozen=True)
class Seen:
    """One row as a person sees it: what it is about, its cells, whose it is, and since when.

    `standing`: shipped, confirmed, or own (the council's). `name` is what a shipped row is confirmed under.
    """

    file: str
    key: str
    row: Row
    standing: str
    own: OwnRow | None
    name: str
