"""The SQL of a child's record: who belongs to a person, and every fact a purpose may see, in one question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from fairhold import catalogue
from fairhold.access import Row, Scope

# Who was one person with a subject, by the links that stood at the instant.
_MEMBERS = """
with recursive standing as (
    select low, high from people.link
    where made_at <= %(known)s and (undone_at is null or undone_at > %(known)s)
), reach (subject) as (
    select %(subject)s::bigint
    union select case when l.low = r.subject then l.high else l.low end
    from reach r join standing l on r.subject in (l.low, l.high)
)
select subject from reach order by subject
"""


def members(scope: Scope, subject: int, known: datetime) -> list[int]:
    """Every subject of the person this subject belonged to at an instant, itself included, the lowest first."""
    return [row["subject"] for row in scope.rows(_MEMBERS, {"subject": subject, "known": known})]


def visible_tables(scope: Scope) -> tuple[catalogue.Table, ...]:
    """The fact tables the scope's purpose may see, in the catalogue's order."""
    return tuple(table for table in catalogue.tables() if scope.purpose.slug in table.purposes)


@cache
def _facts(tables: tuple[str, ...]) -> str:
    union = "\nunion all\n".join(
        f"select '{name}' as name, f.subject_id, f.delivery_id, f.line, f.known_from, f.guard,"
        " nullif(f.from_date, '-infinity') as starts, nullif(f.until_date, 'infinity') as ends, to_jsonb(f) as fact"
        f" from {name} f where f.subject_id = any(%(subjects)s)"
        " and f.known_from <= %(known)s and %(known)s < f.known_until"
        for name in tables
    )
    return f"""
select facts.*, s.name as source, s.kind as source_kind
from ({union}) facts
left join system.delivery d on d.id = facts.delivery_id left join system.source s on s.id = d.source_id
order by facts.starts desc nulls last, s.name, facts.line"""


def facts(scope: Scope, tables: Sequence[catalogue.Table], subjects: Sequence[int], known: datetime) -> list[Row]:
    """Every fact of these tables about these subjects, as known at an instant, whatever day it holds."""
    query = _facts(tuple(table.name for table in tables))
    return scope.rows(query, {"subjects": list(subjects), "known": known})
