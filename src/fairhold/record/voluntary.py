"""Voluntary items: a refusal or a withdrawal takes the value out of the live store, and keeps it out (N042).

A code that says it was refused takes its place where the code set has one. What a later file says of the item is taken
out again in that file's own transaction. The bytes as received live by their own rule and are not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fairhold import identity, intake, work
from fairhold.access import Scope, verb
from fairhold.catalogue import collecting
from fairhold.dates import clock
from fairhold.errors import PlainError
from fairhold.record.search import refresh

SHARED = {"ethnicity": "ethnicity", "language": "language", "number": "phone", "email": "email"}
"""Stored fields that the sharing gate knows, and how it calls them: whoever had one is told."""


class VoluntaryError(PlainError):
    """An item cannot be refused as asked; the sentence says why."""


@dataclass(frozen=True)
class Refused:
    """One item that was refused: since when, and by which version of the text at the point of collection."""

    table: str
    field: str
    code: str | None
    notice: str
    at: datetime


@verb("voluntary.refuse")
def refuse(scope: Scope, *, person: int, table: str, field: str, collection: str = "ctf") -> int:
    """Take a voluntary item out at once and keep it out; returns how many values went.

    Raises VoluntaryError for an item that the law says must be given, or a child who is not there.
    """
    may = collecting.voluntary(scope.day)
    if (table, field) not in may:
        raise VoluntaryError("The law says that this must be given, or there is no such item: it cannot be refused.")
    subjects = identity.members(scope, person)
    if scope.one("select 1 from people.birth where subject_id = any(%s)", (subjects,)) is None:
        raise VoluntaryError("There is no such child.")
    code = may[table, field]
    scope.run(
        "insert into people.refused_item (subject_id, guard, fact_table, field, code, notice, refused_by, refused_at)"
        " select b.subject_id, max(b.guard), %s, %s, %s::text, %s, %s::bigint, %s::timestamptz from people.birth b"
        " where b.subject_id = any(%s) group by b.subject_id on conflict do nothing",
        (
            *(table, field, code, collecting.notice(collection, scope.day).version, scope.actor.id, clock.now()),
            subjects,
        ),
    )
    gone = _take_out(scope, table, field, code, subjects)
    refresh(scope, subjects)
    scope.concerns(subjects)
    scope.tell(field=f"{table}.{field}", values=gone)
    if field in SHARED:
        _to_tell(scope, person, SHARED[field])
    return gone


def _take_out(scope: Scope, table: str, field: str, code: str | None, subjects: Sequence[int]) -> int:
    """Out of every row, the past ones too: from the column, from the words as received, and from the fingerprint."""
    return scope.run(
        f"update {table} set {field} = %(code)s, raw = raw - %(field)s, fingerprint = uuid_send(gen_random_uuid())"
        f" where subject_id = any(%(subjects)s) and ({field} is distinct from %(code)s or raw ? %(field)s)",
        {"code": code, "field": field, "subjects": list(subjects)},
    )


def _to_tell(scope: Scope, person: int, name: str) -> None:
    work.raise_item(
        scope,
        kind="voluntary.tell",
        key=f"{person}:{name}",
        title=f"Ask whoever had the {name.replace('_', ' ')} of record {person} to delete it",
        role="ig-officer",
        room="sharing",
        link=f"/children/{person}/shares/",
    )


@verb("voluntary.read")
def refused(scope: Scope, *, person: int) -> list[Refused]:
    """What was refused of a child, the newest first."""
    subjects = identity.members(scope, person)
    rows = scope.rows(
        "select distinct on (fact_table, field) fact_table, field, code, notice, refused_at from people.refused_item"
        " where subject_id = any(%s) order by fact_table, field, refused_at",
        (subjects,),
    )
    scope.concerns(subjects)
    return [Refused(*row.values()) for row in sorted(rows, key=lambda row: row["refused_at"], reverse=True)]


@intake.after_storing
def keep_out(scope: Scope, deliveries: Sequence[int]) -> None:
    """What a delivery says of a refused item is taken out in its own transaction, under every subject of the child."""
    rows = scope.rows(
        "select r.fact_table, r.field, r.code, array_agg(distinct m.subject_id) as subjects from system.mention m"
        " left join people.membership mine on mine.subject_id = m.subject_id"
        " left join people.membership other on other.person_id = mine.person_id"
        " join people.refused_item r on r.subject_id = coalesce(other.subject_id, m.subject_id)"
        " where m.delivery_id = any(%s) group by 1, 2, 3",
        (list(deliveries),),
    )
    for row in rows:
        _take_out(scope, row["fact_table"], row["field"], row["code"], row["subjects"])
    if rows:
        refresh(scope, sorted({subject for row in rows for subject in row["subjects"]}))


def notice_seen(collection: str, received: date) -> str:
    """The version of the text that a form of this collection carried on the day a value was received (N041)."""
    return collecting.notice(collection, received).version
