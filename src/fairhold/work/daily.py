"""The daily run as it is kept: when each step last ran, what it did in counts, and whether it is late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from psycopg.types.json import Jsonb

from fairhold.access import Row, Scope, verb
from fairhold.access.errands import Errand, errands
from fairhold.dates import clock
from fairhold.work.actions import close, raise_item

KIND = "daily.failed"
EVERY = timedelta(days=1)
KEPT = timedelta(days=366)  # how long it is kept that a step ran


class State(StrEnum):
    """How a step stands."""

    DONE = "done"
    FAILED = "failed"
    LATE = "late"  # its last good run began more than a day ago
    NEVER = "never"


@dataclass(frozen=True)
class Standing:
    """A step: when its last good run began under the purpose that has waited longest, and what came of the newest.

    `last` is None while it has not yet run well under each of its purposes.
    """

    errand: Errand
    last: datetime | None
    counts: Mapping[str, int]
    failed: tuple[str, ...]

    @property
    def due(self) -> datetime | None:
        """By when it is expected to run again."""
        return None if self.last is None else self.last + EVERY

    def state(self, now: datetime) -> State:
        """How it stands at an instant."""
        if self.failed:
            return State.FAILED
        if self.due is None:
            return State.NEVER
        return State.LATE if self.due < now else State.DONE


@verb("daily.keep")
def keep(
    scope: Scope, *, step: str, began: datetime, ended: datetime, counts: Mapping[str, int], failed: Sequence[str]
) -> None:
    """Keep that a step has run under the purpose at work. One that failed is put on the administrator's list."""
    purpose = scope.purpose.slug
    scope.run(
        "insert into system.daily_run (step, purpose, began_at, ended_at, counts, failed)"
        " values (%s, %s, %s, %s, %s, %s)",
        (step, purpose, began, ended, Jsonb(dict(counts)), " ".join(failed) or None),
    )
    scope.run(
        "delete from system.daily_run where step = %s and purpose = %s and began_at < %s", (step, purpose, began - KEPT)
    )
    key = f"{step}.{purpose}"
    if failed:
        title = f"A step of the daily run failed: {errands()[step].title}"
        raise_item(scope, kind=KIND, key=key, title=title, role="administrator", room="work", link="/daily/")
    else:
        close(scope, KIND, key)
    scope.tell(step=step, failed=len(failed))


@verb("daily.runs")
def standings(scope: Scope) -> list[Standing]:
    """Every step of the daily run and how it stands, in the order in which they run."""
    rows = scope.rows(
        "with newest as (select distinct on (step, purpose) step, purpose, counts, failed from system.daily_run"
        " order by step, purpose, id desc)"
        " select n.*, (select max(began_at) from system.daily_run d where d.step = n.step and d.purpose = n.purpose"
        " and d.failed is null) as last from newest n"
    )
    kept = {(row["step"], row["purpose"]): row for row in rows}
    found = [_standing(one, [kept.get((one.step, purpose)) for purpose in one.purposes]) for one in errands().values()]
    scope.tell(late=sum(one.state(clock.now()) is not State.DONE for one in found))
    return found


def _standing(errand: Errand, rows: Sequence[Row | None]) -> Standing:
    ran = [row for row in rows if row is not None]
    counts: Counter[str] = Counter()
    for row in ran:
        counts.update(row["counts"])
    lasts = [row["last"] for row in ran if row["last"] is not None]
    last = min(lasts) if len(lasts) == len(rows) else None
    return Standing(errand, last, dict(counts), tuple(row["failed"] for row in ran if row["failed"]))
