"""The SQL of emergencies told: what is kept of each, whichever way it came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fairhold import policy, work
from fairhold.access import Scope
from fairhold.dates import clock
from fairhold.dates.holidays import holidays
from fairhold.dates.working import working_day_after
from fairhold.sharing import declined, disclosures, tables
from fairhold.sharing.disclosures import Disclosure
from fairhold.sharing.emergency.domain import Facts
from fairhold.sharing.emergency.judging import Judgement

TERM = "emergency-review"
OF_CARE = {"safeguarding_notes", "social_care_status"}


@dataclass(frozen=True)
class Whom:
    """The child in the record: a subject and its guard; no subject where the child was only described."""

    subject: int | None
    guard: int


def keep(
    scope: Scope,
    facts: Facts,
    whom: Whom,
    judgement: Judgement,
    *,
    at: datetime,
    teller: str,
    account: int | None,
    entry: str | None = None,
    why: str = "",
) -> int | None:
    """Keep what was told; its number, or None where nothing was (then the decision not to tell is kept).

    `entry` is the link of the spool's chain; one that is here already is not kept twice.
    """
    if not judgement.told:
        declined.keep(
            scope,
            recipient=facts.recipient,
            organisation=facts.organisation,
            fields=tuple(facts.tells),
            by="gate",
            rules=tuple(dict.fromkeys(one.rule for one in judgement.refused)),
            reason=" ".join(dict.fromkeys(one.reason for one in judgement.refused)),
            subject=whom.subject,
            guard=whom.guard,
            entry=entry,
            at=at,
        )
        return None
    due = review_by(scope, clock.london_day(at))
    override = facts.override if judgement.overruled else None
    number: int | None = scope.value(
        "insert into system.emergency (entry, subject_id, guard, child_said, born_said, recipient, organisation,"
        " spoken_to, channel, need, override_reason, second_person, policy_version, told_at, told_by, teller,"
        " why_spooled, taken_in_by, taken_in_at, review_by)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (entry) do nothing returning id",
        (
            *(entry, whom.subject, whom.guard, facts.name, facts.born, facts.recipient, facts.organisation),
            *(facts.spoken_to, facts.channel, facts.need),
            *((override.reason, override.second) if override else (None, "")),
            *(judgement.policy_version, at, account, teller, why),
            *((scope.actor.id, clock.now()) if entry else (None, None)),
            due,
        ),
    )
    if number is not None:
        _fields(scope, number, facts, whom, judgement)
        _tell_disclosures(scope, number, facts, whom, judgement)
        _to_review(scope, number, due, whom)
    return number


def review_by(scope: Scope, told: date) -> date:
    """The last day on which it should be looked at: so many working days after, by the rows of policy in force."""
    terms = policy.book(scope).on("policy_terms", told.isoformat())
    days = next(int(row["days"]) for row in terms if row["term"] == TERM)
    return working_day_after(told, days, holidays())


def _fields(scope: Scope, number: int, facts: Facts, whom: Whom, judgement: Judgement) -> None:
    rows: list[tuple[str, str, str | None, str | None, str | None]] = []
    for way, fields in (("gate", judgement.by_gate), ("override", judgement.by_override)):
        rows += [(field, way, facts.tells[field], None, None) for field in fields]
    rows += [(one.field, "refused", None, one.rule, one.reason) for one in judgement.refused]
    for row in rows:
        scope.run(
            "insert into system.emergency_field (emergency_id, subject_id, guard, field, way, value, rule, reason)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s)",
            (number, whom.subject, whom.guard, *row),
        )


def _tell_disclosures(scope: Scope, number: int, facts: Facts, whom: Whom, judgement: Judgement) -> None:
    """One line of the log of what left."""
    day = scope.day.isoformat()
    # Told it was: should no row of the council's name a law any more, the line names those that ship.
    laws = (tables.policy(book).on(day).protecting for book in (policy.book(scope), None))
    disclosures.record(
        scope,
        disclosure=Disclosure(
            kind=disclosures.Kind.EMERGENCY,
            source=f"emergency {number}",
            recipient=facts.recipient,
            name=facts.organisation,
            purpose="safeguarding",
            need=facts.need,
            basis=next(filter(None, laws), ()),
            items=judgement.told,
            care=bool(OF_CARE & set(judgement.told)),
            way="protect",
            reason="safety",
            arrived=scope.day,
        ),
        children=[] if whom.subject is None else [(whom.subject, whom.guard)],
    )


def _to_review(scope: Scope, number: int, due: date, whom: Whom) -> None:
    """Put it on the list of whoever looks at it afterwards; a restricted record is looked at by who may see it."""
    work.raise_item(
        scope,
        kind="emergency.review",
        key=str(number),
        title=f"Look at what was told in emergency {number}",
        role="social-worker" if whom.guard > 1 else "ig-officer",
        room="sharing",
        link=f"/shares/emergency/{number}/",
        due=due,
    )
