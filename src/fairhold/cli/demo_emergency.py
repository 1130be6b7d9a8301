"""The demo's emergency: told with the store and without it, taken in, looked at by somebody else; and a kept no."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from fairhold import access, record
from fairhold.cli.demo_day import Day
from fairhold.sharing import declined, emergency, renewals
from fairhold.sharing.emergency import Facts


def _facts(recipient: str, organisation: str, tells: Mapping[str, str], **child: Any) -> Facts:
    return Facts(
        recipient=recipient,
        organisation=organisation,
        spoken_to="The officer on duty (made up)",
        channel="phone",
        need="A child did not come home (made up).",
        tells=tells,
        **child,
    )


def tell(day: Day) -> str:
    """Tell of one child by number, write one down as if the store were down, take it in, and look at the first."""
    social, officer = day.actor("social-worker"), day.actor("ig-officer")
    with access.scope(social, "safeguarding", login="worker") as scope:
        if emergency.emergencies(scope):
            return "told in an earlier run"
        person = next(hit.person for hit in record.search(scope, text="ma") if not hit.guard)
        asked = _facts("police", "Police station (made up)", {"name": "", "date_of_birth": ""}, person=person)
        told = emergency.tell(scope, facts=asked)
    name = "A child nobody knows (made up)"
    described = _facts("health", "Hospital (made up)", {"name": name}, name=name, born=date(2015, 1, 2))
    emergency.write_down(described, teller="made-up-user", why="The database does not answer (made up).")
    taken = emergency.take_in(social, "safeguarding")
    with access.scope(officer, "information-governance", login="worker") as scope:
        assert told.number is not None
        emergency.review(scope, number=told.number, right=True, note="The police had to find the child (made up).")
        declined.decline(
            scope,
            recipient="charity",
            organisation="Charity (made up)",
            fields=["address"],
            reason="It asked for an address and has no consent (made up).",
        )
    with access.scope(day.actor("youth-officer"), "youth-support", login="worker") as scope:
        ahead = renewals.renewals(scope)
    return (
        f"{len(told.values)} fields told and looked at, {taken.new} taken in from the sealed spool, one request"
        f" declined; {ahead} young people to be asked for their own choice"
    )
