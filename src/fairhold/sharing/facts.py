"""The first evaluator's reading of a request: the facts of the day, each known, unknown or not so.

What is unknown never counts in favour of sharing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from fairhold.dates import birthdays
from fairhold.sharing.domain import Holds, Request
from fairhold.sharing.tables import Edition, Recipient

OWN_CHOICE = 16
"""From this birthday the choice is the young person's own; a parent's stops counting that day (N116)."""

UNKNOWN = "unknown"
NOBODY = Recipient("unknown", "")


class Facts(NamedTuple):
    """What Cedar is told about the request as a whole."""

    recipient: str
    protecting: bool
    emergency: bool
    need: bool
    purpose: str
    channel: str
    agreement: str
    reference: bool
    officer: bool
    power: bool
    linked: bool
    born: bool
    reached: int
    chooser: str
    resident: str
    send: bool
    protected: bool


class Choices(NamedTuple):
    """Consents as (field, standing), and the fields objected to; None when an objection is to all of them."""

    consents: frozenset[tuple[str, str]]
    objected: frozenset[str] | None


class Cell(NamedTuple):
    """What Cedar is told about one asked field."""

    field: str
    consent: str
    objection: bool
    holds: frozenset[str]


def said(text: str | None) -> bool:
    """Whether a text says anything: blanks, controls and invisible marks do not."""
    if not text:
        return False
    return any(unicodedata.category(sign) not in {"Zs", "Zl", "Zp", "Cc", "Cf"} for sign in text)


def in_force(period: dict[str, Any], day: str) -> bool:
    """Periods are half-open; a null `to` is open. ISO dates compare as text."""
    return period["from"] <= day and (period["to"] is None or day < period["to"])


def _agreement(request: Request) -> str:
    found = request["agreement"]
    if found is None:
        return "none"
    if found["recipient"] != request["recipient"] or found["purpose"] != request["purpose"]:
        return "other"
    if found["suspended"]:
        return "suspended"
    if in_force(found, request["on"]):
        return "in force"
    return "early" if request["on"] < found["from"] else "ended"


def _reached(born: str | None, day: str, marks: tuple[int, ...]) -> int:
    """The last of the policy's birthdays that the child has had; 0 before the first and for an unknown birth date."""
    if born is None:
        return 0
    age = birthdays.age_on(date.fromisoformat(born), date.fromisoformat(day))
    return max((mark for mark in marks if mark <= age), default=0)


def _chooser(born: str | None, day: str) -> str:
    if born is None:
        return "nobody"
    age = birthdays.age_on(date.fromisoformat(born), date.fromisoformat(day))
    return "young_person" if age >= OWN_CHOICE else "parent"


def read(request: Request, edition: Edition) -> Facts:
    """The facts of a request that has passed its schema."""
    recipient = edition.recipients.get(request["recipient"], NOBODY)
    child, requester, day = request["child"], request["requester"], request["on"]
    purpose = request["purpose"] if request["purpose"] in edition.purposes else UNKNOWN
    born = child["date_of_birth"]
    resident = child["resident"]
    return Facts(
        recipient=recipient.slug,
        protecting=request["emergency"] and purpose in recipient.urgent_purposes,
        emergency=request["emergency"],
        need=said(request["need"]),
        purpose=purpose,
        channel=request["channel"] if request["channel"] in edition.channels else UNKNOWN,
        agreement=_agreement(request),
        reference=said(request["reference"]),
        officer=said(requester["officer"]),
        power=said(requester["power"]),
        linked=bool(recipient.link) and request["recipient_id"] in child[recipient.link],
        born=born is not None,
        reached=_reached(born, day, edition.birthdays),
        chooser=_chooser(born, day),
        resident=UNKNOWN if resident is None else "yes" if resident else "no",
        send=child["send"] is True,
        protected=child["confidential_address"],
    )


def choices(request: Request, facts: Facts, edition: Edition) -> Choices:
    """What has been said about this child's fields and this recipient, by whoever has the right on the day."""
    recipient = edition.recipients.get(facts.recipient, NOBODY)
    asked = request["child"]
    consents = _consents(request, facts) if recipient.by_consent and asked["consents"] else {}
    objected = _objected(request, facts) if asked["objections"] else frozenset[str]()
    return Choices(frozenset(consents.items()), objected)


def cells(recipient: str, names: tuple[str, ...], choices: Choices, holds: Holds, edition: Edition) -> tuple[Cell, ...]:
    """What is known of each asked field: whether a consent opens it, an objection closes it, something holds it.

    Fields of which the policy says the same for this recipient are told as the first of them.
    """
    consents = dict(choices.consents)
    alike = edition.alike(edition.recipients.get(recipient, NOBODY))
    return tuple(
        Cell(
            alike.get(name, UNKNOWN),
            consents.get(name, "none"),
            choices.objected is None or name in choices.objected,
            frozenset(hold.value for held, hold in holds if held in (None, name)),
        )
        for name in names
    )


# A consent that counts outweighs one that no longer does, and that one outweighs silence.
_WEIGHT = {"counts": 3, "lapsed": 2, "early": 1}


def _consents(request: Request, facts: Facts) -> dict[str, str]:
    found: dict[str, str] = {}
    for consent in request["child"]["consents"]:
        if consent["recipient"] != request["recipient"] or not in_force(consent, request["on"]):
            continue
        standing = _standing(consent, facts, request["child"]["date_of_birth"])
        for name in consent["fields"]:
            if _WEIGHT.get(standing, 0) > _WEIGHT.get(found.get(name, ""), 0):
                found[name] = standing
    return found


def _standing(consent: dict[str, Any], facts: Facts, born: str | None) -> str:
    if facts.chooser == "parent":
        return "counts" if consent["by"] == "parent" else "none"
    if born is None:  # nobody has the choice
        return "none"
    if consent["by"] == "parent":
        return "lapsed"
    given = birthdays.age_on(date.fromisoformat(born), date.fromisoformat(consent["from"]))
    return "counts" if given >= OWN_CHOICE else "early"


def _objected(request: Request, facts: Facts) -> frozenset[str] | None:
    """The fields somebody with the right has objected to; None when to all of them."""
    names: list[Iterable[str]] = []
    for objection in request["child"]["objections"]:
        for_us = objection["recipient"] is None or objection["recipient"] == request["recipient"]
        by_right = facts.chooser in ("nobody", objection["by"])
        if not (for_us and by_right and in_force(objection, request["on"])):
            continue
        if objection["fields"] is None:
            return None
        names.append(objection["fields"])
    return frozenset(name for group in names for name in group)
