"""How choices stand to one another on a day: which count, and why others do not. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from fairhold.choices.domain import OWN_CHOICE, By, Choice, Kind
from fairhold.dates import birthdays


def counting(said: Sequence[Choice], *, on: date) -> list[Choice]:
    """The choices as the gate is to hear them: each consent without the fields that a no has closed.

    Of a yes and a no of one person to the same, the newer wins. A no closes the older yes for good: when the no is
    withdrawn or ends, a new yes is asked for. What a young person says no to stays closed whatever a parent says, even
    before 16: the notice is silent there, and it only narrows (for the council to decide). An objection is left to the
    gate, which lets it close whatever it names until it is withdrawn.
    """
    if not said:
        return []
    noes = [one for one in said if one.choice.kind is Kind.REFUSAL and one.choice.from_date <= on]
    own = [one for one in noes if one.choice.by is By.YOUNG_PERSON] + [
        one
        for one in said
        if one.choice.kind is Kind.OBJECTION and one.choice.by is By.YOUNG_PERSON and one.counts_on(on)
    ]
    heard = (_narrowed(one, noes, own) if one.choice.kind is Kind.CONSENT else one for one in said)
    return [one for one in heard if one.choice.kind is not Kind.CONSENT or one.choice.fields]


def _narrowed(yes: Choice, noes: Sequence[Choice], own: Sequence[Choice]) -> Choice:
    """A consent without the fields that a refusal has closed."""
    against = [no for no in noes if no.choice.by is yes.choice.by and _newer(no, yes)]
    if yes.choice.by is By.PARENT:
        against += own
    if not against:
        return yes
    left = tuple(name for name in yes.choice.fields or () if not any(_names(no, yes, name) for no in against))
    return replace(yes, choice=replace(yes.choice, fields=left))


def _names(no: Choice, yes: Choice, field: str) -> bool:
    body = no.choice.recipient is None or no.choice.recipient == yes.choice.recipient
    return body and (no.choice.fields is None or field in no.choice.fields)


def _newer(one: Choice, other: Choice) -> bool:
    return (one.choice.from_date, one.id) > (other.choice.from_date, other.id)


def why_not(one: Choice, said: Sequence[Choice], *, born: date | None, on: date) -> str | None:
    """Why a choice does not count on a day, in words; None where it does."""
    new = one.choice
    reasons = (
        (new.kind is Kind.EVIDENCE, "Evidence only: it opens nothing."),
        (one.withdrawn and not one.counts_on(on), "Withdrawn."),
        (on < new.from_date, "It has not begun."),
        (not one.counts_on(on), "It has ended."),
    )
    first = next((sentence for so, sentence in reasons if so), None)
    if first or (new.kind is Kind.OBJECTION and born is None):
        return first
    if born is None:
        return "The birth date is not known: no yes counts."
    if new.kind is Kind.CONSENT:
        return _why_no_yes(one, said, born, on)
    own = birthdays.age_on(born, on) >= OWN_CHOICE
    if own and new.by is By.PARENT:
        return "Since the 16th birthday the choice is the young person's own."
    newer = any(_newer(other, one) and _answers(other, one, on) for other in said)
    return "A newer yes of the same person is on file." if new.kind is Kind.REFUSAL and newer else None


def _answers(yes: Choice, no: Choice, on: date) -> bool:
    """Whether a yes in force is of the same person and to some of the same as a no."""
    same = yes.choice.kind is Kind.CONSENT and yes.counts_on(on) and yes.choice.by is no.choice.by
    return same and any(_names(no, yes, name) for name in yes.choice.fields or ())


def _why_no_yes(one: Choice, said: Sequence[Choice], born: date, on: date) -> str | None:
    own, new = birthdays.age_on(born, on) >= OWN_CHOICE, one.choice
    if own and new.by is By.PARENT:
        return "It stopped on the 16th birthday: the choice is the young person's own."
    if new.by is By.YOUNG_PERSON and birthdays.age_on(born, new.from_date) < OWN_CHOICE:
        return "It was given before the 16th birthday, when it was not theirs to give."
    left = next((other.choice.fields for other in counting(said, on=on) if other.id == one.id), ())
    closed = [name.replace("_", " ") for name in new.fields or () if name not in (left or ())]
    if not left:
        return "A newer no, or the young person's own, is on file."
    return f"In part: a no is on file to {', '.join(closed)}." if closed else None
