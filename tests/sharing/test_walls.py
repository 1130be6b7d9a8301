"""The Cedar texts are two walls, each whole on its own: what the permits open, and what the forbids leave open."""

from __future__ import annotations

import re
from importlib import resources

import cedarpy
import pytest

from fairhold.sharing import cedar, facts, gate
from fairhold.sharing.facts import Cell, Facts
from fairhold.sharing.tables import policy
from tests.sharing.made_up import DAY, FIELDS, IN_ORDER, consent, in_order, many

# These only say why: no permit opens what they refuse.
EXPLAINING = (
    "R03.recipient", "R03.purpose", "R17.unknown", "R17.never", "R11.field", "R18.field", "R12.field", "N083.early",
    "N083.ended", "R13.consent",
)  # fmt: skip
# Asks for something no request has, so that Cedar reports a fault and not an answer.
UNREADABLE = '\n@id("odd")\nforbid (principal, action, resource)\nwhen { context.unheard_of };\n'
POLICY = re.compile(r'@id\("([^"]+)"\)\n(permit|forbid)[^;]*;')


def shipped() -> str:
    """The texts as they ship."""
    return (resources.files("fairhold.sharing") / "policies.cedar").read_text("utf-8")


def permits_alone(text: str) -> str:
    """Without the forbids that only say why."""
    return POLICY.sub(lambda found: "" if found[1] in EXPLAINING else found[0], text)


def forbids_alone(text: str) -> str:
    """Everything permitted, so that the forbids alone must hold."""
    kept = POLICY.sub(lambda found: "" if found[2] == "permit" else found[0], text)
    return f'{kept}\n@id("all")\npermit (principal, action, resource);\n'


def opened(text: str, asked: list[gate.Reading]) -> list[set[str]]:
    """What Cedar alone lets go of each reading, by these texts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cedar, "_policies", lambda: cedarpy.PolicySet.from_str(text))
        rules = cedar.evaluate((one.edition, one.facts, cell) for one in asked for cell in one.cells)
    return [
        {name for name, cell in zip(one.names, one.cells, strict=True) if not rules[one.edition, one.facts, cell]}
        for one in asked
    ]


def readings() -> list[gate.Reading]:
    """Requests in order for each recipient, with every consent, and where harm is near; and generated ones."""
    given = {slug: {"child__consents": [consent("young_person", FIELDS, slug)]} for slug in IN_ORDER}
    harm = {"emergency": True, "purpose": "safeguarding", "channel": "phone"}
    requests = [in_order(slug, **odd) for slug in IN_ORDER for odd in ({}, given[slug], given[slug] | harm)]
    return [gate.read(request, policy().on(request["on"])) for request in (*requests, *many(7, 300))]


@pytest.mark.proves("N081", "N090")
def test_each_wall_alone_lets_go_what_both_let_go() -> None:
    edition = policy().on(DAY)
    asked = readings()
    both = opened(shipped(), asked)
    assert any(both)
    assert opened(permits_alone(shipped()), asked) == both
    assert opened(forbids_alone(shipped()), asked) == both
    assert edition.fields.keys() == set(FIELDS)


@pytest.mark.proves("N081")
@pytest.mark.parametrize("text", ["", UNREADABLE], ids=["no text", "a policy that cannot be read"])
def test_without_texts_that_can_be_read_nothing_goes(text: str) -> None:
    edition, asked = policy().on(DAY), readings()
    assert edition.words  # the policy tables stand as ever
    assert not any(opened(text and shipped() + text, asked))


def unasked() -> list[tuple[Facts, str]]:
    """Facts that say the quick way is meant, where it is not: no emergency, no purpose of it, nobody it serves."""
    edition = policy().on(DAY)
    urgent = in_order("police", emergency=True, purpose="safeguarding", channel="phone")
    found = facts.read(urgent, edition)
    assert found.protecting
    return [
        (found._replace(emergency=False), "name"),
        (found._replace(purpose="research"), "name"),
        (found._replace(recipient="immigration"), "name"),
        (found._replace(recipient="unknown"), "name"),
        (found, "upn"),
    ]


def test_cedar_itself_opens_the_quick_way_to_nothing_but_what_it_is_for() -> None:
    edition = policy().on(DAY)
    for text in (shipped(), permits_alone(shipped())):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cedar, "_policies", lambda text=text: cedarpy.PolicySet.from_str(text))
            told = [(edition, found, Cell(name, "none", False, frozenset())) for found, name in unasked()]
            assert all(cedar.evaluate(told).values())
