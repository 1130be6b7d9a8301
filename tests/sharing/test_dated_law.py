"""A change of law is one dated row: before, on and after its day, in both evaluators, each asked alone."""

from __future__ import annotations

from typing import Any

import pytest

from fairhold import governance
from fairhold.governance import Book
from fairhold.sharing import cedar, gate, second
from fairhold.sharing.tables import policy
from tests.sharing import drawn_law
from tests.sharing.made_up import CORE, consent, in_order

SHIPPED = governance.shipped()
BEFORE, DAY, LATER = "2027-03-31", "2027-04-01", "2028-04-01"


def changed(*rows: tuple[str, str, dict[str, str]]) -> Book:
    """The shipped book and rows more: (file, first words of the row they follow, what changes)."""
    added = []
    for file, key, cells in rows:
        row = next(row for row in SHIPPED.rows[file] if " ".join(row.values()).startswith(key))
        added.append((file, {**row, "from": DAY, **cells}))
    return SHIPPED.with_rows(added)


def each_alone(book: Book, request: dict[str, Any]) -> tuple[set[str], set[str]]:
    """What the first evaluator lets go, and what the second does."""
    reading = gate.read(request, policy(book).on(request["on"]))
    combinations = [(reading.edition, reading.facts, cell) for cell in reading.cells]
    found = cedar.evaluate(combinations)
    first = {name for name, one in zip(request["fields"], combinations, strict=True) if found[one] == cedar.ALLOWED}
    [places] = second.evaluate([request], book, [gate.NO_HOLDS])
    return first, {request["fields"][place] for place in places}


def goes(book: Book, request: dict[str, Any], on: str) -> set[str]:
    """What goes on a day; both evaluators must say the same, and the gate too."""
    asked = request | {"on": on}
    first, then = each_alone(book, asked)
    assert first == then == set(gate.decide(asked, book=book).verdict.allowed), on
    return first


S16LA = {"part": "s16LA", "fields": "nhs_number health_condition", "gateway": "LB20"}
OPEN_ENDED = {"agreement__from": "2000-01-01", "agreement__to": None}


@pytest.mark.proves("N083")
def test_a_field_opened_by_a_law_goes_from_the_day_it_commences_until_the_day_it_is_repealed() -> None:
    opening = ("policy_opens", "health law", {**S16LA, "from": ""})
    law = ("lawful_bases", "LB20", {"commenced": "yes", "from": DAY, "until": LATER})
    asked = in_order("health", fields=["name", "nhs_number"])
    waiting, commenced = changed(opening), changed(opening, law)
    days = {"2026-11-24": "N083.early", BEFORE: "N083.early", DAY: None, "2028-03-31": None, LATER: "N083.ended"}
    for day, rule in days.items():
        assert goes(waiting, asked, day) == {"name"}, day
        assert goes(commenced, asked, day) == ({"name"} if rule else {"name", "nhs_number"}), day
        refused = gate.decide(asked | {"on": day}, book=commenced).verdict.refused
        assert [one.rule for one in refused] == ([rule] if rule else []), day
    repealed = changed(opening, law, ("lawful_bases", "LB20", {"commenced": "no", "from": "2027-10-01"}))
    assert goes(repealed, asked, "2027-09-30") == {"name", "nhs_number"}
    assert goes(repealed, asked, "2027-10-01") == {"name"}
    [basis] = [one for one in gate.decide(asked | {"on": DAY}, book=commenced).verdict.basis if one.field != "name"]
    assert (basis.way, basis.gateways) == ("law", ("LB20",))


@pytest.mark.proves("N083")
def test_a_law_that_is_only_planned_or_unverified_opens_nothing() -> None:
    asked = in_order("health", fields=["name", "nhs_number"])
    for commenced in ("no", "unverified", "", "Yes"):
        law = ("lawful_bases", "LB20", {"commenced": commenced})
        assert goes(changed(("policy_opens", "health law", S16LA), law), asked, LATER) == {"name"}
    nothing_named = ("policy_opens", "health law", S16LA | {"gateway": ""})
    unheard_of = ("policy_opens", "health law", S16LA | {"gateway": "LB99"})
    for row in (nothing_named, unheard_of):
        assert goes(changed(row), asked, LATER) == {"name"}


@pytest.mark.proves("N083")
def test_of_several_laws_one_in_force_is_enough_and_is_the_one_that_is_cited() -> None:
    gone = [("lawful_bases", number, {"commenced": "no"}) for number in ("LB22", "LB18", "LB20")]
    asked = in_order("health", fields=["name"])
    book = changed(*gone)
    assert goes(book, asked, DAY) == {"name"}
    [basis] = gate.decide(asked | {"on": DAY}, book=book).verdict.basis
    assert basis.gateways == ("LB19",)
    assert goes(changed(*gone, ("lawful_bases", "LB19", {"commenced": "no"})), asked, DAY) == set()


def test_no_missing_law_stops_what_keeps_a_child_from_harm() -> None:
    book = changed(
        *[("lawful_bases", f"{row['id']},".strip(","), {"commenced": "no"}) for row in SHIPPED.rows["lawful_bases"]]
    )
    urgent = in_order("police", fields=list(CORE), emergency=True, purpose="safeguarding", channel="phone")
    assert goes(book, urgent, DAY) == set(CORE)
    assert goes(book, in_order("police", fields=list(CORE)), DAY) == set()


YOUNG = {"child__date_of_birth": "2013-06-01", **OPEN_ENDED}  # 13 on the day
URGENT = {"emergency": True, "purpose": "safeguarding", "channel": "phone"}
YES = {"child__consents": [consent("young_person", ["school", "phone"], "youth-support")], **OPEN_ENDED}
BODIES, SERVING, WAYS, OPENS = "policy_recipients", "policy_purposes", "policy_channels", "policy_opens"
# change: file, key, cells; the request's recipient, fields and what is odd of it; what goes before and after
CHANGES: dict[str, tuple[str, str, dict[str, str], str, str, dict[str, Any], str, str]] = {
    "age": (BODIES, "youth-support", {"age_from": "14"}, "youth-support", "name", YOUNG, "name", ""),
    "agreement": (BODIES, "school", {"agreement": "yes"}, "school", "name", {"agreement": None}, "name", ""),
    "residence": (BODIES, "school", {"resident": "yes"}, "school", "name", {"child__resident": None}, "name", ""),
    "reference": (BODIES, "school", {"reference": "yes"}, "school", "name", {"reference": ""}, "name", ""),
    "officer": (BODIES, "school", {"officer": "yes"}, "school", "name", {"requester__power": " "}, "name", ""),
    "link": (BODIES, "dfe", {"link": "placed_with"}, "dfe", "name", {"child__placed_with": []}, "name", ""),
    "purpose": (SERVING, "research always", {"recipients": "school"}, "research", "sex", OPEN_ENDED, "sex", ""),
    "harm": (SERVING, "safeguarding emergency", {"recipients": "school"}, "police", "name", URGENT, "name", ""),
    "channel": (WAYS, "s2s", {"recipients": "dfe"}, "school", "name", {}, "name", ""),
    "never": (WAYS, "s2s", {"never": "yes"}, "school", "name", {}, "name", ""),
    "urgent channel": (WAYS, "phone", {"emergency": "no"}, "police", "name", URGENT, "name", ""),
    "core": ("policy_fields", "upn", {"core": "yes"}, "police", "upn", URGENT, "", "upn"),
    "opened": (OPENS, "school law", {"fields": "name fsm"}, "school", "name upn fsm", {}, "name upn", "name fsm"),
    "closed list": (OPENS, "youth-support consent", {"fields": "phone"}, "youth-support", "school phone", YES,
                    "school", "phone"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.proves("N083", "N090")
def test_one_dated_row_changes_what_goes_from_its_day_and_not_before(change: tuple[Any, ...]) -> None:
    file, key, cells, recipient, fields, odd, before, after = change
    asked = in_order(recipient, fields=fields.split(), **odd)
    book = changed((file, key, cells))
    assert (goes(book, asked, BEFORE), goes(book, asked, DAY)) == (set(before.split()), set(after.split()))
    ends = changed((file, key, {**cells, "until": LATER}))
    assert goes(ends, asked, LATER) == set(before.split())  # then the row before it is back in force


def test_of_rows_about_one_thing_the_newest_counts_and_of_two_of_one_day_the_later_placed() -> None:
    asked = in_order("school", fields=["name"], agreement=None)
    tighter, looser = (("policy_recipients", "school", {"agreement": said}) for said in ("yes", "no"))
    assert goes(changed(tighter, looser), asked, DAY) == {"name"}
    assert goes(changed(looser, tighter), asked, DAY) == set()
    earlier = (looser[0], looser[1], {"agreement": "no", "from": "2027-01-01"})
    assert goes(changed(tighter, earlier), asked, DAY) == set()


def test_texts_follow_their_rows_too() -> None:
    row = ("policy_refusals", "R12.field", {"reason": "Not for {who}."})
    cited = ("policy_law", "school", {"citation": "A made-up Act s1"})
    for book, on, reason, law in (
        (changed(row, cited), DAY, "Not for the school.", "A made-up Act s1"),
        (changed(row, cited), BEFORE, "This is more than the school may have.", "Children Act 2004 s10"),
    ):
        [refusal] = gate.decide(in_order("school", fields=["fsm"], on=on), book=book).verdict.refused
        assert (refusal.reason, refusal.law) == (reason, law)


def test_the_version_of_the_policy_is_another_when_a_row_is() -> None:
    assert policy(changed(("policy_recipients", "school", {"approvals": "1"}))).version != policy().version


def test_a_recipient_or_a_field_that_has_ended_has_nothing() -> None:
    """A row may end with nothing before it to come back."""
    rows = {
        file: tuple({**row, "until": DAY} if key in row.values() else row for row in SHIPPED.rows[file])
        for file, key in (("policy_recipients", "school"), ("policy_fields", "upn"))
    }
    book = Book({**SHIPPED.rows, **rows})
    assert goes(book, in_order("school", fields=["name"]), BEFORE) == {"name"}
    assert goes(book, in_order("school", fields=["name"]), DAY) == set()
    assert goes(book, in_order("dfe", fields=["name", "upn"]), BEFORE) == {"name", "upn"}
    assert goes(book, in_order("dfe", fields=["name", "upn"]), DAY) == {"name"}


@pytest.mark.proves("N083")
def test_every_kind_of_row_begins_ends_is_followed_and_comes_back_on_its_day() -> None:
    drawn = list(drawn_law.cases())
    asked = [request for _, request, _ in drawn]
    for (about, _, goes), answer in zip(drawn, gate.decide_many(asked, book=drawn_law.book()), strict=True):
        assert (answer.verdict.allowed, answer.verdict.alarms) == (tuple(goes), ()), about
    for asked, laws in drawn_law.protected():
        [basis] = gate.decide(asked, book=drawn_law.book()).verdict.basis
        assert (basis.way, basis.gateways) == ("protect", laws), asked["on"]
    for asked, rule in drawn_law.rules():
        refused = gate.decide(asked, book=drawn_law.book()).verdict.refused
        assert [one.rule for one in refused] == [rule] * bool(rule)
