"""The findings of a run, as far as whoever asks may see them: with history, owner and explanation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fairhold.access import Scope, verb
from fairhold.returns import guarded
from fairhold.returns.guarded import Sight
from fairhold.returns.workspace.domain import Run, State
from fairhold.returns.workspace.runs import find
from fairhold.returns.workspace.selecting import BESIDE, FAULTS, RETURNS, STATE, TEAM, Choice, condition


@dataclass(frozen=True)
class Shown:
    """One row at fault. `values` stand beside `fields`, as sent; those of a protected address are withheld.

    `since` is the run that first found the fault; `words` its explanation, `carried` how that came from an earlier year
    while nobody has confirmed it. `owner` is an account's number.
    """

    fault: int
    rule: str
    title: str
    severity: str
    table: str
    line: int
    row: int
    group: int
    child: str
    fields: tuple[str, ...]
    values: tuple[str, ...]
    state: State
    since: int
    worker: str | None
    team: str | None
    owner: int | None
    due: date | None
    words: str | None
    carried: str | None
    delivery: int | None


@dataclass(frozen=True)
class Page:
    """Findings in the order of rule, table and line, and how many rows and faults the choice has in all.

    `withheld` counts the faults of the whole run that are about children whom the purpose may not see.
    """

    run: Run
    rows: list[Shown]
    total: int
    faults: int
    withheld: int


@verb("returns.findings")
def findings(
    scope: Scope,
    *,
    run: int,
    choice: Choice | None = None,
    per_rule: int | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Page:
    """The findings of a run; `choice` narrows them (its return and year are the run's).

    At most `limit` rows from `offset` on, or at most `per_rule` of each rule.
    """
    page = look(scope, run=run, choice=choice, per_rule=per_rule, limit=limit, offset=offset)
    scope.tell(run=run, rows=len(page.rows))
    return page


def look(
    scope: Scope,
    *,
    run: int,
    choice: Choice | None = None,
    per_rule: int | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Page:
    """What `findings` shows, for other verbs."""
    of = find(scope, run)
    params: dict[str, Any] = {"run": run, "limit": limit, "offset": offset, "per_rule": per_rule}
    seen = scope.one(_COUNT.format(source=_ALL), params)
    assert seen is not None
    source, total = _ALL, dict(seen)
    if choice is not None or scope.purpose.slug != RETURNS:
        source, more = _source(scope, replace(choice or Choice("", 0), name=of.name, year=of.year))
        params |= more
        total = scope.one(_COUNT.format(source=source), params) or total
    params |= {"name": of.name, "year": of.year}
    rows = scope.rows(_ROWS.format(source=source, state=STATE, team=TEAM, beside=BESIDE), params)
    scope.concerns({row["subject_id"] for row in rows if row["subject_id"]})
    every: int = scope.value("select sum(faults) from system.return_run_rule where run_id = %s", (run,)) or 0
    return Page(of, _shown(scope, of, rows), **total, withheld=every - seen["faults"])


def _source(scope: Scope, choice: Choice) -> tuple[str, dict[str, Any]]:
    """The FROM and WHERE of the rows that a choice means. What is fixed is shown as it was last found."""
    where, params = condition(scope, choice, fixed=choice.state is None)  # an older run shows all that it found
    in_run = "r.run_id = f.last_run" if choice.state is State.FIXED else "r.run_id = %(run)s"
    return f"{FAULTS} join system.return_finding r on r.fault_id = f.id and {in_run} where {where}", params


# All rows of a run: few joins, since a page asks this first.
_ALL = """system.return_finding r left join system.subject s on s.id = r.subject_id
where r.run_id = %(run)s and (r.subject_id is null or s.id is not null)"""
_COUNT = "select count(*) as total, count(distinct r.fault_id) as faults from {source}"
_ROWS = """
with picked as materialized (
    select r.*, row_number() over (partition by r.rule order by r."table", r.line, r."group", r.row) as nth
    from {source}
), shown as materialized (
    select * from picked where %(per_rule)s::int is null or nth <= %(per_rule)s
    order by rule, nth limit %(limit)s offset %(offset)s
)
select f.id as fault, f.rule, f.child, f.subject_id, f.first_run as since, f.worker, {team} as team, a.owner, a.due,
    {state} as state, shown."table", shown.line, shown.row, shown."group", shown."values", s.guard,
    case when e.confirmed_at is null then e.how end as carried, c.title, c.severity, c.fields, x.words
from shown
join system.return_fault f on f.id = shown.fault_id {beside}
join system.return_run_rule c on c.run_id = shown.run_id and c.rule = shown.rule
left join system.return_explanation x on x.id = e.explanation_id
order by shown.rule, shown.nth
"""


def _shown(scope: Scope, run: Run, rows: Sequence[dict[str, Any]]) -> list[Shown]:
    masked = frozenset(row["child"] for row in rows if row["guard"] and not scope.purpose.protected)
    sight = Sight(frozenset(), masked)
    return [_one(run, row, sight) for row in rows]


def _one(run: Run, row: dict[str, Any], sight: Sight) -> Shown:
    fields = tuple(row["fields"].get(row["table"], ()))
    return Shown(
        fields=fields,
        values=guarded.values(row["table"], row["child"], fields, tuple(row["values"]), sight),
        state=State(row["state"]),
        delivery=run.deliveries.get(row["table"]),
        **{name: row[name] for name in _AS_THEY_ARE},
    )


_AS_THEY_ARE = (
    *("fault", "rule", "title", "severity", "table", "line", "row", "group", "child", "since", "worker", "team"),
    *("owner", "due", "words", "carried"),
)
