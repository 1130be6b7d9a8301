"""Law and policy on the pages: seen as at any day, confirmed, tightened, loosened by two people, and tried out."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.test import Client

from fairhold.access import accounts

AtWork = Callable[[str, str], Client]
IG = "information-governance"
ROW = "/policy/rows/policy_recipients/youth-support/"


def text(client: Client, address: str) -> str:
    """A page's words."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return words(answer)


def words(answer: object) -> str:
    content = html.unescape(answer.content.decode())  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", content).split())


@pytest.fixture
def other(at_work: AtWork) -> Client:
    """A second officer."""
    client = Client(HTTP_HOST="localhost")
    second = [account for account in accounts.made_up() if account.role == "ig-officer"][1]
    client.post("/sign-in/made-up/", {"account": second.id})
    client.post("/purpose/", {"purpose": IG})
    return client


def test_a_row_is_confirmed_with_its_ground_and_a_wrong_row_is_not_found(at_work: AtWork) -> None:
    officer = at_work("ig-officer", IG)
    address = "/policy/rows/lawful_bases/LB29/"
    assert "Shipped" in text(officer, address)
    assert "Say on what" in words(officer.post(address, {"act": "confirm", "note": " "}))
    assert officer.post(address, {"act": "confirm", "note": "Made-up advice"}).status_code == 302
    assert "Confirmed here" in text(officer, address)
    assert officer.get("/policy/rows/lawful_bases/LB99/").status_code == 404
    assert officer.get("/policy/rows/retention/").status_code == 404
    assert "Enter a day" in text(officer, "/policy/?on=yesterday")


@pytest.mark.proves("N083", "N090")
def test_a_tightening_counts_from_its_day_on_every_page_and_in_a_tried_case(at_work: AtWork) -> None:
    officer = at_work("ig-officer", IG)
    form = {"act": "change", "from": "1/4/2027", "until": "", "reason": "Made-up advice", "age_from": "14"}
    assert officer.post(ROW, form | {"from": "soon"}).status_code == 200
    assert officer.post(ROW, form).headers["Location"] == "/policy/changes/"
    assert "Less may go" in text(officer, "/policy/changes/")
    assert "Age from 13" in text(officer, f"{ROW}?on=31/3/2027")
    assert "Age from 14" in text(officer, f"{ROW}?on=1/4/2027")
    case = {"recipient": "youth-support", "born": "1/6/2013", "need": "Made-up.", "fields": ["name"]}
    before, after = (words(officer.post("/policy/try/", case | {"on": on})) for on in ("31/3/2027", "1/4/2027"))
    assert "All of it may go" in before
    assert "R07.young" in after
    assert "Ask again from birthday 14" in after
    assert "Aged 14" in after
    assert "A day short of 14" not in after


def test_a_loosening_waits_for_another_officer(at_work: AtWork, other: Client) -> None:
    officer = at_work("ig-officer", IG)
    address = "/policy/rows/policy_opens/charity consent/"
    form = {
        "act": "change",
        "from": "1/4/2027",
        "reason": "Made-up advice",
        "fields": "name address date_of_birth phone",
    }
    assert officer.post(address, form).status_code == 302
    page = text(officer, "/policy/changes/")
    assert "Waits for a second person" in page
    number = re.search(r"(\d+) What law and consent open charity consent", page)
    assert number
    assert "second person" in words(officer.post("/policy/changes/", {"act": "second", "row": number[1]}))
    assert "Judge change" in text(other, "/")
    assert other.post("/policy/changes/", {"act": "second", "row": number[1]}).status_code == 302
    assert "phone" in text(officer, f"{address}?on=1/4/2027")
    assert "Choose what to do" in words(officer.post("/policy/changes/", {"act": "none"}))


def test_a_tried_case_says_which_rule_decides_and_what_would_change_it(at_work: AtWork) -> None:
    officer = at_work("ig-officer", IG)
    assert "Try a case" in text(officer, "/policy/try/")
    case = {"recipient": "police", "need": "Made-up.", "fields": ["name", "upn"], "reference": "1", "officer": "PC 1"}
    said = words(officer.post("/policy/try/", case))
    assert "R10.power" in said
    assert "With a named power name" in said
    assert "In an emergency" not in said  # the purpose is another
    said = words(officer.post("/policy/try/", {**case, "power": "s115", "protected": "yes", "emergency": "yes"}))
    assert "agree on every field" in said
    assert "must be a date" in words(officer.post("/policy/try/", {**case, "born": "last spring"}))


def test_proofs_and_permissions_are_recorded_and_agreements_looked_at_again(at_work: AtWork) -> None:
    officer = at_work("ig-officer", IG)
    proof = {"act": "proof", "evidence": "nhs-toolkit", "reference": "Made-up 7", "from": "1/7/2026", "to": "1/7/2027"}
    assert "None on record" in text(officer, "/policy/proofs/")
    assert "Enter the day it runs out" in words(officer.post("/policy/proofs/", proof | {"to": ""}))
    assert officer.post("/policy/proofs/", proof).status_code == 302
    permit = {
        "act": "permit", "origin": "dfe", "recipient": "research", "fields": ["sex"], "letter": "Made-up letter",
        "begins": "1/7/2026", "ends": "",
    }  # fmt: skip
    assert "Name the fields" in words(officer.post("/policy/proofs/", permit | {"fields": []}))
    assert officer.post("/policy/proofs/", permit).status_code == 302
    said = text(officer, "/policy/proofs/")
    assert "Made-up 7" in said
    assert "Made-up letter" in said
    assert "In force" in text(officer, "/policy/agreements/")
    look = {"agreement": "1", "review_by": "1/7/2027", "note": "Seen (made up)"}
    assert "next look" in words(officer.post("/policy/agreements/", look | {"review_by": ""}))
    assert "in words too" in words(officer.post("/policy/agreements/", look | {"keeps_days": "400"}))
    assert officer.post("/policy/agreements/", look | {"keeps_days": "400", "keeps": "400 days"}).status_code == 302
    assert "counted: 400 days" in text(officer, "/policy/agreements/")


def test_an_auditor_sees_but_changes_nothing(at_work: AtWork) -> None:
    auditor = at_work("ig-officer", "audit")
    for address in ("/policy/", "/policy/changes/", ROW, "/policy/agreements/", "/policy/proofs/", "/policy/try/"):
        assert auditor.get(address).status_code == 200, address
    assert "Change it from a day on" not in text(auditor, ROW)
    form = {"act": "change", "from": "1/4/2027", "reason": "Made-up", "age_from": "15"}
    assert "not open" in words(auditor.post(ROW, form))
