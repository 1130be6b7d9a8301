"""Links between a child and a body that no source tells: recorded by an officer on the case, with what they rest on.

A council that a child moved to, a provider where a place is agreed, a school that has admitted a child: without a link
the gate lets nothing go there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.record import Candidate
from fairhold.sharing.facts import said
from fairhold.sharing.shares import ShareError

KINDS = ("enrolled_at", "placed_with", "linked_councils")
"""What an officer may record; `applied_to` comes from the providers' own registers alone."""


@verb("shares.link")
def link(
    scope: Scope, *, person: int, kind: str, body: str, from_date: date, to_date: date | None, evidence: str
) -> int:
    """Record that a child is linked with a body (its LAEstab, URN, UKPRN or council code), half-open, and why we know.

    The child is one that the purpose at work may see.
    """
    if kind not in KINDS:
        raise ShareError(f"The kind of a link is one of: {', '.join(KINDS)}.")
    if not said(body) or not said(evidence):
        raise ShareError("Give the number of the body, and on what the link rests, for example a letter and its date.")
    if to_date is not None and to_date <= from_date:
        raise ShareError("The link ends before it begins: correct one of the two dates.")
    scope.concerns([person])
    number: int | None = scope.value(
        "insert into system.share_link"
        " (subject_id, guard, kind, body, from_date, to_date, evidence, added_by, added_at)"
        " select b.subject_id, b.guard, %s, %s, %s::date, %s::date, %s, %s::bigint, %s::timestamptz from people.birth b"
        " left join people.membership m on m.subject_id = b.subject_id"
        " where %s in (b.subject_id, m.person_id) order by b.subject_id limit 1 returning id",
        (kind, body.strip(), from_date, to_date, evidence.strip(), scope.actor.id, clock.now(), person),
    )
    if number is None:
        raise ShareError("There is no such child for this purpose: find the child first.")
    scope.tell(link=number, kind=kind)
    return number


def of_persons(scope: Scope, people: Iterable[Candidate]) -> dict[int, dict[str, list[str]]]:
    """Every link of these people in force today, those of the sources included: person → kind → bodies."""
    whose = {subject: one for one in people for subject in one.subjects}
    found: dict[int, dict[str, list[str]]] = {
        one.person: defaultdict(list, {kind: list(getattr(one, kind)) for kind in KINDS}) for one in whose.values()
    }
    rows = scope.rows(
        "select subject_id, kind, body from system.share_link where subject_id = any(%s)"
        " and from_date <= %s and (to_date is null or %s < to_date) order by id",
        (list(whose), scope.day, scope.day),
    )
    for row in rows:
        found[whose[row["subject_id"]].person][row["kind"]].append(row["body"])
    return {person: dict(links) for person, links in found.items()}
