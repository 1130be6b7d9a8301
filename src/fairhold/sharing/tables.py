"""The facts of policy as the first evaluator reads them: who may have what, under which conditions, on a day.

A book holds dated rows (`governance.Book`); an edition is what is in force of them between two days of change.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from importlib import resources
from typing import NamedTuple

from fairhold import governance
from fairhold.governance import Book
from fairhold.governance.dated import Row

REVIEWED = date(2026, 11, 26)
"""The day the shipped tables were last read against the notice."""

ADDRESS = "address"
Gateways = tuple[str, ...]
Rows = Sequence[Row]


class Opening(NamedTuple):
    """What opens a field: the citation's key, and the gateways that are in force."""

    law: str
    gateways: Gateways


@dataclass(frozen=True, eq=False)
class Recipient:
    """One kind of recipient and what it must show. Ages are birthdays: from the first, until before the last.

    `by_law` and `by_consent` say of each open field what opens it; `not_yet` and `no_longer` are fields whose gateways
    have not begun or have ended. `schedule`: whether a list may go to it again and again.
    """

    slug: str
    name: str
    age_from: int | None = None
    age_to: int | None = None
    age_to_send: int | None = None
    needs_residence: bool = False
    needs_agreement: bool = False
    link: str = ""
    needs_reference: bool = False
    needs_officer: bool = False
    heeds_objection: bool = True
    approvals: int = 0
    schedule: bool = False
    law: str = "lawful"
    consent_law: str = "lawful"
    by_law: Mapping[str, Opening] = field(default_factory=dict)
    by_consent: Mapping[str, Opening] = field(default_factory=dict)
    not_yet: frozenset[str] = frozenset()
    no_longer: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    urgent_purposes: frozenset[str] = frozenset()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Channel:
    """A way to send. `urgent`: safe enough when a child is at risk; `never`: refused for everyone."""

    slug: str
    title: str
    urgent: bool
    never: bool


@dataclass(frozen=True)
class Words:
    """One row of the table of refusals, its slots unfilled; `rank` is its place in the order of reporting."""

    rank: int
    law: str
    reason: str
    would_change: str


@dataclass(frozen=True, eq=False)
class Edition:
    """Every policy row in force on a day. `citations` are short, by key; `protecting`: the gateways of keeping a child
    from harm."""

    recipients: Mapping[str, Recipient]
    purposes: frozenset[str]
    urgent_purposes: frozenset[str]
    channels: Mapping[str, Channel]
    fields: Mapping[str, bool]
    birthdays: tuple[int, ...]
    words: Mapping[str, Words]
    citations: Mapping[str, str]
    protecting: Gateways
    _alike: dict[str, dict[str, str]] = field(default_factory=dict)

    def alike(self, recipient: Recipient) -> dict[str, str]:
        """Of each field the first of which the policy says the same for this recipient. The address is like none."""
        if recipient.slug not in self._alike:
            first: dict[object, str] = {}
            self._alike[recipient.slug] = {
                name: first.setdefault(
                    (
                        name == ADDRESS,
                        core,
                        *(name in some for some in (recipient.by_law, recipient.by_consent)),
                        *(name in some for some in (recipient.not_yet, recipient.no_longer)),
                    ),
                    name,
                )
                for name, core in self.fields.items()
            }
        return self._alike[recipient.slug]


class Policy:
    """A book read into editions."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._editions: dict[int, Edition] = {}

    def on(self, day: str) -> Edition:
        """The edition in force on an ISO date; requests of one edition share their decisions."""
        number = bisect_right(self.book.changes, day)
        if number not in self._editions:
            self._editions[number] = _edition(self.book, self.book.changes[number - 1] if number else "")
        return self._editions[number]

    @cached_property
    def version(self) -> str:
        """The day the shipped rows were reviewed, and a digest of every row and policy text."""
        digest = hashlib.sha256(self.book.digest.encode())
        for text in ("policies.cedar", "second.sql", "second_law.sql"):
            digest.update((resources.files("fairhold.sharing") / text).read_bytes())
        return f"{REVIEWED.isoformat()}.{digest.hexdigest()[:12]}"


@lru_cache(maxsize=32)
def policy(book: Book | None = None) -> Policy:
    """The policy of a book; without one, as it ships."""
    return Policy(book or governance.shipped())


def _edition(book: Book, day: str) -> Edition:
    today = {file: book.on(file, day) for file in book.rows}
    laws = _laws(book, today["lawful_bases"], day)
    recipients = {row["slug"]: _recipient(today, laws, row) for row in today["policy_recipients"]}
    bounds = {age for r in recipients.values() for age in (r.age_from, r.age_to, r.age_to_send) if age}
    return Edition(
        recipients=recipients,
        purposes=frozenset(row["purpose"] for row in today["policy_purposes"]),
        urgent_purposes=frozenset(name for found in recipients.values() for name in found.urgent_purposes),
        channels={
            row["channel"]: Channel(row["channel"], row["title"], row["emergency"] == "yes", row["never"] == "yes")
            for row in today["policy_channels"]
        },
        fields={row["field"]: row["core"] == "yes" for row in today["policy_fields"]},
        birthdays=tuple(sorted(bounds)),
        words={
            row["rule"]: Words(rank, row["law"], row["reason"], row["would_change"])
            for rank, row in enumerate(today["policy_refusals"])
        },
        citations={row["key"]: row["citation"] for row in today["policy_law"]},
        protecting=tuple(
            gateway
            for row in today["policy_law"]
            for gateway in row["lawful_bases"].split()
            if row["key"] == "protect" and laws.get(gateway) == "in force"
        ),
    )


def _laws(book: Book, today: Rows, day: str) -> dict[str, str]:
    """How each law stands on a day: in force, not yet, no longer."""
    begun = {row["id"] for row in book.rows["lawful_bases"] if row["commenced"] == "yes" and row["from"] <= day}
    standing = {row["id"]: "no longer" if row["id"] in begun else "not yet" for row in book.rows["lawful_bases"]}
    return standing | {row["id"]: "in force" for row in today if row["commenced"] == "yes"}


def _recipient(today: Mapping[str, Rows], laws: Mapping[str, str], row: Row) -> Recipient:
    slug = row["slug"]
    openings = [found for found in today["policy_opens"] if found["recipient"] == slug]
    serve = [found for found in today["policy_purposes"] if slug in found["recipients"].split()]
    by_law, by_consent, not_yet, no_longer = _opened(openings, laws)
    return Recipient(
        slug=slug,
        name=row["name"],
        age_from=_number(row["age_from"]),
        age_to=_number(row["age_to"]),
        age_to_send=_number(row["age_to_send"]),
        needs_residence=row["resident"] == "yes",
        needs_agreement=row["agreement"] == "yes",
        link=row["link"],
        needs_reference=row["reference"] == "yes",
        needs_officer=row["officer"] == "yes",
        heeds_objection=row["objection"] == "heeded",
        approvals=int(row["approvals"]),
        schedule=row["schedule"] == "yes",
        law=row["law"],
        consent_law=next((found["law"] for found in openings if found["by"] == "consent"), row["law"]),
        by_law=by_law,
        by_consent=by_consent,
        not_yet=not_yet,
        no_longer=no_longer,
        purposes=frozenset(found["purpose"] for found in serve if found["when"] == "always"),
        urgent_purposes=frozenset(found["purpose"] for found in serve if found["when"] == "emergency"),
        channels=tuple(found["channel"] for found in today["policy_channels"] if slug in found["recipients"].split()),
    )


def _number(text: str) -> int | None:
    return int(text) if text else None


def _opened(
    openings: Rows, laws: Mapping[str, str]
) -> tuple[dict[str, Opening], dict[str, Opening], frozenset[str], frozenset[str]]:
    """Fields open by law and by consent, each with what opens it; then those whose law has not begun, or has ended.

    Of several openings of a field the first whose law is in force counts.
    """
    opened: dict[str, dict[str, Opening]] = {"law": {}, "consent": {}}
    not_yet: set[str] = set()
    no_longer: set[str] = set()
    for row in openings:
        named = row["gateway"].split()
        in_force = tuple(gateway for gateway in named if laws.get(gateway) == "in force")
        ended = any(laws.get(gateway) == "no longer" for gateway in named)
        for name in row["fields"].split():
            if in_force:
                opened[row["by"]].setdefault(name, Opening(row["law"], in_force))
            else:
                (no_longer if ended else not_yet).add(name)
    found = opened["law"].keys() | opened["consent"].keys()
    return opened["law"], opened["consent"], frozenset(not_yet - found), frozenset(no_longer - found)
