"""What left without a share: a return for the collector's portal, lists for an inspection, an emergency.

Shares that arrived are disclosures by themselves; `log` reads both as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fairhold import policy
from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.sharing.facts import said
from fairhold.sharing.shares import ShareError


class Kind(StrEnum):
    """The ways out that are no share."""

    RETURN = "return"
    INSPECTION = "inspection"
    EMERGENCY = "emergency"
    KNOWN = "known"  # whether a service knows a child: one bit


@dataclass(frozen=True)
class Disclosure:
    """One act by which data of children left.

    `source` names the act ("return 3"); told again, the same act is the same disclosure. `recipient` is the gate's
    kind, `basis` ids of the register of lawful bases, `way` what lets it go: law, consent, or protect (from harm).
    `reason` is of the closed list; None where the law asks. `care`: to stand in it tells that social care knows the
    child. `arrived`: the day its receipt says, or None while none is known.
    """

    kind: Kind
    source: str
    recipient: str
    purpose: str
    need: str
    basis: tuple[str, ...]
    items: tuple[str, ...]
    care: bool
    way: str = "law"
    reason: str | None = None
    name: str = ""
    keeps: str = ""
    reference: str | None = None
    arrived: date | None = None


@verb("disclosures.record")
def record(scope: Scope, *, disclosure: Disclosure, children: Sequence[tuple[int, int]]) -> int:
    """Put down that data of these children (subject, guard) left; the number of the disclosure.

    Told again, a reference or a receipt that has come is added; nothing else of it changes.
    """
    law = _law(scope, disclosure)
    number: int = scope.value(
        "insert into system.disclosure (kind, source, recipient, name, purpose, reason, need, way, law, basis, items,"
        " children, keeps, reference, arrived_on, made_by, made_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (source) do update set reference = coalesce(excluded.reference, system.disclosure.reference),"
        " arrived_on = coalesce(system.disclosure.arrived_on, excluded.arrived_on) returning id",
        (
            *(disclosure.kind.value, disclosure.source, disclosure.recipient),
            disclosure.name or _name(scope, disclosure.recipient),
            *(disclosure.purpose, disclosure.reason, disclosure.need, disclosure.way, law, list(disclosure.basis)),
            *(list(disclosure.items), len(children), disclosure.keeps, disclosure.reference, disclosure.arrived),
            *(scope.actor.id, clock.now()),
        ),
    )
    scope.run(
        "insert into system.disclosure_child (disclosure_id, subject_id, guard, care)"
        " select %s, subject, guard, %s from unnest(%s::bigint[], %s::smallint[]) as told (subject, guard)"
        " on conflict do nothing",
        (number, disclosure.care, [child for child, _ in children], [guard for _, guard in children]),
    )
    scope.concerns(child for child, _ in children)
    scope.tell(disclosure=number, recipient=disclosure.recipient, children=len(children))
    return number


def _law(scope: Scope, disclosure: Disclosure) -> str:
    """The law's title behind a disclosure; refused where there is none, or the words are missing."""
    book, today = policy.book(scope), scope.day.isoformat()
    known = {row["id"]: row["legislation"] for row in book.on("lawful_bases", today)}
    if not disclosure.basis or any(one not in known for one in disclosure.basis):
        raise ShareError("Nothing leaves without a law: name one that stands in the register of lawful bases.")
    reasons = {row["reason"] for row in book.on("policy_reasons", today)}
    if disclosure.reason is not None and disclosure.reason not in reasons:
        raise ShareError(f"The reason is one of: {', '.join(sorted(reasons))}.")
    if not said(disclosure.need) or not disclosure.items:
        raise ShareError("Say why the data left, and which data it was.")
    return "; ".join(known[one] for one in disclosure.basis)


def _name(scope: Scope, recipient: str) -> str:
    names = {row["slug"]: row["name"] for row in policy.book(scope).on("policy_recipients", scope.day.isoformat())}
    if recipient not in names:
        raise ShareError("This kind of recipient is not on the list: see the rows of policy_recipients.")
    return names[recipient]
