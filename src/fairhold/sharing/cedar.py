"""The first evaluator: Cedar over the facts of policy and the facts of the day, once per distinct combination."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import cedarpy

from fairhold.sharing.facts import NOBODY, UNKNOWN, Cell, Facts
from fairhold.sharing.tables import Edition, Recipient

Combination = tuple[Edition, Facts, Cell]
"""The policy in force, the facts of the request, the facts of one field."""

ALLOWED: tuple[str, ...] = ()
DEFAULT = ("R00.default",)


@cache
def _policies() -> Any:
    text = (resources.files("fairhold.sharing") / "policies.cedar").read_text("utf-8")
    return cedarpy.PolicySet.from_str(text)


def _entity(kind: str, name: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"uid": {"type": kind, "id": name}, "attrs": attributes, "parents": []}


def _recipient(recipient: Recipient) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "purposes": sorted(recipient.purposes),
        "urgent_purposes": sorted(recipient.urgent_purposes),
        "channels": list(recipient.channels),
        "by_law": [_field(name) for name in sorted(recipient.by_law)],
        "by_consent": [_field(name) for name in sorted(recipient.by_consent)],
        "not_yet": [_field(name) for name in sorted(recipient.not_yet)],
        "no_longer": [_field(name) for name in sorted(recipient.no_longer)],
        "needs_agreement": recipient.needs_agreement,
        "needs_reference": recipient.needs_reference,
        "needs_officer": recipient.needs_officer,
        "needs_residence": recipient.needs_residence,
        "heeds_objection": recipient.heeds_objection,
    }
    bounds = {"age_from": recipient.age_from, "age_to": recipient.age_to, "age_to_send": recipient.age_to_send}
    attributes.update({name: age for name, age in bounds.items() if age is not None})
    if recipient.link:
        attributes["link"] = recipient.link
    return _entity("Recipient", recipient.slug, attributes)


def _field(name: str) -> dict[str, Any]:
    return {"__entity": {"type": "Field", "id": name}}


@lru_cache(maxsize=64)
def _entities(policy: Edition) -> Any:
    recipients = [_recipient(recipient) for recipient in (*policy.recipients.values(), NOBODY)]
    fields = [_entity("Field", name, {"core": core}) for name, core in {**policy.fields, UNKNOWN: False}.items()]
    return cedarpy.Entities.from_json_str(json.dumps(recipients + fields))


def _context(policy: Edition, facts: Facts, cell: Cell) -> dict[str, Any]:
    channel = policy.channels.get(facts.channel)
    return {
        "emergency": facts.emergency,
        "urgent_purpose": facts.purpose in policy.urgent_purposes,
        "need": facts.need,
        "purpose": facts.purpose,
        "channel": facts.channel,
        "urgent_channel": channel is not None and channel.urgent,
        "never_channel": channel is not None and channel.never,
        "agreement": facts.agreement,
        "reference": facts.reference,
        "officer": facts.officer,
        "power": facts.power,
        "linked": facts.linked,
        "born": facts.born,
        "reached": facts.reached,
        "resident": facts.resident,
        "send": facts.send,
        "protected": facts.protected,
        "consent": cell.consent,
        "objection": cell.objection,
        "holds": sorted(cell.holds),
    }


def _question(combination: Combination) -> dict[str, Any]:
    policy, facts, cell = combination
    return {
        "principal": {"type": "Recipient", "id": facts.recipient},
        "action": f'Action::"{"protect" if facts.protecting else "share"}"',
        "resource": {"type": "Field", "id": cell.field},
        "context": _context(policy, facts, cell),
    }


def _rules(result: cedarpy.AuthzResult) -> tuple[str, ...]:
    """The ids of the policies that refuse; empty when Cedar allows. A policy that could not be read refuses."""
    if result.allowed and not result.diagnostics.errors:
        return ALLOWED
    return tuple(sorted(result.diagnostics.id_annotations_by_reason.values())) or DEFAULT


def evaluate(combinations: Iterable[Combination]) -> dict[Combination, tuple[str, ...]]:
    """Which rules refuse each combination; none means allowed."""
    wanted: dict[Edition, list[Combination]] = {}
    for combination in dict.fromkeys(combinations):
        wanted.setdefault(combination[0], []).append(combination)
    found: dict[Combination, tuple[str, ...]] = {}
    for policy, asked in wanted.items():
        results = cedarpy.is_authorized_batch([_question(one) for one in asked], _policies(), _entities(policy))
        found.update(zip(asked, map(_rules, results), strict=True))
    return found
