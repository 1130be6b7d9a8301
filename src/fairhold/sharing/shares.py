"""What a share is made of, from proposal to receipt. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fairhold.errors import Kept, PlainError

LAPSES_AFTER = 28  # days from the decision; what was approved on older facts must be proposed again


class ShareError(PlainError):
    """A share cannot go on as asked; the sentence says why and what to do."""


class Urgency(StrEnum):
    """How soon a request must be answered. Stored in the database; a child in danger goes by the emergency path."""

    ROUTINE = "routine"
    SOON = "soon"  # within two working days
    TODAY = "today"


class NothingAllowed(ShareError, Kept):
    """The gate allows nothing of what was asked; that decision is kept."""


class State(StrEnum):
    """How far a share has come."""

    PROPOSED = "proposed"
    LAPSED = "lapsed"  # nobody approved it in time
    REFUSED = "refused"
    APPROVED = "approved"
    PACKED = "packed"
    SENT = "sent"


@dataclass(frozen=True)
class Share:
    """One list for one recipient on one day. `rows` is None until it is packed, `arrived_at` until it was received.

    `reason` is a code of the closed list (N089); `flow` the kind of share; `schedule` the standing permission it was
    made by, `request` what a partner asked through its own account. `reference`, `officer` and `power` are what some
    recipients must show. `agreement` is None where the kind of recipient needs none and has none.
    """

    id: int
    partner: str
    kind: str
    agreement: int | None
    purpose: str
    need: str
    fields: tuple[str, ...]
    as_of: date
    policy_version: str
    children: int
    alarms: int
    approvals_needed: int
    approvals: int
    state: State
    proposed_by: int
    proposed_at: datetime
    rows: int | None
    sha256: str | None
    expires: date | None
    arrived_at: datetime | None
    flow: str
    works_under: str
    reason: str
    urgency: Urgency
    reference: str | None
    officer: str | None
    power: str | None
    channel: str
    form: str
    schedule: int | None
    request: int | None = None

    def lapsed_on(self, day: date) -> bool:
        """Whether its time is up on a day, and nothing comes of it any more."""
        if self.state is State.PACKED:
            return self.expires is None or self.expires <= day
        return self.state is State.LAPSED or (self.state is State.APPROVED and (day - self.as_of).days >= LAPSES_AFTER)


@dataclass(frozen=True)
class FieldCount:
    """How often one field was allowed, or refused by one rule, with the rule's words."""

    field: str
    count: int
    rule: str | None
    law: str | None
    reason: str | None
    would_change: str | None


@dataclass(frozen=True)
class Trace:
    """What was decided about one child in one share, and whether it left."""

    share: int
    partner: str
    as_of: date
    field: str
    allowed: bool
    rule: str | None
    reason: str | None
    line: int | None
    arrived_at: datetime | None


def file_name(share: int) -> str:
    """The name under which a package travels; it tells nothing but the number."""
    return f"fairhold-share-{share:06d}.zip.age"
