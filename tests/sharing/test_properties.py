"""What must hold of every request: generated ones by the thousand, decided in batches."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from fairhold.dates import birthdays
from fairhold.sharing import gate
from tests.sharing.made_up import FIELDS, IN_ORDER, many, objection
from tests.sharing.tables import ALL

Request = dict[str, Any]
batches = st.integers(0, 2**32)
thorough = settings(max_examples=4, deadline=None)


def allowed(asked: list[Request]) -> list[set[str]]:
    return [set(answer.verdict.allowed) for answer in gate.decide_many(asked)]


def urgent(request: Request) -> bool:
    return bool(request["emergency"]) and request["purpose"] == "safeguarding"


@seed(1)
@thorough
@given(batches)
@pytest.mark.proves("N081", "N090")
def test_the_evaluators_agree_and_nothing_goes_that_was_not_asked_or_not_permitted(number: int) -> None:
    asked = many(number)
    for request, answer in zip(asked, gate.decide_many(asked), strict=True):
        verdict = answer.verdict
        assert not verdict.alarms, request
        assert sorted(verdict.allowed + tuple(row.field for row in verdict.refused)) == sorted(request["fields"])
        permitted = set(ALL.get(request["recipient"], ()))
        assert set(verdict.allowed) <= permitted & set(request["fields"])
        if request["child"]["confidential_address"]:
            assert "address" not in verdict.allowed


@seed(2)
@thorough
@given(batches)
@pytest.mark.proves("N112")
def test_no_post_16_provider_has_anything_of_a_child_under_16(number: int) -> None:
    asked = many(number)
    for request, found in zip(asked, allowed(asked), strict=True):
        born = request["child"]["date_of_birth"]
        young = born is None or birthdays.age_on(date.fromisoformat(born), date.fromisoformat(request["on"])) < 16
        if request["recipient"] == "post-16-provider" and young:
            assert not found


def withdraw(request: Request, rng: random.Random) -> None:
    """Every consent ends that day."""
    for consent in request["child"]["consents"]:
        consent["to"] = request["on"]


def object_to(request: Request, rng: random.Random) -> None:
    """One more objection, to all or some, of this recipient."""
    fields = rng.choice([None, rng.sample(FIELDS, 4)])
    request["child"]["objections"].append(
        objection(rng.choice(["parent", "young_person"]), fields, request["recipient"], "2000-01-01")
    )


def forget(request: Request, rng: random.Random) -> None:
    """One thing fewer is known."""
    child = request["child"]
    unknowns: list[Callable[[], Any]] = [
        lambda: child.update(date_of_birth=None),
        lambda: child.update(resident=None),
        lambda: child.update(send=None),
        lambda: request.update(agreement=None),
        lambda: request.update(reference=None),
        lambda: request.update(recipient_id=None),
        lambda: request["requester"].update(officer=None),
        lambda: request["requester"].update(power=None),
        lambda: child.update(enrolled_at=[], placed_with=[]),
        lambda: child.update(applied_to=[], linked_councils=[]),
        lambda: child.update(consents=child["consents"][1:]),
        lambda: child.update(confidential_address=True),
        lambda: request.update(channel="unheard-of"),
    ]
    rng.choice(unknowns)()


@pytest.mark.parametrize("change", [withdraw, object_to, forget])
@seed(3)
@thorough
@given(number=batches)
@pytest.mark.proves("N116")
def test_a_withdrawal_an_objection_or_an_unknown_never_opens_anything(
    change: Callable[[Request, random.Random], None], number: int
) -> None:
    asked, rng = many(number), random.Random(number)
    after = copy.deepcopy(asked)
    for request in after:
        change(request, rng)
    for request, before, found in zip(after, allowed(asked), allowed(after), strict=True):
        assert found <= before, request


@seed(4)
@thorough
@given(batches)
@pytest.mark.proves("N115")
def test_consent_to_everything_never_widens_the_closed_list(number: int) -> None:
    asked = many(number)
    after = copy.deepcopy(asked)
    for request in after:
        request["child"]["consents"] = [
            {"by": by, "fields": list(FIELDS), "recipient": request["recipient"], "from": since, "to": None}
            for by in ("parent", "young_person")
            for since in ("2000-01-01", request["on"])
        ]
    for request, found in zip(after, allowed(after), strict=True):
        assert found <= set(ALL.get(request["recipient"], ()))


@seed(5)
@thorough
@given(batches)
def test_harm_is_kept_off_whatever_else_the_request_says(number: int) -> None:
    asked = many(number)
    for request in asked:
        request.update(
            emergency=True, purpose="safeguarding", need="A child at risk.", channel="phone", recipient="police"
        )
    for request, found in zip(asked, allowed(asked), strict=True):
        core = {"name", "date_of_birth"} | (set() if request["child"]["confidential_address"] else {"address"})
        assert found == core & set(request["fields"])


def test_generated_requests_are_not_all_refused() -> None:
    """The properties would hold of a gate that is always shut: enough of the requests must go through."""
    asked = many(6, 1500)
    opened = Counter(request["recipient"] for request, found in zip(asked, allowed(asked), strict=True) if found)
    for recipient, times in Counter(request["recipient"] for request in asked).items():
        assert opened[recipient] > times / 20 or recipient not in IN_ORDER, recipient
