"""The gate asked about every young person of the record: requests out of facts, and what the record holds of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fairhold import choices
from fairhold.access import Scope
from fairhold.choices import Choice
from fairhold.record import YoungPerson, young_people
from fairhold.sharing import conditions, ruling
from fairhold.sharing.csvfile import Row
from fairhold.sharing.domain import Answer
from fairhold.sharing.parties import Agreement, Partner
from fairhold.sharing.shares import PURPOSES


@dataclass(frozen=True)
class Decided:
    """One young person, what the gate says of each field, and what the record holds."""

    person: YoungPerson
    answer: Answer
    row: Row

    @property
    def subject(self) -> int:
        return self.person.person


def decide_list(
    scope: Scope, partner: Partner, agreement: Agreement, *, fields: Sequence[str], need: str
) -> list[Decided]:
    """Every young person of the ages the list can be about, decided today, by both evaluators, field by field."""
    people = young_people(scope, on=scope.day)
    said: dict[int, list[Choice]] = defaultdict(list)
    if people:
        for choice in choices.of_subjects(scope, subjects=[one for person in people for one in person.subjects]):
            said[choice.subject].append(choice)
    frame = _frame(scope, partner, agreement, fields, need)
    requests = [
        frame | {"child": _child(person, [choice for subject in person.subjects for choice in said[subject]])}
        for person in people
    ]
    origins = conditions.of_origin(
        scope, recipient=partner.body.kind, on=scope.day, given=[person.given for person in people]
    )
    agreed = agreement.holds(asked=fields, channel=frame["channel"], on=scope.day)
    answers = ruling.decide(scope, requests, holds=[agreed | origin for origin in origins])
    return [
        Decided(person, answer, Row(person.person, _values(person), frozenset(answer.verdict.allowed)))
        for person, answer in zip(people, answers, strict=True)
    ]


def _frame(scope: Scope, partner: Partner, agreement: Agreement, fields: Sequence[str], need: str) -> dict[str, Any]:
    """What is the same of every child of the list."""
    return {
        "recipient": partner.body.kind,
        "recipient_id": partner.body.organisation,
        "purpose": PURPOSES[partner.body.kind],
        "on": scope.day.isoformat(),
        "fields": list(fields),
        "need": need,
        "channel": "sftp",
        "emergency": False,
        "reference": None,
        "requester": {
            "id": str(scope.actor.id),
            "role": scope.actor.role,
            "organisation": partner.body.name,
            "officer": None,
            "power": None,
        },
        "agreement": agreement.in_request(partner.body.kind),
    }


def _child(person: YoungPerson, said: Sequence[Choice]) -> dict[str, Any]:
    return {
        "date_of_birth": _iso(person.date_of_birth),
        "resident": person.resident,
        "send": person.send,
        "confidential_address": person.confidential_address,
        "restricted": person.restricted,
        "enrolled_at": list(person.enrolled_at),
        "placed_with": [],
        "applied_to": [],
        "linked_councils": [],
        "consents": [_choice(one) for one in said if one.choice.kind is choices.Kind.CONSENT],
        "objections": [_choice(one) for one in said if one.choice.kind is choices.Kind.OBJECTION],
    }


def _choice(choice: Choice) -> dict[str, Any]:
    new = choice.choice
    return {
        "by": new.by.value,
        "fields": None if new.fields is None else list(new.fields),
        "recipient": new.recipient,
        "from": new.from_date.isoformat(),
        "to": _iso(new.to_date),
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _values(person: YoungPerson) -> dict[str, str | None]:
    return {
        "name": " ".join(filter(None, (person.forename, person.surname))) or None,
        "address": ", ".join(filter(None, (person.address, person.postcode))) or None,
        "date_of_birth": _iso(person.date_of_birth),
        "school": person.school,
        "year_group": person.year_group,
        "attendance_band": person.attendance_band,
        "send_support": None if person.send is None else "yes" if person.send else "no",
        "planned_destination": person.planned_destination,
    }
