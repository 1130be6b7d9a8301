"""Keeping a run: its rows at fault by COPY, the rest by sets. Called inside a verb, under the production purpose.

What a fault became is worked out here, once a run, by comparing it with what was known: the same fault is seen again,
a new one begins, and one that its rule no longer finds is fixed. A rule that was not run fixes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fairhold import vault
from fairhold.access import Scope
from fairhold.dates import clock
from fairhold.returns import guarded
from fairhold.returns.checking import Checked
from fairhold.returns.guarded import Sight
from fairhold.returns.workspace import tables
from fairhold.returns.workspace.domain import DAYS, KLASS, RETENTION
from fairhold.returns.workspace.explained import carry
from fairhold.returns.workspace.keys import Keyed, keyed
from fairhold.returns.workspace.material import Material
from fairhold.returns.workspace.seeing import known
from fairhold.rulebook.domain import RuleSet

_COLUMNS = ("rule", "grp", "tbl", "line", "row", "key", "alike", "subject_id", "guard", "child", "vals")
_END = "\x1f"
_UNKNOWN = (None, 2)  # a child no record knows is shown like a restricted one: unknown means no


@dataclass(frozen=True)
class Stored:
    """The number of a run, its findings' subjects, and how many faults it has."""

    run: int
    subjects: list[int]
    faults: int


def digest(rules: RuleSet) -> str:
    """A hash of all the rules and shared views that were in force: what a run was checked against."""
    whole = hashlib.sha256()
    for rule in rules.rules:
        whole.update(json.dumps([rule.code, rule.severity, rule.sql, rule.fields]).encode())
    for view in rules.views:
        whole.update(json.dumps([view.name, view.sql]).encode())
    return whole.hexdigest()


def store(scope: Scope, checked: Checked, material: Material, *, origin: str, as_at: date) -> Stored:
    """Keep a run with its findings, and bring the history of its year up to date."""
    name, year = checked.name, checked.year
    scope.run("select pg_advisory_xact_lock(hashtext(%s))", (f"return {name} {year}",))
    run = _add_run(scope, checked, material, origin, as_at)
    _copy(scope, checked, material)
    params = {"name": name, "year": year, "run": run, "not_run": list(checked.outcome.not_run), "day": scope.day}
    # Of rows written a moment ago the planner knows nothing: told so, it hashes instead of comparing all pairs.
    scope.run("set local enable_nestloop = off")
    for statement in (_FAULTS, _FINDINGS, _FIXED, _WORKERS):
        scope.run(statement, params)
    carry(scope, run=run, name=name, year=year)
    _add_rules(scope, checked, run)
    scope.run("set local enable_nestloop = on")
    scope.run("select system.refresh_statistics()")  # a page asks of it at once
    found = scope.rows(
        "select subject_id, count(*) as faults from system.return_fault where last_run = %s group by 1", (run,)
    )
    return Stored(run, [r["subject_id"] for r in found if r["subject_id"]], sum(r["faults"] for r in found))


def _add_run(scope: Scope, checked: Checked, material: Material, origin: str, as_at: date) -> int:
    due = scope.day + timedelta(days=DAYS)
    kept = vault.keep(
        scope, tables.pack(checked.given), kind="return-tables", klass=KLASS, retention=RETENTION, due=due
    )
    number: int = scope.value(
        "insert into system.return_run (name, year, la, origin, made_at, made_by, as_at, rules_digest, sources, rows,"
        " set_aside, extra_columns, tables_file, due) values"
        " (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning id",
        (
            *(checked.name, checked.year, checked.la, origin, clock.now(), scope.actor.id, as_at),
            digest(checked.rules),
            *map(json.dumps, (material.sources, checked.rows)),
            *map(json.dumps, ([vars(item) for item in checked.set_aside], checked.extra_columns)),
            *(kept.id, due),
        ),
    )
    return number


def _copy(scope: Scope, checked: Checked, material: Material) -> None:
    found = keyed(checked)
    subjects = known(scope, (one.child for one in found), material.known_by)
    masked = Sight(frozenset(), frozenset(child for child, (_, guard) in subjects.items() if guard))
    scope.run("drop table if exists in_fault")  # of a run before, in the same transaction
    scope.run(
        "create temporary table in_fault (rule text, grp int, tbl text, line int, row int, key bytea, alike bytea,"
        " subject_id bigint, guard smallint, child text, vals text) on commit drop"
    )
    about = guarded.of_children(checked)
    scope.copy("in_fault", _COLUMNS, (_record(one, about, subjects, masked) for one in found))


def _record(one: Keyed, about: set[str], subjects: dict[str, tuple[int, int]], masked: Sight) -> tuple[Any, ...]:
    finding = one.finding
    subject, guard = subjects.get(one.child, _UNKNOWN) if finding.table in about else (None, 0)
    shown = guarded.values(finding.table, one.child, finding.fields, finding.values, masked)
    place = (finding.rule, finding.group, finding.table, finding.line, finding.row)
    # One text, each value with its end mark: arrays are slow to send.
    values = "".join(f"{value.replace(_END, ' ')}{_END}" for value in shown)
    return (*place, one.key, one.alike, subject, guard, one.child, values)


_FAULTS = """
insert into system.return_fault as f (name, year, rule, key, alike, subject_id, guard, child, first_run, last_run)
select distinct on (key) %(name)s, %(year)s, rule, key, alike, subject_id, guard, child, %(run)s, %(run)s
from in_fault order by key
on conflict (name, year, key) do update set last_run = excluded.last_run, fixed_run = null,
    guard = case when f.subject_id is null then excluded.guard else greatest(f.guard, excluded.guard) end,
    subject_id = coalesce(excluded.subject_id, f.subject_id)
"""
_FINDINGS = """
insert into system.return_finding (run_id, fault_id, subject_id, guard, rule, "group", "table", line, row, "values")
select %(run)s, f.id, i.subject_id, i.guard, i.rule, i.grp, i.tbl, i.line, i.row,
    case when i.vals = '' then '{}' else trim_array(string_to_array(i.vals, chr(31)), 1) end
from in_fault i join system.return_fault f on f.key = i.key and f.name = %(name)s and f.year = %(year)s
order by i.rule, i.tbl, i.line, i.grp
"""
_FIXED = """
update system.return_fault set fixed_run = %(run)s
where name = %(name)s and year = %(year)s and fixed_run is null and last_run < %(run)s and rule <> all (%(not_run)s)
"""
# The social worker and the team a child has on the day, as the record knows them: those of the return, else of any
# record of the same person.
_WORKERS = """
with child as materialized (
    select distinct f.subject_id, coalesce(m.person_id, f.subject_id) as person
    from system.return_fault f left join people.membership m on m.subject_id = f.subject_id
    where f.last_run = %(run)s and f.subject_id is not null
), theirs as materialized (
    select person, subject_id as own, subject_id as of from child
    union select c.person, c.subject_id, m.subject_id from child c join people.membership m on m.person_id = c.person
), worker as (
    select distinct on (own) own, number from (
        select t.own, w.sw_id as number, w.started, t.of <> t.own as other
        from theirs t join social_care.social_worker w on w.subject_id = t.of
        where known_until = 'infinity' and started <= %(day)s and (ended is null or ended >= %(day)s)
        union all
        select t.own, i.worker_no, i.started, true
        from theirs t join social_care.involvement i on i.subject_id = t.of
        where known_until = 'infinity' and started <= %(day)s and (ended is null or ended >= %(day)s)
    ) named where number is not null order by own, other, started desc, number
), team as (
    select distinct on (t.own) t.own, coalesce(w.name, i.team_no) as name
    from theirs t join social_care.involvement i on i.subject_id = t.of
    left join system.worker w on w.kind = 'team' and w.number = i.team_no and w.known_until = 'infinity'
    where i.known_until = 'infinity' and i.started <= %(day)s and (i.ended is null or i.ended >= %(day)s)
        and i.team_no is not null
    order by t.own, i.started desc, i.team_no
)
update system.return_fault f set worker = worker.number, team = team.name
from child left join worker on worker.own = child.subject_id left join team on team.own = child.subject_id
where f.subject_id = child.subject_id and f.last_run = %(run)s
    and (f.worker is distinct from worker.number or f.team is distinct from team.name)
"""
_RULES = """
insert into system.return_run_rule (run_id, rule, title, severity, fields, not_run, findings, faults, new, fixed)
select %(run)s, r.rule, r.title, r.severity, r.fields, r.not_run, r.findings,
    coalesce(seen.faults, 0), coalesce(seen.new, 0), coalesce(gone.fixed, 0)
from jsonb_to_recordset(%(rules)s::jsonb)
    as r (rule text, title text, severity text, fields jsonb, not_run text, findings int)
left join (
    select rule, count(*) as faults, count(*) filter (where first_run = %(run)s) as new
    from system.return_fault where last_run = %(run)s and name = %(name)s and year = %(year)s group by rule
) seen using (rule)
left join (
    select rule, count(*) as fixed from system.return_fault
    where fixed_run = %(run)s and name = %(name)s and year = %(year)s group by rule
) gone using (rule)
"""


def _add_rules(scope: Scope, checked: Checked, run: int) -> None:
    findings = Counter(fault.code for fault in checked.outcome.faults)
    rules = []
    for rule in checked.rules.rules:
        fields: dict[str, list[str]] = {}
        for table, column in rule.fields:
            fields.setdefault(table, []).append(column)
        rules.append(
            {
                "rule": rule.code,
                "title": rule.title,
                "severity": rule.severity,
                "fields": fields,
                "not_run": checked.outcome.not_run.get(rule.code),
                "findings": findings[rule.code],
            }
        )
    params = {"run": run, "name": checked.name, "year": checked.year, "rules": json.dumps(rules)}
    scope.run(_RULES, params)
