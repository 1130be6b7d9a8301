"""The facts of policy, read once from `governance/data/policy_*.csv`: who may have what, under which conditions.

Rows carry `from` and `until` (blank: no limit); an edition is the set of rows in force on a day.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from fairhold import governance

REVIEWED = date(2026, 11, 24)
"""The day the shipped tables were last read against the notice."""

FILES = ("recipients", "purposes", "channels", "fields", "opens", "refusals", "law")


@dataclass(frozen=True)
class Recipient:
    """One kind of recipient and what it must show. Ages are birthdays: from the first, until before the last."""

    slug: str
    name: str
    age_from: int | None
    age_to: int | None
    age_to_send: int | None
    needs_residence: bool
    needs_agreement: bool
    link: str
    needs_reference: bool
    needs_officer: bool
    heeds_objection: bool
    approvals: int
    law: str
    consent_law: str
    by_law: frozenset[str]
    by_consent: frozenset[str]
    purposes: frozenset[str]
    urgent_purposes: frozenset[str]
    channels: tuple[str, ...]

    @property
    def age_bound(self) -> bool:
        return self.age_from is not None


@dataclass(frozen=True)
class Channel:
    """A way to send. `urgent`: safe enough when a child is at risk; `never`: refused for everyone."""

    slug: str
    title: str
    urgent: bool
    never: bool


@dataclass(frozen=True)
class Edition:
    """Every policy row in force on a day."""

    recipients: dict[str, Recipient]
    purposes: frozenset[str]
    channels: dict[str, Channel]
    fields: dict[str, bool]
    birthdays: tuple[int, ...]


def _rows(name: str, day: date) -> list[dict[str, str]]:
    today = day.isoformat()
    return [
        row
        for row in governance.rows(f"policy_{name}")
        if row.get("from", "") <= today and (not row.get("until") or today < row["until"])
    ]


def _number(text: str) -> int | None:
    return int(text) if text else None


def _recipient(row: dict[str, str], day: date) -> Recipient:
    slug = row["slug"]
    opens = {found["by"]: found for found in _rows("opens", day) if found["recipient"] == slug}
    serve = [found for found in _rows("purposes", day) if slug in found["recipients"].split()]
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
        law=row["law"],
        consent_law=opens["consent"]["law"] if "consent" in opens else row["law"],
        by_law=frozenset(opens["law"]["fields"].split()) if "law" in opens else frozenset(),
        by_consent=frozenset(opens["consent"]["fields"].split()) if "consent" in opens else frozenset(),
        purposes=frozenset(found["purpose"] for found in serve if found["when"] == "always"),
        urgent_purposes=frozenset(found["purpose"] for found in serve if found["when"] == "emergency"),
        channels=tuple(found["channel"] for found in _rows("channels", day) if slug in found["recipients"].split()),
    )


@cache
def _changes() -> tuple[str, ...]:
    """The days on which some policy row starts or stops."""
    rows = [row for name in FILES for row in governance.rows(f"policy_{name}")]
    return tuple(sorted({row[edge] for row in rows for edge in ("from", "until") if row.get(edge)}))


@cache
def _edition(number: int) -> Edition:
    changes = _changes()
    day = date.fromisoformat(changes[number - 1]) if number else date.min
    recipients = {row["slug"]: _recipient(row, day) for row in _rows("recipients", day)}
    bounds = {age for r in recipients.values() for age in (r.age_from, r.age_to, r.age_to_send) if age}
    return Edition(
        recipients=recipients,
        purposes=frozenset(row["purpose"] for row in _rows("purposes", day)),
        channels={
            row["channel"]: Channel(row["channel"], row["title"], row["emergency"] == "yes", row["never"] == "yes")
            for row in _rows("channels", day)
        },
        fields={row["field"]: row["core"] == "yes" for row in _rows("fields", day)},
        birthdays=tuple(sorted(bounds)),
    )


def edition_number(day: str) -> int:
    """Which edition is in force on an ISO date; requests of one edition share their decisions."""
    return bisect_right(_changes(), day)


def edition(number: int) -> Edition:
    """The edition with that number."""
    return _edition(number)


@cache
def citations() -> dict[str, str]:
    """Short citations by key; how sure we are of each stands beside it in `policy_law.csv`."""
    return {row["key"]: row["citation"] for row in governance.rows("policy_law")}


@cache
def version() -> str:
    """The version of the policy in force: the day it was reviewed and a digest of every table and policy text."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(repr(governance.rows(f"policy_{name}")).encode())
    for text in ("policies.cedar", "second.sql"):
        digest.update((resources.files("fairhold.sharing") / text).read_bytes())
    return f"{REVIEWED.isoformat()}.{digest.hexdigest()[:12]}"
