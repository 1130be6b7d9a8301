"""The SQL of retention that is not generated."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from fairhold.access import Scope
from fairhold.access.scope import Row
from fairhold.retention import gathering, judging


def holds(scope: Scope) -> list[Row]:
    """Holds in force, and the rows that lift shipped ones."""
    return scope.rows(
        "select id, rule, reference, classes, subjects, shipped from system.hold"
        " where lifted_at is null or shipped order by id"
    )


def known_subjects(scope: Scope, subjects: Sequence[int]) -> int:
    """How many of these subjects there are."""
    found: int = scope.value("select count(*) from system.subject where id = any (%s)", (list(subjects),))
    return found


def place(
    scope: Scope, *, rule: str, reference: str, classes: list[str] | None, subjects: list[int] | None, at: datetime
) -> int:
    """Add a hold."""
    found: int = scope.value(
        "insert into system.hold (rule, reference, classes, subjects, placed_by, placed_at)"
        " values (%s, %s, %s, %s, %s, %s) returning id",
        (rule, reference, classes, subjects, scope.actor.id, at),
    )
    return found


def lift(scope: Scope, *, number: int, because: str, at: datetime) -> bool:
    """Lift a placed hold; returns whether it was in force."""
    changed = scope.run(
        "update system.hold set lifted_by = %s, lifted_at = %s, lifted_because = %s"
        " where id = %s and lifted_at is null",
        (scope.actor.id, at, because, number),
    )
    return changed == 1


def lift_shipped(scope: Scope, *, rule: str, because: str, at: datetime) -> None:
    """Note that a shipped hold is lifted."""
    actor = scope.actor.id
    scope.run(
        "insert into system.hold (rule, reference, shipped, placed_by, placed_at, lifted_by, lifted_at, lifted_because)"
        " values (%s, 'shipped', true, %s, %s, %s, %s, %s)",
        (rule, actor, at, actor, at, because),
    )


def judge(scope: Scope, *, day: date, in_force: Sequence[dict[str, Any]], person: int | None = None) -> None:
    """Judge everybody, or one person, into a temporary table `retention_judged`, which ends with the transaction."""
    scope.run("drop table if exists pg_temp.retention_judged")
    query = judging.judged(gathering.facts(gathering.PERSONS if person is None else gathering.ONE_PERSON))
    parameters = {"day": day, "holds": json.dumps(list(in_force)), "person": person}
    scope.run(f"create temporary table retention_judged on commit drop as {query}", parameters)


def counts(scope: Scope, *, day: date) -> list[Row]:
    """How many people have records of each class, by where they stand."""
    return scope.rows(
        f"select klass, {_STATUS} as status, count(*) as people, min(due) as earliest from retention_judged"
        " group by 1, 2 order by 1, 2",
        {"day": day},
    )


def listed(scope: Scope, *, day: date, all_of_them: bool = False) -> list[Row]:
    """Of those judged, the ones not simply kept on: due, held, for review, or not to be computed; or all of them."""
    return scope.rows(
        f"select *, {_STATUS} as status from retention_judged where %(all)s or {_STATUS} <> 'not due'"
        " order by due nulls last, person, klass",
        {"day": day, "all": all_of_them},
    )


_STATUS = """case when by_review then 'review' when due is null then 'cannot be computed'
    when due > %(day)s then 'not due' when cardinality(holds) > 0 then 'held' else 'due' end"""


def subjects_of(scope: Scope, persons: Sequence[int]) -> list[int]:
    """Every subject of these persons."""
    query = f"""select subject_id from ({gathering.PERSONS}) person_of
        join unnest(%s::bigint[]) as wanted (person) using (person) order by 1"""
    return [row["subject_id"] for row in scope.rows(query, (list(persons),))]


def files_due(scope: Scope, *, day: date) -> list[Row]:
    """Kept files whose day has come."""
    return scope.rows(
        "select id, kind, class, retention, due from system.vault_file"
        " where state = 'kept' and due <= %s order by due, id",
        (day,),
    )
