"""Which faults are meant: by rule, child, team, owner or state; and only those that whoever asks may see.

A child who became restricted since the run is not seen any more. Under any purpose but that of the returns a person
sees what was given to them, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from fairhold.access import Scope
from fairhold.returns.workspace.domain import State

RETURNS: Final = "statutory-returns"


@dataclass(frozen=True)
class Choice:
    """Faults of one return and year. What is left empty does not matter. `children` are numbers of the return.

    `owner` is an account's number, `unowned` those given to nobody, `carried` those whose explanation waits to be
    confirmed.
    """

    name: str
    year: int
    rules: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()
    team: str | None = None
    worker: str | None = None
    owner: int | None = None
    unowned: bool = False
    state: State | None = None
    severity: str | None = None
    carried: bool = False
    withheld: bool = False  # used under the production purpose alone: only faults that analysts do not see


TEAM: Final = "coalesce(child_team.team, worker_team.team, f.team)"
STATE: Final = """case when f.fixed_run is not null then 'fixed' when e.confirmed_at is not null then 'explained'
    when f.first_run = newest.id then 'new' else 'open' end"""
# Beside a fault `f`: `s` its subject as it may be seen today, `e` the explanation that stands, `a` the assignment.
BESIDE: Final = """left join system.subject s on s.id = f.subject_id
left join system.return_explained e on e.fault_id = f.id and e.ended_at is null
left join system.return_assignment a on a.id = f.assignment_id
left join system.return_team child_team on child_team.subject_id = f.subject_id
left join system.return_team worker_team on worker_team.worker = f.worker
cross join (select max(id) as id from system.return_run where name = %(name)s and year = %(year)s) newest"""
FAULTS: Final = f"system.return_fault f {BESIDE}"


def condition(scope: Scope, choice: Choice, *, fixed: bool = False) -> tuple[str, dict[str, Any]]:
    """The WHERE of a choice over `FAULTS`, with its parameters; `fixed`: faults that are fixed are meant too."""
    parts = ["f.name = %(name)s", "f.year = %(year)s", "(f.subject_id is null or s.id is not null)"]
    params: dict[str, Any] = {"name": choice.name, "year": choice.year, "me": scope.actor.id}
    if scope.purpose.slug != RETURNS:
        parts.append("a.owner = %(me)s")
    if choice.withheld:
        parts.append("greatest(f.guard, s.guard) = 2")
    for name, test, value in (
        ("rules", "f.rule = any(%(rules)s)", sorted(choice.rules)),
        ("children", "f.child = any(%(children)s)", sorted(choice.children)),
        ("team", f"{TEAM} = %(team)s", choice.team),
        ("worker", "f.worker = %(worker)s", choice.worker),
        ("owner", "a.owner = %(owner)s", choice.owner),
        ("state", f"{STATE} = %(state)s", choice.state and choice.state.value),
        ("severity", _SEVERITY, choice.severity),
    ):
        if value:
            parts.append(test)
            params[name] = value
    if choice.unowned:
        parts.append("a.owner is null")
    if choice.carried:
        parts.append("e.how is not null and e.confirmed_at is null")
    if not fixed and choice.state is not State.FIXED:
        parts.append("f.fixed_run is null")
    return " and ".join(parts), params


_SEVERITY = """exists (select from system.return_run_rule r where r.run_id = f.last_run and r.rule = f.rule
    and r.severity = %(severity)s)"""


def chosen(scope: Scope, choice: Choice) -> list[dict[str, Any]]:
    """The faults meant: their numbers, subjects and children."""
    where, params = condition(scope, choice)
    return scope.rows(f"select f.id, f.rule, f.subject_id, f.child from {FAULTS} where {where}", params)
