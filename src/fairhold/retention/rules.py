"""The retention schedule as data: its words (governance), and what a machine needs of it (`data/`)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from fairhold import catalogue, governance

PURPOSE = "retention"
EVERY_CLASS = "*"
DEFAULT_RULE = "RT39"


@dataclass(frozen=True)
class Rule:
    """One row of the schedule as people read it; `choice` is what is shipped, until an officer confirms it."""

    id: str
    title: str
    trigger: str
    period: str
    basis: str
    source: str
    confidence: str
    choice: str
    notes: str

    @property
    def is_hold(self) -> bool:
        """Whether the row stops disposal, rather than asking for it."""
        return self.title.startswith("HOLD")


@dataclass(frozen=True)
class Period:
    """One rule as it is computed: for which classes, when it applies, and how many years after which event.

    `review`: when the time has come a person looks at it; nothing is ever disposed of by itself.
    """

    number: int
    rule: str
    classes: tuple[str, ...]
    when: str
    event: str
    years: int
    review: bool
    words: str

    def is_for(self, klass: str) -> bool:
        """Whether it speaks of records of this class."""
        return EVERY_CLASS in self.classes or klass in self.classes


@dataclass(frozen=True)
class Contact:
    """A field whose date is a genuine contact with the authority.

    `only`: a field and the value it must have. `open_while_empty`: as long as this field is empty the contact goes on,
    but not beyond the birthday `until_age`, so that an end nobody reported does not keep a record for ever.
    """

    table: str
    field: str
    only: tuple[str, str] | None
    open_while_empty: str | None
    until_age: int
    words: str


@dataclass(frozen=True)
class ShippedHold:
    """A hold that is in force until an officer lifts it."""

    rule: str
    classes: tuple[str, ...]
    words: str


def _read(name: str) -> list[dict[str, str]]:
    text = (resources.files("fairhold.retention") / "data" / f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def schedule() -> dict[str, Rule]:
    """Every row of the schedule in force, by its number (RT01)."""
    names = ("id", "record_class", "trigger", "period", "basis", "source", "confidence", "default_choice", "notes")
    return {row["id"]: Rule(*(row[name] for name in names)) for row in governance.rows("retention") if not row["to"]}


@cache
def periods() -> tuple[Period, ...]:
    """The computed rules; where two give the same date the earlier line is named."""
    return tuple(
        Period(
            number,
            row["rule"],
            tuple(row["classes"].split(";")),
            row["when"],
            row["event"],
            int(row["years"] or 0),
            row["review"] == "yes",
            row["words"],
        )
        for number, row in enumerate(_read("periods"))
    )


def default_period() -> Period:
    """The rule of last resort, where no other speaks (N162)."""
    return next(period for period in periods() if period.rule == DEFAULT_RULE)


@cache
def contacts() -> tuple[Contact, ...]:
    """The kinds of contact in tables that retention may read; of two on one day the earlier line is the evidence."""
    return tuple(_contact(row) for row in _read("contacts") if row["table"] in readable())


def _contact(row: dict[str, str]) -> Contact:
    field, _, value = row["only"].partition("=")
    return Contact(
        row["table"],
        row["field"],
        (field, value) if field else None,
        row["open_while_empty"] or None,
        int(row["until_age"] or 0),
        row["words"],
    )


@cache
def shipped_holds() -> tuple[ShippedHold, ...]:
    """The holds that are in force without anybody having placed them."""
    return tuple(ShippedHold(row["rule"], tuple(row["classes"].split(";")), row["words"]) for row in _read("holds"))


@cache
def readable() -> frozenset[str]:
    """The fact tables the purpose of retention may read."""
    return frozenset(table.name for table in catalogue.tables() if PURPOSE in table.purposes)


@cache
def unreadable_classes() -> tuple[str, ...]:
    """Classes of records that cannot be judged, because retention may read none of their tables."""
    every = {table.retention for table in catalogue.tables()}
    return tuple(sorted(every - {table.retention for table in catalogue.tables() if table.name in readable()}))
