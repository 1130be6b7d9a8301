"""Schedules: a recipient may be sent a list again and again, for a year at most, wanted by two people.

Each child is decided again each time. Kinds of recipient whose policy row says no have none: this refuses, and so does
a trigger of the database, whatever way the row comes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fairhold import policy, work
from fairhold.access import Row, Scope, verb
from fairhold.dates import clock
from fairhold.sharing import proposing, requesting
from fairhold.sharing.facts import said
from fairhold.sharing.requesting import Asking
from fairhold.sharing.shares import Share, ShareError

JUDGE = "share.schedule"
LONGEST = 365  # days


class Cadence(StrEnum):
    """How often a schedule sends. Stored in the database."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    TERMLY = "termly"


class Standing(StrEnum):
    """How a schedule stands on a day."""

    WAITS = "waits"  # for the second person
    REFUSED = "refused"
    STOPPED = "stopped"
    EARLY = "early"
    RUNS = "runs"
    ENDED = "ended"


@dataclass(frozen=True)
class Schedule:
    """A standing permission, half-open. `last` is the day of the newest share made by it."""

    id: int
    flow: str
    works_under: str
    partner: int
    name: str
    kind: str
    need: str
    reason: str
    fields: tuple[str, ...]
    channel: str
    form: str
    cadence: Cadence
    from_date: date
    to_date: date
    proposed_by: int
    approved: bool | None
    stopped_at: datetime | None
    stopped_with_body: bool
    last: date | None

    def standing(self, day: date) -> Standing:
        """How it stands on a day."""
        if self.approved is None:
            return Standing.STOPPED if self.stopped_at or self.stopped_with_body else Standing.WAITS
        if not self.approved:
            return Standing.REFUSED
        if self.stopped_at or self.stopped_with_body:
            return Standing.STOPPED
        if day < self.from_date:
            return Standing.EARLY
        return Standing.RUNS if day < self.to_date else Standing.ENDED

    def due(self, day: date) -> bool:
        """Whether a list is to go on the day: it runs, and none went in this week, month or term."""
        return self.standing(day) is Standing.RUNS and (
            self.last is None or span(self.cadence, self.last) < span(self.cadence, day)
        )


def span(cadence: Cadence, day: date) -> tuple[int, int]:
    """Which week, month or school term (from September, January and April) a day lies in; later spans are greater."""
    if cadence is Cadence.WEEKLY:
        return day.isocalendar()[:2]
    if cadence is Cadence.MONTHLY:
        return day.year, day.month
    return day.year, sum(day.month >= first for first in (4, 9))


@verb("shares.schedule")
def propose(scope: Scope, *, asking: Asking, cadence: Cadence, from_date: date, to_date: date) -> Schedule:
    """Ask for a schedule: what is asked for, how often, from when until when. A second person must want it."""
    asked = requesting.asked(scope, asking)
    body = asked.partner.body
    if not may_have(scope, body.kind) or not asked.flow.schedule:
        raise ShareError(f"A share of this kind with {body.name} is asked for case by case: it has no schedule.")
    if asked.agreement is None:
        raise ShareError("A schedule rests on an agreement: record one with this recipient first.")
    if not scope.day <= from_date < to_date or (to_date - from_date).days > LONGEST:
        raise ShareError("A schedule begins today or later, and ends within a year of its beginning.")
    ends = asked.agreement.to_date
    if ends is not None and ends < to_date:
        raise ShareError(f"The agreement ends on {ends}: a schedule cannot outlast it.")
    number: int = scope.value(
        "insert into system.share_schedule (flow, works_under, partner_id, need, reason, fields, channel, form,"
        " cadence, from_date, to_date, proposed_by, proposed_at)"
        f" values ({', '.join(['%s'] * 13)}) returning id",
        (
            *(asked.flow.slug, asked.flow.works_under, asking.partner, asked.need, asking.reason, list(asked.fields)),
            *(asked.channel, asking.form or asked.flow.forms[0], cadence, from_date, to_date),
            *(scope.actor.id, clock.now()),
        ),
    )
    scope.tell(schedule=number, partner=asking.partner, cadence=cadence.value)
    work.raise_item(
        scope,
        kind=JUDGE,
        key=str(number),
        title=f"Judge schedule {number}: {asked.flow.title}, {cadence.value}, to {body.name}",
        role="ig-officer",
        room="sharing",
        link="/shares/schedules/",
    )
    return find(scope, number)


def may_have(scope: Scope, kind: str) -> bool:
    """Whether policy lets this kind of recipient have a schedule today; an unknown kind has none."""
    rows = policy.book(scope).on("policy_recipients", scope.day.isoformat())
    return any(row["slug"] == kind and row["schedule"] == "yes" for row in rows)


@verb("shares.judge-schedule")
def judge(scope: Scope, *, schedule: int, approves: bool, note: str) -> Schedule:
    """Approve or refuse a schedule that somebody else asked for."""
    found = find(scope, schedule)
    if found.standing(scope.day) is not Standing.WAITS:
        raise ShareError("This schedule does not wait for anybody: see the list.")
    if found.proposed_by == scope.actor.id:
        raise ShareError("You asked for this schedule yourself: a second person must judge it.")
    if not said(note):
        raise ShareError("Say in a word or two on what your judgement rests.")
    if approves and not may_have(scope, found.kind):
        raise ShareError("This kind of recipient may have no schedule.")
    scope.run(
        "update system.share_schedule set judged_by = %s, judged_at = %s, approved = %s, note = %s where id = %s",
        (scope.actor.id, clock.now(), approves, note, schedule),
    )
    scope.tell(schedule=schedule, approves=int(approves))
    work.close(scope, JUDGE, str(schedule))
    return find(scope, schedule)


@verb("shares.stop-schedule")
def stop(scope: Scope, *, schedule: int, why: str) -> Schedule:
    """End a schedule at once and for good. What it made and has not arrived is refused."""
    if not said(why):
        raise ShareError("Say why the schedule ends.")
    find(scope, schedule)
    scope.run(
        "update system.share_schedule set stopped_by = %s, stopped_at = %s, stopped_why = %s"
        " where id = %s and stopped_at is null",
        (scope.actor.id, clock.now(), why, schedule),
    )
    scope.tell(schedule=schedule)
    work.close(scope, JUDGE, str(schedule))
    return find(scope, schedule)


@verb("shares.list-schedules")
def listed(scope: Scope) -> list[Schedule]:
    """Every schedule, the newest first."""
    return [_schedule(row) for row in scope.rows(f"{_SCHEDULES} order by c.id desc")]


@verb("shares.run-schedule", daily=True)
def run(scope: Scope, *, schedule: int) -> Share:
    """Make the share a schedule is due for: everybody is decided again today. It is approved by the schedule.

    A share that a restricted record makes need one more approval waits for that person. One that does not go by SFTP
    is put on the list of who takes it there.
    """
    # Of two runs at once one makes it.
    scope.run("select 1 from system.share_schedule where id = %s for update", (schedule,))
    found = find(scope, schedule)
    if not found.due(scope.day):
        raise ShareError("This schedule is not due today.")
    if not may_have(scope, found.kind):
        raise ShareError("This kind of recipient may have no schedule any more: nothing is made.")
    asking = Asking(
        partner=found.partner,
        need=found.need,
        reason=found.reason,
        flow=found.flow,
        fields=found.fields,
        channel=found.channel,
        form=found.form,
    )
    scope.tell(schedule=schedule)
    made = proposing.made(scope, asking, schedule=schedule)
    if made.channel != "sftp":
        work.raise_item(
            scope,
            kind="share.send",
            key=str(made.id),
            title=f"Take share {made.id} to {made.partner}: a schedule made it",
            role=requesting.worker(found.works_under),
            room="sharing",
            link=f"/shares/{made.id}/package/",
        )
    return made


_SCHEDULES = """
select c.*, p.name, p.kind, exists (
    select from system.share_stop s where s.partner_id = c.partner_id and s.made_at >= c.proposed_at
) as stopped_with_body, (select max(as_of) from system.share s where s.schedule_id = c.id) as last
from system.share_schedule c join system.share_partner p on p.id = c.partner_id
"""


def find(scope: Scope, number: int) -> Schedule:
    """The schedule with that number."""
    row = scope.one(f"{_SCHEDULES} where c.id = %s", (number,))
    if row is None:
        raise ShareError("There is no such schedule: see the list of schedules.")
    return _schedule(row)


def _schedule(row: Row) -> Schedule:
    kept = {name: row[name] for name in Schedule.__dataclass_fields__ if name in row}
    told = {"partner": row["partner_id"], "fields": tuple(row["fields"]), "cadence": Cadence(row["cadence"])}
    return Schedule(**{**kept, **told})
