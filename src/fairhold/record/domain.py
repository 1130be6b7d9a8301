"""What a child's record is made of: values with their source, spans of time, disagreements, and reasons for joining."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from fairhold.errors import PlainError


class NoSuchChild(PlainError):
    """There is nobody of that number, or nobody whom this purpose may see; the two are not told apart."""


@dataclass(frozen=True)
class Source:
    """Where a value comes from: who said it, in which delivery, on which line, and when we learnt it."""

    name: str
    kind: str
    delivery: int
    line: int | None
    known_from: datetime


@dataclass(frozen=True)
class Value:
    """One field of one fact. `text` is what was stored; `label` is its meaning where it is a code."""

    field: str
    title: str
    text: str
    label: str | None

    @property
    def shown(self) -> str:
        """The value as people read it."""
        return f"{self.label} ({self.text})" if self.label and self.label != self.text else self.text


@dataclass(frozen=True)
class Item:
    """One fact of one table. It holds from `start` until the day before `end`; `start` None: no day was said.

    `beside`: other places of the same source that some of the values are from, because the last file never carries
    them.
    """

    subject: int
    values: tuple[Value, ...]
    source: Source
    start: date | None
    end: date | None
    beside: tuple[Source, ...] = ()

    def holds(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def get(self, field: str) -> str | None:
        """The stored text of a field, or None."""
        return next((value.text for value in self.values if value.field == field), None)


@dataclass(frozen=True)
class Block:
    """All facts of one table about the child: those in force on the day, and all the others known."""

    table: str
    title: str
    domain: str
    klass: str
    shape: str
    current: tuple[Item, ...]
    other: tuple[Item, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Every fact, in force or not."""
        return self.current + self.other


@dataclass(frozen=True)
class Conflict:
    """Sources that say different things of the same field on the day."""

    table: str
    field: str
    title: str
    said: tuple[tuple[str, str], ...]  # (value as shown, source)


@dataclass(frozen=True)
class Span:
    """A piece of the timeline; `end` None means it goes on."""

    lane: str
    label: str
    start: date
    end: date | None
    source: str


@dataclass(frozen=True)
class Reason:
    """Why two of the child's records are taken for one child."""

    link: int
    sources: tuple[str, str]
    sentence: str
    evidence: str
    author: str
    made_at: datetime


@dataclass(frozen=True)
class Child:
    """A child as at a day and as known at an instant, as far as one purpose may see."""

    person: int
    on: date
    known: datetime
    subjects: tuple[int, ...]
    guard: int
    blocks: tuple[Block, ...]
    conflicts: tuple[Conflict, ...]
    timeline: tuple[Span, ...]
    why_joined: tuple[Reason, ...]

    def block(self, table: str) -> Block | None:
        """The facts of one table, or None when there are none or they are not for this purpose."""
        return next((block for block in self.blocks if block.table == table), None)

    def first(self, table: str, field: str) -> str | None:
        """The first value of a field that is in force on the day; sources that differ are in `conflicts`."""
        block = self.block(table)
        found = (item.get(field) for item in block.current) if block else ()
        return next((text for text in found if text is not None), None)

    @property
    def name(self) -> str:
        """Forename and surname as the first source has them."""
        parts = (self.first("people.name", "forename"), self.first("people.name", "surname"))
        return " ".join(part for part in parts if part) or "Name not held"

    @property
    def address_protected(self) -> bool:
        """Whether the address is to be kept from whoever need not know it."""
        return self.guard > 0


def conflicts(blocks: Iterable[Block]) -> tuple[Conflict, ...]:
    """Fields with one value per child in which sources differ on the day. An empty value contradicts nothing."""
    return tuple(
        conflict
        for block in blocks
        if block.shape == "state"
        for field in dict.fromkeys(value.field for item in block.current for value in item.values)
        if (conflict := _conflict(block, field)) is not None
    )


def _conflict(block: Block, field: str) -> Conflict | None:
    said = [(value, item.source.name) for item in block.current for value in item.values if value.field == field]
    if len({value.text.casefold() for value, _ in said}) < 2:
        return None
    return Conflict(block.table, field, said[0][0].title, tuple((value.shown, source) for value, source in said))


# The lanes of the timeline: table, heading, and the fields whose values make the label.
LANES = (
    ("education.enrolment", "School", ("school_name", "estab")),
    ("send.provision", "Special educational needs", ("provision",)),
    ("education.free_meals", "Free school meals", ("uk_country",)),
    ("send.ehc_plan", "Education, health and care plan", ()),
    ("people.address", "Address", ("postcode",)),
    ("early_help.episode", "Early help", ("organisation",)),
    ("social_care.need_episode", "Child in need", ("primary_need",)),
    ("social_care.cin_plan", "Child in need plan", ()),
    ("social_care.protection_plan", "Child protection plan", ("latest_category",)),
    ("social_care.episode", "Care", ("placement", "legal_status")),
    ("social_care.placement", "Placement", ("placement",)),
    ("social_care.legal_status", "Legal status", ("status",)),
    ("social_care.missing", "Missing from care", ("kind",)),
    ("social_care.social_worker", "Social worker", ("sw_id",)),
    ("social_care.liberty_order", "Deprivation of liberty", ()),
)


def timeline(blocks: Iterable[Block]) -> tuple[Span, ...]:
    """The spans to draw, lane by lane, the earliest first; a fact without a first day cannot be drawn."""
    by_table = {block.table: block for block in blocks}
    return tuple(
        Span(lane, _label(item, fields) or lane, item.start, item.end, item.source.name)
        for table, lane, fields in LANES
        if table in by_table
        for item in sorted(by_table[table].items, key=lambda item: item.start or date.max)
        if item.start is not None and item.start != item.end
    )


def _label(item: Item, fields: tuple[str, ...]) -> str:
    values = {value.field: value for value in item.values}
    shown = [values[field].label or values[field].text for field in fields if field in values]
    return shown[0] if fields[:1] == ("school_name",) and shown else ", ".join(shown)
