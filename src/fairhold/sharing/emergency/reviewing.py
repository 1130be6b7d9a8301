"""Looking at what was told afterwards: by somebody else, who says right or wrong; wrong is a breach to assess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from fairhold import policy, work
from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.sharing.emergency.domain import EmergencyError
from fairhold.sharing.facts import said

REVIEWERS = ("information-governance", "safeguarding")
"""The purposes under which others' emergencies are seen; whoever told something sees that."""


@dataclass(frozen=True)
class Field:
    """One field asked for: `way` is gate, override or refused; the value as it was told."""

    field: str
    way: str
    value: str | None
    rule: str | None
    reason: str | None


@dataclass(frozen=True)
class Emergency:
    """What was told, to whom, why, and what somebody else thought of it afterwards."""

    id: int
    subject_id: int | None
    guard: int
    child_said: str
    born_said: date | None
    recipient: str
    organisation: str
    spoken_to: str
    channel: str
    need: str
    override_reason: str | None
    second_person: str
    policy_version: str
    told_at: datetime
    told_by: int | None
    teller: str
    why_spooled: str
    taken_in_at: datetime | None
    review_by: date
    reviewed_by: int | None
    reviewed_at: datetime | None
    was_right: bool | None
    review_note: str | None
    fields: tuple[Field, ...] = ()

    @property
    def waits(self) -> bool:
        return self.reviewed_at is None

    def not_by(self, actor: Any) -> str | None:
        """Why this person may not review it; None where they may."""
        names = {self.teller.strip().casefold(), self.second_person.strip().casefold()}
        if self.told_by == actor.id or actor.name.strip().casefold() in names:
            return "You told this or stood by it: somebody else must look at it."
        return None


_COLUMNS = ", ".join(name for name in Emergency.__dataclass_fields__ if name != "fields")


@verb("emergency.list")
def emergencies(scope: Scope) -> list[Emergency]:
    """Every emergency this person may see: what waits to be looked at first, the nearest day first."""
    rows = scope.rows(
        f"select {_COLUMNS} from system.emergency where told_by = %s or %s"
        " order by reviewed_at is not null, review_by, id desc",
        (scope.actor.id, scope.purpose.slug in REVIEWERS),
    )
    scope.concerns(row["subject_id"] for row in rows if row["subject_id"] is not None)
    scope.tell(rows=len(rows))
    return [Emergency(**row) for row in rows]


@verb("emergency.show")
def shown(scope: Scope, *, number: int) -> Emergency:
    """One emergency with its fields and values."""
    found = _find(scope, number)
    scope.concerns([] if found.subject_id is None else [found.subject_id])
    scope.tell(emergency=number)
    return found


def _find(scope: Scope, number: int) -> Emergency:
    row = scope.one(f"select {_COLUMNS} from system.emergency where id = %s", (number,))
    if row is None or not (row["told_by"] == scope.actor.id or scope.purpose.slug in REVIEWERS):
        raise EmergencyError("There is no such emergency, or it is not yours to see.")
    fields = scope.rows(
        "select field, way, value, rule, reason from system.emergency_field where emergency_id = %s"
        " order by way, field",
        (number,),
    )
    return Emergency(**row, fields=tuple(Field(**one) for one in fields))


@verb("emergency.find-child")
def find_child(scope: Scope, *, number: int, person: int) -> Emergency:
    """Say which child of the record an emergency was about that only described it; that is then said of its log too."""
    found = _find(scope, number)
    if found.subject_id is not None:
        raise EmergencyError("The child of this emergency is known already.")
    guard: int | None = scope.value("select max(guard) from people.name where subject_id = %s", (person,))
    if guard is None:
        raise EmergencyError("There is no such child.")
    for table, key in (("system.emergency", "id"), ("system.emergency_field", "emergency_id")):
        scope.run(
            f"update {table} set subject_id = %s, guard = greatest(guard, %s) where {key} = %s",
            (person, guard, number),
        )
    scope.run(
        "insert into system.disclosure_child (disclosure_id, subject_id, guard, care)"
        " select id, %s, %s, false from system.disclosure where source = %s on conflict do nothing",
        (person, guard, f"emergency {number}"),
    )
    scope.concerns([person])
    scope.tell(emergency=number)
    told = {one.field for one in found.fields if one.way == "gate"}
    if guard and "address" in told:
        breach(scope, number, "an address was told that is protected")
    return _find(scope, number)


@verb("emergency.review")
def review(scope: Scope, *, number: int, right: bool, note: str) -> Emergency:
    """Say whether it was right to tell it. Never by whoever told it; wrong puts a breach on the list to assess."""
    found = _find(scope, number)
    if (why := found.not_by(scope.actor)) is not None:
        raise EmergencyError(why)
    if not found.waits:
        raise EmergencyError("Somebody has looked at this already: their word stands.")
    if not said(note):
        raise EmergencyError("Say in a word or two on what your judgement rests.")
    scope.run(
        "update system.emergency set reviewed_by = %s, reviewed_at = %s, was_right = %s, review_note = %s"
        " where id = %s and reviewed_at is null",
        (scope.actor.id, clock.now(), right, note, number),
    )
    scope.concerns([] if found.subject_id is None else [found.subject_id])
    scope.tell(emergency=number, right=int(right))
    work.close(scope, "emergency.review", str(number))
    if not right:
        breach(scope, number, "what was told should not have been")
    return _find(scope, number)


def breach(scope: Scope, number: int, what: str) -> None:
    """Put it on the list of an IG officer to say whether it is a breach, and whom to tell of it."""
    terms = policy.book(scope).on("policy_terms", scope.day.isoformat())
    days = next(int(row["days"]) for row in terms if row["term"] == "breach-report")
    work.raise_item(
        scope,
        kind="breach.assess",
        key=f"emergency:{number}",
        title=f"Assess a breach in emergency {number}: {what}",
        role="ig-officer",
        room="sharing",
        link=f"/shares/emergency/{number}/",
        due=scope.day + timedelta(days=days),
    )
