"""Telling with the store: the record's own values, the rows in force here, and the ledger before the answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from fairhold import record
from fairhold.access import Scope, verb
from fairhold.access.doors import door
from fairhold.dates import clock
from fairhold.record import Child, NoSuchChild
from fairhold.sharing import ruling
from fairhold.sharing.emergency import storing
from fairhold.sharing.emergency.domain import EmergencyError, Facts
from fairhold.sharing.emergency.judging import Judgement, judged, request
from fairhold.sharing.emergency.storing import Whom

ADDRESS_PARTS = ("saon", "paon", "street", "locality", "town", "post_town", "county", "postcode")
ADDRESS_LINES = ("line_1", "line_2", "line_3", "line_4", "line_5", "postcode")


@dataclass(frozen=True)
class Told:
    """What the gate and the officer say: `facts` with the record's values; `number` None where nothing may be told."""

    number: int | None
    judgement: Judgement
    facts: Facts

    @property
    def values(self) -> Mapping[str, str]:
        """What may be told now."""
        return {field: self.facts.tells[field] for field in self.judgement.told}


@verb("emergency.foresee")
def foresee(scope: Scope, *, facts: Facts) -> Told:
    """What would be allowed, and with which values; nothing is told yet and nothing kept."""
    whole, _, judgement = _judge(scope, facts)
    scope.tell(recipient=whole.recipient[:40], fields=len(whole.tells), allowed=len(judgement.told))
    return Told(None, judgement, whole)


@verb("emergency.tell")
def tell(scope: Scope, *, facts: Facts) -> Told:
    """Decide, and keep what is told, to whom and why. It may be told once the scope has committed, and not before."""
    began = time.monotonic()
    whole, whom, judgement = _judge(scope, facts)
    scope.concerns([] if whom.subject is None else [whom.subject])
    scope.tell(
        recipient=whole.recipient[:40],
        channel=whole.channel[:40],
        told=len(judgement.by_gate),
        overruled=len(judgement.by_override),
        refused=len(judgement.refused),
        milliseconds=round((time.monotonic() - began) * 1000),
    )
    number = storing.keep(
        scope, whole, whom, judgement, at=clock.now(), teller=scope.actor.name, account=scope.actor.id
    )
    return Told(number, judgement, whole)


def _judge(scope: Scope, facts: Facts) -> tuple[Facts, Whom, Judgement]:
    facts.check()
    found = child_of(scope, facts)
    whole, whom = completed(facts, found)
    asked = request(whole, on=scope.day, teller=str(scope.actor.id), role=scope.actor.role, restricted=whom.guard > 1)
    [answer] = ruling.decide(scope, [asked])
    return whole.whole(), whom, judged(whole, answer, scope.actor.name)


def completed(facts: Facts, found: Child | None) -> tuple[Facts, Whom]:
    """The facts with what the record says: its values where none was typed, and whether the address is protected.

    The record can add a protection to what was typed, and never takes one away.
    """
    if found is None:
        guard = 1 if facts.address_protected == "yes" else 0
        return facts, Whom(facts.person, guard)
    protected = "yes" if found.address_protected or facts.address_protected == "yes" else "no"
    born = found.first("people.birth", "date_of_birth")
    values = {"name": found.name, "date_of_birth": born, "address": _address(found)}
    known = replace(
        facts.given(values),
        address_protected=protected,
        person=found.person,
        name=facts.name or found.name,
        born=facts.born or (date.fromisoformat(born) if born else None),
    )
    return known, Whom(found.person, max(found.guard, 1 if protected == "yes" else 0))


def _address(found: Child) -> str | None:
    for parts in (ADDRESS_PARTS, ADDRESS_LINES):
        said = [text for part in parts if (text := found.first("people.address", part))]
        if len(said) > 1:
            return ", ".join(said)
    return None


def child_of(scope: Scope, facts: Facts) -> Child | None:
    """The child in the record, as far as this purpose opens it: by number, or the only one of this name and birth."""
    if not door("record.child").opens_for(scope.purpose.slug):
        return None
    if facts.person is not None:
        try:
            return record.child(scope, person=facts.person)
        except NoSuchChild:
            raise EmergencyError(
                "The purpose you chose does not open that record: describe the child by name and birth date instead."
            ) from None
    if facts.born is None:
        return None
    hits = [one for one in record.search(scope, text=facts.name) if one.date_of_birth == facts.born]
    return record.child(scope, person=hits[0].person) if len(hits) == 1 else None
