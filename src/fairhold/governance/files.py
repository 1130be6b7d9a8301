"""Loaders of the data files beside this module. Every row is shipped until a named officer confirms it (`policy`)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Every row of `governance/data/<name>.csv`, as text under the column names of its first line."""
    text = (resources.files("fairhold.governance") / "data" / f"{name}.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@dataclass(frozen=True)
class Population:
    """Of whom a purpose may use data: who lives in the area, before the birthday `age_to`; with special educational
    needs or a disability before `age_to_send`. What is not known counts as no."""

    age_to: int
    age_to_send: int


@dataclass(frozen=True)
class Purpose:
    """What data may be used for; one database role each.

    `restricted`: may see people whose record is restricted. `protected`: may see a protected address. `population`: the
    only people it may be used for; None where it is for all.
    """

    slug: str
    title: str
    job: str
    obligations: tuple[str, ...]
    lawful_bases: tuple[str, ...]
    population: Population | None
    restricted: bool
    protected: bool
    roles: tuple[str, ...]

    @property
    def outside(self) -> bool:
        """Whether it is for people of other bodies: what is open to everyone here is not open to them."""
        return self.roles == ("partner",)

    @property
    def database_role(self) -> str:
        return "p_" + self.slug.replace("-", "_")


@dataclass(frozen=True)
class LawfulBasis:
    """One row of law: the articles and statute that allow a purpose, how sure we are, and when it runs.

    `commenced` is yes, no or unverified; only yes counts, from the ISO date `begins` until the day before `until`
    (blank: open).
    """

    id: str
    purpose: str
    activity: str
    article6: str
    article9_or_10: str
    schedule_1: str
    legislation: str
    gateway: str
    recipient: str
    effective_note: str
    source: str
    confidence: str
    commenced: str
    begins: str
    until: str


@dataclass(frozen=True)
class Recipient:
    """One kind of recipient the notice names, and the conditions under which it may have anything."""

    id: str
    recipient: str
    what_allowed: str
    conditions: str
    age_rules: str
    fields: str
    transfer: str
    legal_basis: str
    decision_mode: str
    notice_ref: str
    confidence: str


@cache
def purposes() -> tuple[Purpose, ...]:
    """The registered purposes. No query, page, command or export runs outside one of them (N050)."""
    return tuple(
        Purpose(
            slug=row["slug"],
            title=row["title"],
            job=row["job"],
            obligations=tuple(row["obligations"].split()),
            lawful_bases=tuple(row["lawful_bases"].split()),
            population=Population(int(row["age_to"]), int(row["age_to_send"])) if row["area"] == "yes" else None,
            restricted=row["restricted"] == "yes",
            protected=row["protected"] == "yes",
            roles=tuple(row["roles"].split()),
        )
        for row in rows("purposes")
    )


@cache
def lawful_bases() -> tuple[LawfulBasis, ...]:
    """The register of lawful bases, LB01 onwards."""
    return tuple(LawfulBasis(*row.values()) for row in rows("lawful_bases"))


@cache
def recipients() -> tuple[Recipient, ...]:
    """The recipients of the notice, RC01 onwards."""
    return tuple(Recipient(*row.values()) for row in rows("recipients"))
