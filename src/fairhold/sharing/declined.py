"""Decisions not to share: by a person or by the gate, with the reason, kept as carefully as what left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.sharing import queries
from fairhold.sharing.facts import said
from fairhold.sharing.shares import ShareError

By = Literal["person", "gate"]


@dataclass(frozen=True)
class Declined:
    """One decision not to share; `share` where a share holds it, `subject` None where no child of ours is meant."""

    at: datetime
    by: str
    recipient: str
    organisation: str
    fields: tuple[str, ...]
    rules: tuple[str, ...]
    reason: str
    decided_by: int | None
    subject: int | None
    share: int | None


def keep(
    scope: Scope,
    *,
    recipient: str,
    organisation: str,
    fields: Sequence[str],
    by: By,
    reason: str,
    rules: Sequence[str] = (),
    subject: int | None = None,
    guard: int = 0,
    entry: str | None = None,
    at: datetime | None = None,
) -> int | None:
    """Keep a decision not to share inside another verb; its number, or None for a spool entry that is here already."""
    found: int | None = scope.value(
        "insert into system.share_declined (entry, subject_id, guard, recipient, organisation, fields, by, rules,"
        " reason, decided_by, decided_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (entry) do nothing returning id",
        (
            *(entry, subject, guard, recipient, organisation, list(fields), by, list(rules), reason),
            *(scope.actor.id, at or clock.now()),
        ),
    )
    return found


@verb("shares.decline")
def decline(
    scope: Scope,
    *,
    recipient: str,
    organisation: str,
    fields: Sequence[str],
    reason: str,
    person: int | None = None,
) -> int:
    """Record by itself that somebody decided not to tell."""
    if not (said(recipient) and said(organisation)):
        raise ShareError("Say which body asked, and of what kind it is.", at="recipient")
    if not said(reason):
        raise ShareError("Say why it was not told: a decision without its reason helps nobody later.", at="reason")
    if not fields or not all(map(said, fields)):
        raise ShareError("Say what was not told.", at="fields")
    found = keep(
        scope,
        recipient=recipient,
        organisation=organisation,
        fields=fields,
        by="person",
        reason=reason,
        subject=person,
        guard=_guard(scope, person),
    )
    assert found is not None
    scope.concerns([] if person is None else [person])
    scope.tell(declined=found, fields=len(fields))
    return found


def _guard(scope: Scope, person: int | None) -> int:
    """The child's guard, as far as this purpose can see it."""
    if person is None:
        return 0
    readable = scope.value("select has_table_privilege('people.name', 'select')")
    found = scope.value("select max(guard) from people.name where subject_id = %s", (person,)) if readable else None
    if readable and found is None:
        raise ShareError("There is no such child, or the purpose you chose does not open this record.")
    return found or 0


@verb("shares.declined")
def declined(scope: Scope, *, person: int | None = None) -> list[Declined]:
    """Every decision not to share that stands by itself, and shares a person refused; of one child or of all."""
    mine = None if person is None else queries.subjects_of(scope, [person])
    rows = scope.rows(_DECLINED, {"mine": mine})
    scope.concerns(row["subject"] for row in rows if row["subject"] is not None)
    scope.tell(rows=len(rows))
    return [Declined(**{**row, "fields": tuple(row["fields"]), "rules": tuple(row["rules"])}) for row in rows]


# A share that a person refused is one decision about many children; those of one child stand in its decisions.
_DECLINED = """
select decided_at as at, by, recipient, organisation, fields, rules, reason, decided_by, subject_id as subject,
    null::bigint as share
from system.share_declined where %(mine)s::bigint[] is null or subject_id = any(%(mine)s)
union all
select a.at, 'person', p.kind, p.name, s.fields, array[]::text[], a.note, a.approver, null, s.id
from system.share_approval a join system.share s on s.id = a.share_id join system.share_partner p on p.id = s.partner_id
where not a.approves and (%(mine)s::bigint[] is null or exists (
    select from system.share_decision d where d.share_id = s.id and d.subject_id = any(%(mine)s)))
order by at desc
"""
