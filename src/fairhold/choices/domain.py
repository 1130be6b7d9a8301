"""What a choice is, and when it counts. Pure: the day is always an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fairhold.dates import birthdays
from fairhold.errors import PlainError

OWN_CHOICE = 16
"""From this birthday the choice is the young person's own (N116)."""


class Kind(StrEnum):
    """Consent opens, objection closes, refusal says no when asked. Evidence is what somebody else says was chosen, such
    as a school's youth-support flag: it is shown and opens nothing. Stored in the database."""

    CONSENT = "consent"
    OBJECTION = "objection"
    REFUSAL = "refusal"
    EVIDENCE = "evidence"


class By(StrEnum):
    """Who chose. Stored in the database."""

    PARENT = "parent"
    YOUNG_PERSON = "young_person"


class Authority(StrEnum):
    """On what it rests that this person may choose. Stored in the database."""

    SELF = "self"  # the young person
    BIRTH = "birth-certificate"
    ORDER = "court-order"
    SCHOOL = "school"  # the school's record says parental responsibility
    REGISTER = "register"  # the council's register of choices, which checked it
    UNKNOWN = "unknown"


class Channel(StrEnum):
    """How the choice came in. Stored in the database."""

    PAPER = "paper"
    PAGE = "page"
    PHONE = "phone"
    REGISTER = "register"


class ChoiceError(PlainError):
    """A choice that cannot be recorded as it stands."""


@dataclass(frozen=True)
class NewChoice:
    """A choice as somebody records it. `fields` and `recipient` may be None in an objection only: then all are meant.

    `wording` is the version of the text the person saw. The period is half-open: from `from_date` until the day before
    `to_date`; None leaves it open. `review_by` is the day by which the person should be asked again.
    """

    kind: Kind
    by: By
    recipient: str | None
    fields: tuple[str, ...] | None
    from_date: date
    to_date: date | None
    wording: str
    chooser: str = ""
    authority: Authority = Authority.REGISTER
    channel: Channel = Channel.REGISTER
    review_by: date | None = None


@dataclass(frozen=True)
class Choice:
    """A recorded choice. A choice recorded later has the higher number."""

    id: int
    subject: int
    choice: NewChoice
    withdrawn: bool

    def counts_on(self, day: date) -> bool:
        """Whether the choice is in force on a day. A withdrawal sets the end to its own day."""
        return self.choice.from_date <= day and (self.choice.to_date is None or day < self.choice.to_date)


def judge(new: NewChoice) -> None:
    """Raise with a sentence when the choice is not whole."""
    if new.kind is not Kind.OBJECTION and not (new.recipient and new.fields):
        what = "opens" if new.kind is Kind.CONSENT else "is about"
        raise ChoiceError(f"A {new.kind.value} names the recipient and the fields it {what}: add both.")
    if new.to_date is not None and new.to_date < new.from_date:
        raise ChoiceError("The choice ends before it begins: correct one of the two dates.")
    if new.review_by is not None and new.review_by <= new.from_date:
        raise ChoiceError("The person is to be asked again before the choice begins: correct one of the two dates.")
    if not new.wording.strip():
        raise ChoiceError("Say which wording the person saw: a choice without its wording proves nothing.")


def judge_right(new: NewChoice, born: date | None) -> None:
    """Raise with a sentence when a consent is not this person's to give on the day it begins. Unknown means no.

    An objection or a refusal is taken from whoever makes it: it closes, and whether it counts is decided on the day.
    """
    if new.kind is not Kind.CONSENT:
        return
    if born is None:
        raise ChoiceError("No one birth date is known of this child: who may choose is not known, so no yes is taken.")
    own = birthdays.age_on(born, new.from_date) >= OWN_CHOICE
    if own and new.by is By.PARENT:
        raise ChoiceError("On that day the choice is the young person's own: ask them, a parent's yes does not count.")
    if not own and new.by is By.YOUNG_PERSON:
        raise ChoiceError("Before the 16th birthday a parent or guardian says yes: ask one of them.")
    if new.by is By.PARENT and new.authority in (Authority.UNKNOWN, Authority.SELF):
        raise ChoiceError("Say on what this person's parental responsibility rests: while that is unknown it is a no.")
