"""When one person's records of one class are due, by which rule, and why. Pure: the facts in, the answer out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from fairhold.dates.birthdays import nth_birthday
from fairhold.errors import PlainError
from fairhold.retention.rules import Period, default_period, periods, schedule

ADULT = 18


class RetentionError(PlainError):
    """Retention cannot do what was asked; the sentence says why."""


class Status(Enum):
    """Where a record stands on a day."""

    DUE = "due"
    HELD = "held"
    REVIEW = "review"
    UNKNOWN = "cannot be computed"
    NOT_DUE = "not due"


@dataclass(frozen=True)
class Facts:
    """What the rules ask about one person, and the class of the records (`klass`, RT16).

    `protection`: the child was under a child protection plan. `award` is the last day a free-meals award began or
    ended. `holds` are the labels of the holds in force on them.
    """

    klass: str
    born: date | None = None
    died: date | None = None
    looked_after: bool = False
    sen: bool = False
    ehcp: bool = False
    protection: bool = False
    adopted: bool = False
    adopted_on: date | None = None
    award: date | None = None
    last_contact: date | None = None
    holds: tuple[str, ...] = ()

    @property
    def ever_looked_after(self) -> bool:
        """Whether the child was ever looked after; a record of that class says so by itself."""
        return self.looked_after or self.klass == "RT01"

    @property
    def died_as_a_child(self) -> bool:
        """Whether it is known that the person died before the 18th birthday."""
        return self.died is not None and self.born is not None and self.died < nth_birthday(self.born, ADULT)


@dataclass(frozen=True)
class Due:
    """The answer: the day (None where none can or may be computed), the rule, why in words, and what blocks it."""

    status: Status
    date: date | None
    rule: str
    why: str
    blocked_by: tuple[str, ...]


CONDITIONS: dict[str, Callable[[Facts], bool]] = {
    "always": lambda facts: True,
    "looked_after": lambda facts: facts.ever_looked_after and not facts.died_as_a_child,
    "died_looked_after": lambda facts: facts.ever_looked_after and facts.died_as_a_child,
    "adopted": lambda facts: facts.adopted,
    "not_adopted": lambda facts: not facts.adopted,
    "sen": lambda facts: facts.sen,
    "ehcp": lambda facts: facts.ehcp,
    "protection": lambda facts: facts.protection,
    "default": lambda facts: False,
}
EVENTS: dict[str, Callable[[Facts], date | None]] = {
    "birth": lambda facts: facts.born,
    "death": lambda facts: facts.died,
    "adoption": lambda facts: facts.adopted_on,
    "award": lambda facts: facts.award,
    "last_contact": lambda facts: facts.last_contact,
    "none": lambda facts: None,
}
MISSING = {
    "birth": "there is no date of birth",
    "death": "there is no date of death",
    "adoption": "there is no date of the adoption order",
    "award": "there is no date of the award",
    "last_contact": "there is no contact on record",
    "none": "a person decides",
}


def due(facts: Facts, day: date) -> Due:
    """When the records are due as seen on `day`: of all the rules that apply the one that keeps longest (N161).

    No day is given unless every rule that applies can be counted: the one that cannot might be the longest. Adoption
    records are never due by themselves; a person reviews them.
    """
    applied = [period for period in periods() if period.is_for(facts.klass) and CONDITIONS[period.when](facts)]
    applied = applied or [default_period()]
    chosen, when = _choose(facts, applied)
    return answer(chosen, applied, when, facts.holds, day)


def _choose(facts: Facts, applied: Sequence[Period]) -> tuple[Period, date | None]:
    ends = {period: _end(EVENTS[period.event](facts), period.years) for period in applied}
    days = [end for end in ends.values() if end is not None]
    latest = max(days) if len(days) == len(applied) else None
    review = next((period for period in applied if period.review), None)
    if review is not None:
        return review, latest
    return next(period for period in applied if ends[period] == latest), latest


def _end(trigger: date | None, years: int) -> date | None:
    return None if trigger is None else nth_birthday(trigger, years)


def answer(chosen: Period, applied: Sequence[Period], when: date | None, holds: Sequence[str], day: date) -> Due:
    """The answer in words, from what was computed here or in SQL."""
    return Due(status(chosen, when, holds, day), when, chosen.rule, why(chosen, applied, when), tuple(holds))


def status(chosen: Period, when: date | None, holds: Sequence[str], day: date) -> Status:
    """Where the record stands on `day`; it is due on the day itself."""
    if chosen.review:
        return Status.REVIEW
    if when is None:
        return Status.UNKNOWN
    if when > day:
        return Status.NOT_DUE
    return Status.HELD if holds else Status.DUE


def why(chosen: Period, applied: Sequence[Period], when: date | None) -> str:
    """One plain sentence; a second where more than one rule applied."""
    if when is None and not chosen.review:
        return f"No day can be computed, because {MISSING[chosen.event]} ({chosen.rule} counts from it)."
    basis = schedule()[chosen.rule].basis.split(":")[0]
    sentence = f"Kept until {chosen.words} ({chosen.rule}, {basis})."
    others = sorted({period.rule for period in applied} - {chosen.rule})
    return (
        f"{sentence} Of the rules that apply it keeps longest; the others: {', '.join(others)}." if others else sentence
    )
