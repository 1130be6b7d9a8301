"""The SQL of persons, links and doubts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from fairhold.access import Row, Scope
from fairhold.identity.domain import Candidate, Doubt, Evidence, Link, Side, Step

# The persons of some subjects computed again from the standing links: everyone they were joined with takes part.
_REGROUP = """
with recursive touched as (
    select unnest(%(subjects)s::bigint[]) as subject_id
), persons as (
    select person_id from people.membership m join touched using (subject_id)
), involved as (
    select subject_id from touched
    union select subject_id from people.membership where person_id in (select person_id from persons)
), edge as (
    select low as one, high as other from people.link where undone_at is null
    union all select high, low from people.link where undone_at is null
), reach (start, subject) as (
    select subject_id, subject_id from involved
    union select r.start, e.other from reach r join edge e on e.one = r.subject
), grouped as (
    select start, min(subject) as person, count(*) as size from reach group by start
), gone as (
    delete from people.membership m using grouped g where m.subject_id = g.start and g.size = 1
)
insert into people.membership (subject_id, person_id)
select r.subject, g.person from grouped g join (select distinct start, subject from reach) r on r.start = g.start
where g.size > 1 group by r.subject, g.person
on conflict (subject_id) do update set person_id = excluded.person_id
    where people.membership.person_id <> excluded.person_id
"""


def regroup(scope: Scope, subjects: Sequence[int]) -> None:
    """Compute the persons of these subjects, and of all they are or were joined with, again."""
    if subjects:
        scope.run(_REGROUP, {"subjects": list(subjects)})


def members(scope: Scope, subject: int) -> list[int]:
    """All subjects of the person a subject belongs to, itself included, the lowest first."""
    rows = scope.rows(
        "select m.subject_id from people.membership mine join people.membership m using (person_id)"
        " where mine.subject_id = %s order by m.subject_id",
        (subject,),
    )
    return [row["subject_id"] for row in rows] or [subject]


def last_delivery(scope: Scope) -> int:
    """The last delivery that a run under this purpose looked at; 0 before the first."""
    found: int | None = scope.value(
        "select max(upto_delivery) as upto from people.matching_run where purpose = %s", (scope.purpose.slug,)
    )
    return found or 0


def add_run(scope: Scope, at: datetime, linked: int, candidates: int) -> None:
    """Write down a run and how far it looked."""
    scope.run(
        "insert into people.matching_run (purpose, upto_delivery, at, linked, candidates)"
        " select %s, coalesce(max(id), 0), %s, %s, %s from system.delivery",
        (scope.purpose.slug, at, linked, candidates),
    )


def _evidence(found: dict[str, Any]) -> Evidence:
    return Evidence(*(tuple(found.get(name, ())) for name in ("agree", "differ", "missing")))


def _link(row: Row) -> Link:
    return Link(**{**row, "step": Step(row["step"]), "evidence": _evidence(row["evidence"])})


_LINK = "select id, low, high, step, evidence, author, made_at, model, undone_at, reason from people.link"


def find_link(scope: Scope, number: int) -> Link | None:
    """One link, standing or undone."""
    row = scope.one(f"{_LINK} where id = %s", (number,))
    return _link(row) if row else None


def links_among(scope: Scope, subjects: Sequence[int]) -> list[Link]:
    """The standing links between some subjects, oldest first."""
    rows = scope.rows(
        f"{_LINK} where undone_at is null and low = any(%(them)s) and high = any(%(them)s) order by id",
        {"them": list(subjects)},
    )
    return [_link(row) for row in rows]


def add_link(scope: Scope, *, low: int, high: int, evidence: Any, author: str, at: datetime, model: str) -> int:
    """Write down that a person says two subjects are one child."""
    number: int = scope.value(
        "insert into people.link (low, high, step, evidence, author, made_at, model)"
        " values (%s, %s, 'person', %s, %s, %s, %s) returning id",
        (low, high, evidence, author, at, model),
    )
    return number


def undo_link(scope: Scope, number: int, author: str, reason: str, at: datetime) -> None:
    """Close a link; the row stays."""
    scope.run(
        "update people.link set undone_at = %s, undone_by = %s, reason = %s where id = %s", (at, author, reason, number)
    )


_CURRENT = "{0}.subject_id = s.id and {0}.known_until = 'infinity' and {0}.until_date = 'infinity'"
_CANDIDATES = f"""
select c.id, c.kind, c.evidence, c.found_at, c.low, c.high, c.state, side.*
from people.candidate c, lateral (
    select s.id as subject, source.name as source, n.surname, n.forename, b.date_of_birth::text, b.sex, a.postcode,
        (select i.value from people.identifier i where {_CURRENT.format("i")} and i.kind = 'upn' limit 1) as upn
    from system.subject s join system.source source on source.id = s.source_id
    left join people.name n on {_CURRENT.format("n")}
    left join people.birth b on {_CURRENT.format("b")}
    left join people.address a on {_CURRENT.format("a")}
    where s.id in (c.low, c.high)
) side
where c.state = 'open' and (%(number)s::bigint is null or c.id = %(number)s)
    and (%(kind)s::text is null or c.kind = %(kind)s)
order by c.id, side.subject limit %(limit)s
"""


def candidates(
    scope: Scope, *, number: int | None = None, kind: str | None = None, limit: int = 100
) -> list[Candidate]:
    """Open doubts with both records side by side, oldest first."""
    rows = scope.rows(_CANDIDATES, {"number": number, "kind": kind, "limit": 2 * limit})
    found = []
    for _, both in groupby(rows, key=itemgetter("id")):
        one, *other = both
        if other:  # a side that has become restricted since is not for this purpose, and so neither is the pair
            sides = (_side(one), _side(other[0]))
            found.append(Candidate(one["id"], Doubt(one["kind"]), _evidence(one["evidence"]), one["found_at"], sides))
    return found


def _side(row: Row) -> Side:
    return Side(**{name: row[name] for name in Side.__dataclass_fields__})


def decide(scope: Scope, number: int, state: str, author: str, at: datetime) -> None:
    """Close a doubt as accepted or rejected."""
    scope.run(
        "update people.candidate set state = %s, decided_at = %s, decided_by = %s where id = %s",
        (state, at, author, number),
    )


def counts(scope: Scope) -> dict[str, int]:
    """Open doubts this purpose may see, by kind."""
    rows = scope.rows(
        "select kind, count(*) as n from people.candidate where state = 'open' group by kind order by kind"
    )
    return {row["kind"]: row["n"] for row in rows}


def sources(scope: Scope, subjects: Sequence[int]) -> int:
    """How many different sources some subjects are of."""
    number: int = scope.value(
        "select count(distinct source_id) as n from system.subject where id = any(%s)", (list(subjects),)
    )
    return number


def share_guard(scope: Scope, subjects: Sequence[int]) -> None:
    """Give every subject of a person the highest guard that one of them has."""
    scope.run(
        "with highest as (select max(guard) as guard from system.subject where id = any(%(them)s))"
        " select system.raise_guard(array_agg(s.id), array_agg(h.guard)) from system.subject s, highest h"
        " where s.id = any(%(them)s) and s.guard < h.guard having count(*) > 0",
        {"them": list(subjects)},
    )
