"""May it be told? The gate's answer in an emergency, and beyond it an officer's own recorded judgement. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fairhold.engine.errors import EngineError
from fairhold.governance import Book
from fairhold.sharing import gate
from fairhold.sharing.domain import Answer, Refusal, Request
from fairhold.sharing.emergency.domain import EmergencyError, Facts
from fairhold.sharing.facts import said

ADDRESS = "address"
LISTS = ("enrolled_at", "placed_with", "applied_to", "linked_councils", "consents", "objections")
NO_GATE = Refusal(
    "", "R00.down", "", "The gate cannot be asked just now.", "You may tell it on your own word, with a reason."
)
SECOND = "A second person must stand by you before this address is told: give their name."


@dataclass(frozen=True)
class Judgement:
    """Of each field by what it may be told: `by_gate`, `by_override`; or why it may not. `decided_by` says whose rows
    decided where the store could not be asked."""

    by_gate: tuple[str, ...]
    by_override: tuple[str, ...]
    refused: tuple[Refusal, ...]
    policy_version: str
    decided_by: str = ""

    @property
    def told(self) -> tuple[str, ...]:
        return (*self.by_gate, *self.by_override)

    @property
    def overruled(self) -> bool:
        return bool(self.by_override)


def request(facts: Facts, *, on: date, teller: str, role: str, restricted: bool = False) -> Request:
    """The emergency as a request of the gate. Nothing but the core can be allowed, so most facts are left unknown."""
    child: dict[str, Any] = {
        "date_of_birth": None if facts.born is None else facts.born.isoformat(),
        "resident": None,
        "send": None,
        "confidential_address": facts.address_protected != "no",
        "restricted": restricted,
        **{name: [] for name in LISTS},
    }
    return {
        "recipient": facts.recipient,
        "recipient_id": None,
        "purpose": "safeguarding",
        "on": on.isoformat(),
        "fields": list(facts.tells),
        "need": facts.need,
        "channel": facts.channel,
        "emergency": True,
        "reference": None,
        "requester": {
            "id": teller,
            "role": role,
            "organisation": facts.organisation,
            "officer": facts.spoken_to,
            "power": None,
        },
        "agreement": None,
        "child": child,
    }


def judge(facts: Facts, *, on: date, teller: str, book: Book | None = None) -> Judgement:
    """The judgement without the store: by the copy of the council's rows, or by those that ship."""
    try:
        answer = gate.decide(request(facts, on=on, teller=teller, role="officer"), book=book)
    except (EngineError, OSError, ValueError):
        return _beyond(facts, teller, (), tuple(NO_GATE._replace(field=name) for name in facts.tells), "none")
    return judged(facts, answer, teller)


def judged(facts: Facts, answer: Answer, teller: str) -> Judgement:
    """An answer of the gate, and the override where there is one."""
    verdict = answer.verdict
    return _beyond(facts, teller, verdict.allowed, verdict.refused, answer.policy_version)


def _beyond(
    facts: Facts, teller: str, allowed: tuple[str, ...], refused: tuple[Refusal, ...], version: str
) -> Judgement:
    if facts.override is None:
        return Judgement(allowed, (), refused, version)
    held = facts.address_protected != "no" and not _second(facts.override.second, teller)
    kept = tuple(
        one._replace(would_change=SECOND) for one in refused if one.field == ADDRESS and held
    )  # errors here lead somebody to a child who hides
    told = tuple(one.field for one in refused if not (one.field == ADDRESS and held))
    return Judgement(allowed, told, kept, version)


def _second(name: str, teller: str) -> bool:
    """Whether a second person is named, who is not the first."""
    if not said(name):
        return False
    if name.strip().casefold() == teller.strip().casefold():
        raise EmergencyError("The second person cannot be you: name somebody else who stands by it.")
    return True
