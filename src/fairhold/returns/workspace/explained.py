"""The SQL by which explanations stand for faults, are carried into a new year, and are counted."""

from __future__ import annotations

from fairhold.access import Scope
from fairhold.dates import clock

# Faults that began in this run take the explanation of an earlier year: that of the same fault first, else of one with
# the same values under the same rule; never where somebody had already said something about this very fault.
_CARRY = """
with earlier as materialized (
    select o.key, o.alike, o.year, e.explanation_id, e.made_at from system.return_explained e
    join system.return_explanation x on x.id = e.explanation_id and x.withdrawn_at is null
    join system.return_fault o on o.id = e.fault_id
    where e.ended_at is null and e.confirmed_at is not null and o.name = %(name)s and o.year < %(year)s
), same_fault as (
    select distinct on (key) key, explanation_id from earlier order by key, year desc, made_at desc
), same_values as (
    select distinct on (alike) alike, explanation_id from earlier
    where alike is not null order by alike, year desc, made_at desc
)
insert into system.return_explained (fault_id, explanation_id, how, made_by, made_at)
select n.id, coalesce(f.explanation_id, v.explanation_id),
    case when f.key is null then 'same values' else 'same fault' end, %(actor)s, %(at)s
from system.return_fault n
left join same_fault f on f.key = n.key
left join same_values v on v.alike = n.alike
where n.first_run = %(run)s and n.name = %(name)s and n.year = %(year)s and (f.key is not null or v.alike is not null)
    and not exists (select from system.return_explained had where had.fault_id = n.id)
"""
_COUNT = """
with newest as (select max(id) as id from system.return_run where name = %(name)s and year = %(year)s),
found as (
    select f.rule, count(*) as explained from newest
    join system.return_fault f on f.last_run = newest.id and f.name = %(name)s and f.year = %(year)s
    join system.return_explained e on e.fault_id = f.id and e.ended_at is null and e.confirmed_at is not null
    group by f.rule
)
update system.return_run_rule r set explained = coalesce(found.explained, 0)
from system.return_run_rule same join newest on same.run_id = newest.id left join found using (rule)
where r.run_id = same.run_id and r.rule = same.rule and r.explained <> coalesce(found.explained, 0)
"""


def carry(scope: Scope, *, run: int, name: str, year: int) -> int:
    """Carry explanations of earlier years to faults that began in this run; each waits to be confirmed."""
    params = {"run": run, "name": name, "year": year, "actor": scope.actor.id, "at": clock.now()}
    return scope.run(_CARRY, params)


def count_explained(scope: Scope, *, name: str, year: int) -> None:
    """Bring the newest run's counts of explained faults up to date, over all children."""
    scope.run(_COUNT, {"name": name, "year": year})
