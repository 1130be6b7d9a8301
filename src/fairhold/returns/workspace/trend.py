"""How the faults of a return went from run to run: totals for a chart with its table, and the same by rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fairhold.access import Scope, verb
from fairhold.returns.workspace.domain import Counts, RuleCount, counted
from fairhold.returns.workspace.runs import rules_of


@dataclass(frozen=True)
class Point:
    """One run: its totals and what each rule gave."""

    run: int
    made_at: datetime
    counts: Counts
    rules: list[RuleCount]


@verb("returns.trend")
def trend(scope: Scope, *, name: str, year: int) -> list[Point]:
    """The runs of a return's year, the oldest first. An older run's `explained` is as it was when the next was made."""
    rows = scope.rows(
        "select id, made_at, jsonb_array_length(set_aside) as aside from system.return_run"
        " where name = %s and year = %s order by id",
        (name, year),
    )
    rules = rules_of(scope, [row["id"] for row in rows])
    scope.tell(rows=len(rows))
    return [Point(row["id"], row["made_at"], counted(rules[row["id"]], row["aside"]), rules[row["id"]]) for row in rows]
