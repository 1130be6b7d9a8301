"""Published counts of what left: by kind of recipient, reason and basis in each quarter, under disclosure control.

A thing counted is one child's data in one disclosure; the children behind a figure are different persons. Who is
counted can be known from nowhere else, so that a group that holds them all says nothing of one (`telling`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from fairhold import policy, release
from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.release import Cell, Side

PRODUCTION: Final = "measure-production"
SAFETY: Final = "safety"  # the row of policy_reasons that is about harm
PROTECT: Final = "protect"  # the way that harm opens
ALL: Final = ("", "", "")
ASKED: Final = "The law asks for it"
NO_BASIS: Final = ""
Key = tuple[str, str, str]  # recipient, reason, basis


@dataclass(frozen=True)
class Figure:
    """One group of a quarter; `number` is None where it is withheld. `basis` is blank where none is on record."""

    quarter: date
    recipient: str
    name: str
    reason: str
    basis: str
    number: int | None
    protects: bool


@dataclass(frozen=True)
class Quarter:
    """A quarter by its first day: its total, its groups (the largest first), and how many per cent kept from harm."""

    start: date
    total: int | None
    figures: tuple[Figure, ...]

    @property
    def label(self) -> str:
        """Such as: October to December 2026."""
        return f"{self.start:%B} to {self.start.replace(month=self.start.month + 2):%B %Y}"

    @property
    def protecting(self) -> int | None:
        """The share of all that was to keep somebody from harm, in per cent, made of shown figures alone; None where
        one of them is withheld."""
        found = [one.number for one in self.figures if one.protects]
        if not self.total or any(number is None for number in found):
            return None
        return round(100 * sum(number for number in found if number) / self.total)


@dataclass(frozen=True)
class Published:
    """A publication: how many figures are new or changed, and how many disclosures of a child have no basis."""

    number: int
    changed: int
    without_basis: int


# A child's line in a share with the laws of what it holds, and a child of any other disclosure, by quarter and person.
_BEHIND = """
with line as (
    select l.share_id, l.subject_id, min(t.at) as at from system.share_line l
    join system.share_transfer t on t.share_id = l.share_id and t.arrived group by l.share_id, l.subject_id
), shared as (
    select date_trunc('quarter', n.at at time zone 'Europe/London')::date as quarter, p.kind as recipient,
        coalesce(s.reason, '') as reason, n.subject_id, (
            select string_agg(distinct case when d.way = 'law' then '' else d.way || ': ' end || d.law, '; ')
            from system.share_decision d
            where d.share_id = n.share_id and d.subject_id = n.subject_id and d.allowed and d.field = any(k.columns)
        ) as basis
    from line n join system.share s on s.id = n.share_id join system.share_partner p on p.id = s.partner_id
    join system.share_package k on k.share_id = s.id
), told as (
    select quarter, recipient, reason, subject_id, coalesce(basis, '') as basis from shared
    union all
    select date_trunc('quarter', d.made_at at time zone 'Europe/London')::date, d.recipient, coalesce(d.reason, ''),
        c.subject_id, case when d.way = 'law' then '' else d.way || ': ' end || d.law
    from system.disclosure d join system.disclosure_child c on c.disclosure_id = d.id
), person as (
    select told.*, coalesce(m.person_id, told.subject_id) as person from told
    left join people.membership m using (subject_id)
)
select quarter, coalesce(recipient, '') as recipient, coalesce(reason, '') as reason, coalesce(basis, '') as basis,
    grouping(basis) = 1 as whole, count(*) as things, count(distinct person) as children
from person group by grouping sets ((quarter), (quarter, recipient, reason, basis))
"""
_BEFORE = """
select distinct on (quarter, recipient, reason, basis) quarter, recipient, reason, basis, things, children, number
from system.disclosure_count order by quarter, recipient, reason, basis, release_id desc
"""


@verb("disclosures.publish")
def publish(scope: Scope) -> Published:
    """Count every quarter so far and publish what may be seen; an earlier figure stays until enough has changed."""
    with scope.under(PRODUCTION):
        scope.run("select pg_advisory_xact_lock(hashtext('disclosures'))")
        found: dict[date, dict[Key, Side]] = defaultdict(dict)
        for row in scope.rows(_BEHIND):
            key = ALL if row["whole"] else (row["recipient"], row["reason"], row["basis"])
            found[row["quarter"]][key] = Side(row["things"], row["children"])
        bare = sum(side.things for of in found.values() for key, side in of.items() if key != ALL and not key[2])
        before = {
            (row["quarter"], row["recipient"], row["reason"], row["basis"]): (
                Side(row["things"], row["children"]),
                row["number"],
            )
            for row in scope.rows(_BEFORE)
        }
        rows = [
            (quarter, *key, side.things, side.children, number)
            for quarter, of in found.items()
            for key, (side, number) in shown(of, {k[1:]: v[0] for k, v in before.items() if k[0] == quarter}).items()
            if before.get((quarter, *key)) != (side, number)
        ]
        number: int = scope.value(
            "insert into system.disclosure_release (made_at, made_by, without_basis) values (%s, %s, %s) returning id",
            (clock.now(), scope.actor.id, bare),
        )
        _store(scope, number, rows)
    scope.tell(release=number, changed=len(rows), without_basis=bare)
    return Published(number, len(rows), bare)


def shown(now: Mapping[Key, Side], before: Mapping[Key, Side]) -> dict[Key, tuple[Side, int | None]]:
    """What may be seen of one quarter after what was published before, and the counts it comes from. Pure."""
    held = {key: release.steady(side, before.get(key)) for key, side in now.items()}
    names = {"|".join(key): key for key in held if key != ALL}
    groups = {name: Cell(held[key]) for name, key in names.items()}
    hidden = {names[name] for name in release.withheld(Cell(held[ALL]), groups, telling=False)}
    if release.is_small(Cell(held[ALL])):
        hidden.add(ALL)
    return {key: (side, None if key in hidden else release.safe(side.things)) for key, side in held.items()}


def _store(scope: Scope, number: int, rows: Iterable[tuple[object, ...]]) -> None:
    columns = ("quarter", "recipient", "reason", "basis", "things", "children", "number")
    scope.run("create temporary table in_count (like system.disclosure_count) on commit drop")
    scope.run("alter table in_count alter column release_id drop not null")
    scope.copy("in_count", columns, rows)
    listed = ", ".join(columns)
    scope.run(
        f"insert into system.disclosure_count (release_id, {listed}) select %s, {listed} from in_count", (number,)
    )
    scope.run("drop table in_count")


@verb("disclosures.counts")
def counts(scope: Scope) -> tuple[list[Quarter], date | None, int]:
    """The quarters as published, the newest first; the day of the last publication; what it found without a basis."""
    last = scope.one("select made_at, without_basis from system.disclosure_release order by id desc limit 1")
    book, today = policy.book(scope), scope.day.isoformat()
    names = {row["slug"]: row["name"] for row in book.on("policy_recipients", today)}
    reasons = {row["reason"]: row["title"] for row in book.on("policy_reasons", today)}
    totals: dict[date, int | None] = {}
    found: dict[date, list[Figure]] = defaultdict(list)
    for row in scope.rows(
        "select distinct on (quarter, recipient, reason, basis) * from totals.disclosure"
        " order by quarter, recipient, reason, basis, release_id desc"
    ):
        if not row["recipient"]:
            totals[row["quarter"]] = row["number"]
            continue
        reason = str(reasons.get(row["reason"], row["reason"])) or ASKED
        protects = row["reason"] == SAFETY or row["basis"].startswith(f"{PROTECT}: ")
        name = str(names.get(row["recipient"], row["recipient"]))
        found[row["quarter"]].append(
            Figure(row["quarter"], row["recipient"], name, reason, row["basis"], row["number"], protects)
        )
    quarters = [
        Quarter(start, totals[start], tuple(sorted(found[start], key=lambda one: (-(one.number or 0), one.recipient))))
        for start in sorted(totals, reverse=True)
    ]
    scope.tell(quarters=len(quarters))
    return quarters, clock.london_day(last["made_at"]) if last else None, last["without_basis"] if last else 0
