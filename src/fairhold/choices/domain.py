"""What a choice is, and when it counts. Pure: the day is always an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fairhold.errors import PlainError


class Kind(StrEnum):
    """Consent opens, objection closes. Stored in the database."""

    CONSENT = "consent"
    OBJECTION = "objection"


class By(StrEnum):
    """Who chose. Stored in the database."""

    PARENT = "parent"
    YOUNG_PERSON = "young_person"


class ChoiceError(PlainError):
    """A choice that cannot be recorded as it stands."""


@dataclass(frozen=True)
class NewChoice:
    """A choice as somebody records it. `fields` and `recipient` may be None in an objection only: then all are meant.

    `wording` is the version of the text the person saw. The period is half-open: from `from_date` until the day before
    `to_date`; None leaves it open.
    """

    kind: Kind
    by: By
    recipient: str | None
    fields: tuple[str, ...] | None
    from_date: date
    to_date: date | None
    wording: str


@dataclass(frozen=True)
class Choice:
    """A recorded choice."""

    id: int
    subject: int
    choice: NewChoice
    withdrawn: bool

    def counts_on(self, day: date) -> bool:
        """Whether the choice is in force on a day. A withdrawal sets the end to its own day."""
        return self.choice.from_date <= day and (self.choice.to_date is None or day < self.choice.to_date)


def judge(new: NewChoice) -> None:
    """Raise with a sentence when the choice is not whole."""
    if new.kind is Kind.CONSENT and not (new.recipient and new.fields):
        raise ChoiceError("A consent names the recipient and the fields it opens: add both.")
    if new.to_date is not None and new.to_date < new.from_date:
        raise ChoiceError("The choice ends before it begins: correct one of the two dates.")
    if not new.wording.strip():
        raise ChoiceError("Say which wording the person saw: a choice without its wording proves nothing.")
