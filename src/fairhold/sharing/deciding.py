"""The gate asked about every child of a share: requests out of facts, and what the record holds of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fairhold import choices, record
from fairhold.access import Scope
from fairhold.choices import Choice
from fairhold.record import Candidate
from fairhold.sharing import conditions, flows, gate, linking, parties, queries, ruling
from fairhold.sharing.domain import Answer
from fairhold.sharing.flows import Flow, People
from fairhold.sharing.forms import Row
from fairhold.sharing.parties import Agreement, Partner
from fairhold.sharing.shares import Share


@dataclass(frozen=True)
class Decided:
    """One young person, what the gate says of each field, and what the record holds."""

    person: Candidate
    answer: Answer
    row: Row

    @property
    def subject(self) -> int:
        return self.person.person

    def narrowed(self, approved: frozenset[str]) -> Decided:
        """The same with no field that was not approved."""
        if self.row.allowed <= approved:
            return self
        return replace(self, row=replace(self.row, allowed=self.row.allowed & approved))


@dataclass(frozen=True)
class Asked:
    """What is asked for, of whichever child: of a flow's people, or (`persons`) of children named one by one."""

    flow: Flow
    partner: Partner
    agreement: Agreement | None
    fields: tuple[str, ...]
    need: str
    channel: str
    reference: str | None = None
    officer: str | None = None
    power: str | None = None
    persons: tuple[int, ...] | None = None


def asked_of(scope: Scope, share: Share) -> Asked:
    """What a share asks for, to decide it again today."""
    number, agreement = queries.partner_of(scope, share.id)
    partner, flow = parties.find_partner(scope, number), flows.find(scope, share.flow)
    return Asked(
        flow=flow,
        partner=partner,
        agreement=next((one for one in parties.agreements(scope, number) if one.id == agreement), None),
        fields=share.fields,
        need=share.need,
        channel=share.channel,
        reference=share.reference,
        officer=share.officer,
        power=share.power,
        persons=tuple(queries.persons(scope, share.id)) if flow.of_case else None,
    )


def decide(scope: Scope, asked: Asked) -> list[Decided]:
    """Every child asked about, decided today, by both evaluators, field by field."""
    people = _people(scope, asked)
    links = linking.of_persons(scope, people) if asked.flow.of_case else {}
    said: dict[int, list[Choice]] = defaultdict(list)
    if people:
        for choice in choices.of_subjects(scope, subjects=[one for person in people for one in person.subjects]):
            said[choice.subject].append(choice)
    frame = _frame(scope, asked)
    requests = [
        frame | {"child": _child(person, _counting(person, said, scope.day)) | links.get(person.person, {})}
        for person in people
    ]
    origins = conditions.of_origin(
        scope, recipient=asked.partner.body.kind, on=scope.day, given=[person.given for person in people]
    )
    agreed = gate.NO_HOLDS
    if asked.agreement is not None:
        agreed = asked.agreement.holds(asked=asked.fields, channel=asked.channel, on=scope.day)
    answers = ruling.decide(scope, requests, holds=[agreed | origin for origin in origins])
    return [Decided(person, answer, _row(person, answer)) for person, answer in zip(people, answers, strict=True)]


def _counting(person: Candidate, said: Mapping[int, Sequence[Choice]], day: date) -> list[Choice]:
    """The choices of one person under all their subjects, as they stand to one another on the day."""
    return choices.counting([choice for subject in person.subjects for choice in said[subject]], on=day)


def _row(person: Candidate, answer: Answer) -> Row:
    return Row(person.person, person.values(), frozenset(answer.verdict.allowed), (person.forename, person.surname))


def _people(scope: Scope, asked: Asked) -> list[Candidate]:
    """Whom the flow is about, as far as the purpose at work may see them."""
    match asked.flow.people:
        case People.CASE:
            return record.named_people(scope, persons=asked.persons or (), fields=asked.fields)
        case People.COHORT:
            return record.pupils(scope, fields=asked.fields)
        case People.LEAVERS:
            there = asked.partner.body.organisation
            return [one for one in record.young_people(scope, fields=asked.fields) if there in one.applied_to]
        case People.YOUNG:
            return record.young_people(scope, fields=asked.fields)


def _frame(scope: Scope, asked: Asked) -> dict[str, Any]:
    """What is the same of every child of a share."""
    body = asked.partner.body
    return {
        "recipient": body.kind,
        "recipient_id": body.organisation,
        "purpose": asked.flow.purpose,
        "on": scope.day.isoformat(),
        "fields": list(asked.fields),
        "need": asked.need,
        "channel": asked.channel,
        "emergency": False,
        "reference": asked.reference,
        "requester": {
            "id": str(scope.actor.id),
            "role": scope.actor.role,
            "organisation": body.name,
            "officer": asked.officer,
            "power": asked.power,
        },
        "agreement": asked.agreement and asked.agreement.in_request(body.kind),
    }


def _child(person: Candidate, said: Sequence[Choice]) -> dict[str, Any]:
    return {
        "date_of_birth": _iso(person.date_of_birth),
        "resident": person.resident,
        "send": person.send,
        "confidential_address": person.confidential_address,
        "restricted": person.restricted,
        "enrolled_at": person.enrolled_at,
        "placed_with": person.placed_with,
        "applied_to": person.applied_to,
        "linked_councils": person.linked_councils,
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
