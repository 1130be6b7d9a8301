"""The log of what left: shares that arrived and all other disclosures, as one list, per child and as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fairhold import policy
from fairhold.access import Row, Scope, verb
from fairhold.dates import clock
from fairhold.sharing import queries

WAYS = {"law": "The law", "consent": "Consent", "protect": "To keep a child from harm"}


@dataclass(frozen=True)
class Basis:
    """What let it go: `way` (law, consent, protect) and the title of the law behind it."""

    way: str
    law: str

    @property
    def words(self) -> str:
        """As people read it."""
        return self.law if self.way == "law" else f"{WAYS[self.way]} ({self.law})"


@dataclass(frozen=True)
class Told:
    """One line of the log. `reason` is the title of the closed list's row, None where the law asks; `arrived` is None
    while no receipt is known; `children` is 1 in the log of a child."""

    kind: str
    number: int
    recipient: str
    name: str
    at: datetime
    arrived: date | None
    reason: str | None
    need: str
    basis: tuple[Basis, ...]
    items: tuple[str, ...]
    keeps: str
    reference: str | None
    children: int

    @property
    def why(self) -> str:
        """Reason and need in words."""
        return f"{self.reason}. {self.need}" if self.reason else self.need

    @property
    def title(self) -> str:
        """What it was, with the number by which it can be found."""
        return f"{self.kind.capitalize()} {self.number}"


@dataclass(frozen=True)
class Filter:
    """What of the log to show; None leaves a part open. `basis` is a law's title; the days are both inclusive."""

    recipient: str | None = None
    basis: str | None = None
    since: date | None = None
    until: date | None = None


EVERYTHING = Filter()

_ARRIVED = """
select s.id, p.kind as recipient, p.name, t.at, s.reason, s.need, s.reference, coalesce(g.keeps, '') as keeps,
    k.rows, k.columns
from system.share s join system.share_partner p on p.id = s.partner_id
left join system.share_agreement g on g.id = s.agreement_id join system.share_package k on k.share_id = s.id
join lateral (select min(at) as at from system.share_transfer where share_id = s.id and arrived) t on t.at is not null
"""
# One row a share: what stands in its columns, and for each column any decision that let it go (all say the same law).
_SHARES = f"""
select a.*, a.columns as items, a.rows as children, (
    select array_agg(distinct d.way || ':' || d.law) from unnest(a.columns) as c (field), lateral (
        select way, law from system.share_decision where share_id = a.id and field = c.field and allowed limit 1) d
) as bases from ({_ARRIVED}) a order by a.at desc, a.id desc
"""
_OF_CHILD = f"""
select a.*, d.items, d.bases, 1 as children from ({_ARRIVED}) a
join system.share_line l on l.share_id = a.id and l.subject_id = any(%(subjects)s)
join lateral (
    select array_agg(field order by array_position(a.columns, field)) as items,
        array_agg(distinct way || ':' || law) as bases
    from system.share_decision d
    where d.share_id = a.id and d.subject_id = l.subject_id and allowed and field = any(a.columns)
) d on true order by a.at desc, a.id desc
"""
_OTHERS = """
select d.*, array[d.way || ':' || d.law] as bases from system.disclosure d
where %(subjects)s::bigint[] is null
    or exists (select from system.disclosure_child c where c.disclosure_id = d.id and c.subject_id = any(%(subjects)s))
order by d.made_at desc, d.id desc
"""


@verb("disclosures.log")
def log(scope: Scope, *, wanted: Filter = EVERYTHING) -> list[Told]:
    """Everything that left, the newest first."""
    found = [one for one in _all(scope, _SHARES, None) if _fits(one, wanted)]
    scope.tell(rows=len(found))
    return found


@verb("disclosures.of-child")
def of_child(scope: Scope, *, person: int) -> list[Told]:
    """Everything of a child that left under any of its subjects, as far as the purpose may know of it."""
    subjects = queries.subjects_of(scope, [person])
    scope.concerns(subjects)
    found = _all(scope, _OF_CHILD, subjects)
    scope.tell(rows=len(found))
    return found


def _all(scope: Scope, shares: str, subjects: Sequence[int] | None) -> list[Told]:
    book, today = policy.book(scope), scope.day.isoformat()
    reasons = {row["reason"]: row["title"] for row in book.on("policy_reasons", today)}
    fields = {row["field"]: row["title"] for row in book.on("policy_fields", today)}
    told = [
        _share(row, reasons, fields) for row in scope.rows(shares, {} if subjects is None else {"subjects": subjects})
    ]
    told += [_other(row, reasons, subjects) for row in scope.rows(_OTHERS, {"subjects": subjects})]
    return sorted(told, key=lambda one: one.at, reverse=True)


def _share(row: Row, reasons: dict[str, str], fields: dict[str, str]) -> Told:
    return _told(
        row,
        kind="share",
        at=row["at"],
        arrived=clock.london_day(row["at"]),
        reason=reasons.get(row["reason"] or "", row["reason"]),
        items=tuple(fields.get(name, name) for name in row["items"] or ()),
    )


def _other(row: Row, reasons: dict[str, str], subjects: Sequence[int] | None) -> Told:
    return _told(
        row | ({} if subjects is None else {"children": 1}),
        kind=row["kind"],
        at=row["made_at"],
        arrived=row["arrived_on"],
        reason=reasons.get(row["reason"] or "", row["reason"]),
        items=tuple(row["items"]),
    )


def _told(row: Row, **told: Any) -> Told:
    bases = (one.split(":", 1) for one in row["bases"] or ())
    return Told(
        number=row["id"],
        recipient=row["recipient"],
        name=row["name"],
        need=row["need"],
        basis=tuple(sorted((Basis(*one) for one in bases), key=lambda one: (one.way != "law", one.law))),
        keeps=row["keeps"],
        reference=row["reference"],
        children=row["children"],
        **told,
    )


def _fits(one: Told, wanted: Filter) -> bool:
    day = clock.london_day(one.at)
    return (
        wanted.recipient in (None, one.recipient)
        and (wanted.basis is None or any(basis.law == wanted.basis for basis in one.basis))
        and (wanted.since is None or wanted.since <= day)
        and (wanted.until is None or day <= wanted.until)
    )


def laws(found: Iterable[Told]) -> list[str]:
    """The laws a log rests on, in order."""
    return sorted({basis.law for one in found for basis in one.basis})
