"""Making runs and looking at them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from fairhold import returns
from fairhold.access import Scope, verb
from fairhold.returns.checking import Checked, check_tables
from fairhold.returns.files import CannotRun
from fairhold.returns.workspace import assigning
from fairhold.returns.workspace.domain import PRODUCTION, Counts, RuleCount, Run, WorkspaceError, counted
from fairhold.returns.workspace.material import Material, delivered
from fairhold.returns.workspace.store import store

_RUN = (
    "id, name, year, la, origin, made_at, made_by, as_at, rules_digest, sources, rows, set_aside, extra_columns,"
    " tables_file, due"
)
_RULE = "rule, title, severity, fields, not_run, findings, faults, new, fixed, explained"


@verb("returns.check")
def check(scope: Scope, *, name: str, year: int, la: str) -> int:
    """Run every rule in force over the newest delivered tables of a return, last year's beside them.

    The rules run over every child, or the check would be wrong; nothing of a child comes out of here but the number of
    the run. Raises CannotRun with one sentence when no file of that year was delivered.
    """
    fit(name, la)
    with scope.under(PRODUCTION):
        material = delivered(scope, name, year)
        checked = check_tables(name, year, la, material.inputs)
        run = keep(scope, checked, material, origin="delivered")
    assigning.settle(scope, name, year)
    return run


def keep(scope: Scope, checked: Checked, material: Material, *, origin: str, as_at: date | None = None) -> int:
    """Keep what a check gave as the newest run of its year, inside a verb under the production purpose.

    The verb calls `assigning.settle` after it has left that purpose.
    """
    stored = store(scope, checked, material, origin=origin, as_at=as_at or scope.day)
    scope.concerns(stored.subjects)
    scope.tell(
        run=stored.run,
        rules=len(checked.outcome.ran),
        not_run=len(checked.outcome.not_run),
        findings=len(checked.findings),
        faults=stored.faults,
    )
    return stored.run


def fit(name: str, la: str) -> None:
    if name not in returns.of_years():
        raise CannotRun(f"{name} is no return that can be checked; use one of {', '.join(returns.of_years())}.")
    authority = returns.declared(name).authority
    if not re.fullmatch(authority.pattern, la):
        raise CannotRun(f"{la} is no {authority.kind} of an authority; write one such as {authority.example}.")


@verb("returns.runs")
def runs(scope: Scope, *, name: str | None = None, year: int | None = None) -> list[tuple[Run, Counts]]:
    """The runs, the newest first, with their totals; of one return or year where named."""
    found = runs_of(scope, name, year)
    scope.tell(rows=len(found))
    return found


def runs_of(scope: Scope, name: str | None, year: int | None) -> list[tuple[Run, Counts]]:
    """What `runs` shows, for other verbs."""
    found = [
        Run(**row)
        for row in scope.rows(
            f"select {_RUN} from system.return_run where (%(name)s::text is null or name = %(name)s)"
            " and (%(year)s::int is null or year = %(year)s) order by id desc",
            {"name": name, "year": year},
        )
    ]
    rules = rules_of(scope, [run.id for run in found])
    return [(run, counted(rules[run.id], len(run.set_aside))) for run in found]


@verb("returns.run")
def run(scope: Scope, *, number: int) -> tuple[Run, list[RuleCount]]:
    """One run, and what each rule gave over all children; a number nobody gave out is a WorkspaceError."""
    found = find(scope, number)
    scope.tell(run=number)
    return found, rules_of(scope, [number])[number]


def find(scope: Scope, number: int) -> Run:
    """The run of that number."""
    row = scope.one(f"select {_RUN} from system.return_run where id = %s", (number,))
    if row is None:
        raise WorkspaceError("There is no such run, or its time was up: see the list of runs.")
    return Run(**row)


def newest(scope: Scope, name: str, year: int) -> Run | None:
    """The newest run of a return's year."""
    row = scope.one(
        f"select {_RUN} from system.return_run where name = %s and year = %s order by id desc limit 1", (name, year)
    )
    return None if row is None else Run(**row)


def rules_of(scope: Scope, numbers: list[int]) -> dict[int, list[RuleCount]]:
    """What each rule gave, by run, in the order of the rules' codes."""
    found: dict[int, list[RuleCount]] = {number: [] for number in numbers}
    query = f"select run_id, {_RULE} from system.return_run_rule where run_id = any(%s) order by run_id, rule"
    for row in scope.rows(query, (numbers,)):
        found[row.pop("run_id")].append(_count(row))
    return found


def _count(row: dict[str, Any]) -> RuleCount:
    return RuleCount(**row)
