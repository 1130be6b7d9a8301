"""The texts people see when they choose, as dated versions; what was seen is kept with the choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fairhold import governance
from fairhold.choices.domain import Channel, ChoiceError, Kind, NewChoice


@dataclass(frozen=True)
class Wording:
    """One version of a text: for a kind of choice, a recipient (None: any) and the fields one can tick."""

    slug: str
    kind: Kind
    recipient: str | None
    fields: tuple[str, ...]
    title: str
    text: str
    source: str


def in_force(day: date) -> list[Wording]:
    """The versions that may be shown on a day, in the order of the file."""
    iso = day.isoformat()
    return [
        Wording(
            row["wording"],
            Kind(row["kind"]),
            row["recipient"] or None,
            tuple(row["fields"].split()),
            row["title"],
            row["text"],
            row["source"],
        )
        for row in governance.rows("choice_wordings")
        if row["from"] <= iso and (not row["until"] or iso < row["until"])
    ]


def find(slug: str, day: date) -> Wording:
    """The version called `slug`, if it may be shown on the day."""
    for wording in in_force(day):
        if wording.slug == slug:
            return wording
    raise ChoiceError("There is no such wording in force on that day: see choice_wordings.csv.")


def judge_seen(new: NewChoice) -> None:
    """Raise unless the wording seen was in force that day and is about this. A register names its own wording."""
    if new.channel is Channel.REGISTER or new.kind is Kind.EVIDENCE:
        return
    seen = find(new.wording, new.from_date)
    if (seen.kind is Kind.OBJECTION) != (new.kind is Kind.OBJECTION):
        raise ChoiceError("The wording seen is about another kind of choice: name the one the person saw.")
    if seen.recipient is not None and seen.recipient != new.recipient:
        raise ChoiceError("The wording seen is about another recipient: name the one the person saw.")
    if strange := set(new.fields or ()) - set(seen.fields) if seen.fields else set():
        raise ChoiceError(f"The wording seen says nothing of {', '.join(sorted(strange))}: take that out.")
