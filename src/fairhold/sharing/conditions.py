"""What must hold here before anything leaves, beside what a request says: current proof that the way to send is safe,
and the word of whoever gave us the data that it may go on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from fairhold import policy
from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.sharing.domain import Hold, Holds
from fairhold.sharing.shares import ShareError

GIVERS = ("dfe", "public-body")


@dataclass(frozen=True)
class Evidence:
    """One proof: which kind, its number, and from when until when it is good (half-open)."""

    id: int
    evidence: str
    reference: str
    from_date: date
    to_date: date


@dataclass(frozen=True)
class Permission:
    """The word of a body that gave us data: this recipient may have these fields (half-open; None leaves it open)."""

    id: int
    origin: str
    recipient: str
    fields: tuple[str, ...]
    reference: str
    from_date: date
    to_date: date | None


@verb("shares.add-evidence")
def add_evidence(scope: Scope, *, evidence: str, reference: str, from_date: date, to_date: date) -> int:
    """Record a proof, for example a certificate with its number and the day it runs out."""
    known = {row["evidence"] for row in policy.book(scope).on("policy_evidence", scope.day.isoformat())}
    if evidence not in known:
        raise ShareError(f"The proof is one of: {', '.join(sorted(known))}.")
    if not reference.strip():
        raise ShareError("Give the number or name by which the proof can be found.")
    if to_date <= from_date:
        raise ShareError("The proof runs out before it begins: correct one of the two dates.")
    number: int = scope.value(
        "insert into system.share_evidence (evidence, reference, from_date, to_date, added_by, added_at)"
        " values (%s, %s, %s, %s, %s, %s) returning id",
        (evidence, reference, from_date, to_date, scope.actor.id, clock.now()),
    )
    scope.tell(evidence=number, kind=evidence)
    return number


@verb("shares.list-evidence")
def listed_evidence(scope: Scope) -> list[Evidence]:
    """Every proof on record, the one that runs out last at the top."""
    return _evidence(scope)


def _evidence(scope: Scope) -> list[Evidence]:
    rows = scope.rows(
        "select id, evidence, reference, from_date, to_date from system.share_evidence order by to_date desc, id"
    )
    return [Evidence(*row.values()) for row in rows]


@verb("shares.permit-onward")
def permit(
    scope: Scope,
    *,
    origin: str,
    recipient: str,
    fields: Sequence[str],
    reference: str,
    from_date: date,
    to_date: date | None,
) -> int:
    """Record that a body which gave us data lets a recipient have fields of it, with the letter it said so in."""
    book, today = policy.book(scope), scope.day.isoformat()
    if origin not in GIVERS:
        raise ShareError(f"The body that gave us the data is one of: {', '.join(GIVERS)}.")
    if recipient not in {row["slug"] for row in book.on("policy_recipients", today)}:
        raise ShareError("This recipient is not on the list: see the rows of policy_recipients.")
    if not fields or not set(fields) <= {row["field"] for row in book.on("policy_fields", today)}:
        raise ShareError("Name the fields that may go on, as they stand in policy_fields.")
    if not reference.strip():
        raise ShareError("Say where the permission stands, for example the letter and its date.")
    if to_date is not None and to_date <= from_date:
        raise ShareError("The permission ends before it begins: correct one of the two dates.")
    number: int = scope.value(
        "insert into system.share_permission (origin, recipient, fields, reference, from_date, to_date, added_by,"
        " added_at) values (%s, %s, %s, %s, %s, %s, %s, %s) returning id",
        (origin, recipient, list(fields), reference, from_date, to_date, scope.actor.id, clock.now()),
    )
    scope.tell(permission=number, origin=origin, recipient=recipient)
    return number


@verb("shares.list-permissions")
def listed_permissions(scope: Scope) -> list[Permission]:
    """Every permission to pass data on, the newest first."""
    return _permissions(scope)


def _permissions(scope: Scope) -> list[Permission]:
    rows = scope.rows(
        "select id, origin, recipient, fields, reference, from_date, to_date from system.share_permission"
        " order by id desc"
    )
    return [Permission(**{**row, "fields": tuple(row["fields"])}) for row in rows]


def of_origin(scope: Scope, *, recipient: str, on: date, given: Iterable[Iterable[tuple[str, str]]]) -> list[Holds]:
    """What is held of each child because of whom the value came from. `given`: (field, origin) of each child's values.

    A giver's word counts from its first day until the day before its last.
    """
    said: dict[str, set[str]] = defaultdict(set)
    for one in _permissions(scope):
        if one.recipient == recipient and one.from_date <= on and (one.to_date is None or on < one.to_date):
            said[one.origin].update(one.fields)
    return [frozenset((name, Hold.ORIGIN) for name, origin in values if name not in said[origin]) for values in given]


def lapsed(scope: Scope, *, on: date) -> frozenset[str]:
    """The ways to send that lack a proof on a day. In a demo store one that never was there is not missed."""
    held = _evidence(scope)
    current = {one.evidence for one in held if one.from_date <= on < one.to_date}
    demo = bool(scope.value("select demo from system.store"))
    wanted = {
        row["evidence"]: row["channels"].split() for row in policy.book(scope).on("policy_evidence", on.isoformat())
    }
    missed = wanted.keys() - current
    if demo:
        missed &= {one.evidence for one in held}
    return frozenset(channel for evidence in missed for channel in wanted[evidence])
