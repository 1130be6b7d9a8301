"""An emergency on the pages, without JavaScript: two steps, the answer, the second look; and what is not said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

Enter = Callable[..., Client]
FORM = {
    "recipient": "police", "organisation": "Made-up station", "spoken_to": "PC 1", "channel": "phone",
    "need": "Made-up harm.", "name": "Ada Madeup", "born": "5/9/2011", "address_protected": "unknown",
    "fields": ["name", "address"], "value_name": "Ada Madeup", "value_address": "1 Made-up Road",
}  # fmt: skip
HERE = "/shares/emergency/"


@pytest.fixture
def empty(clean: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FAIRHOLD_SPOOL", str(tmp_path / "spool"))


@pytest.mark.proves("N091")
def test_two_steps_then_what_may_be_told_then_somebody_else_looks(empty: None, enter: Enter) -> None:
    officer = enter("youth-officer", "youth-support")
    assert "call 999" in officer.get(HERE).content.decode()
    lacking = officer.post(HERE, FORM | {"act": "check", "need": " "}).content.decode()
    assert "Say what harm the child must be kept from" in lacking
    assert "1 Made-up Road" in lacking  # nothing typed is lost
    second = officer.post(HERE, FORM | {"act": "check"}).content.decode()
    assert "Step 2 of 2" in second
    assert "May be told" in second
    assert "A second person who stands by it" in second
    assert 'name="value_address" value="1 Made-up Road"' in second
    words = {"reason": "Made-up: he is on his way.", "second": "Pat Second"}
    answer = officer.post(HERE, FORM | words | {"act": "tell"})
    assert answer.headers["Location"] == "/shares/emergency/1/"
    told = officer.get("/shares/emergency/1/").content.decode()
    for text in ("You may tell it now", "1 Made-up Road", "Told by override", "Pat Second"):
        assert text in told
    assert "Was it right to tell this?" not in told
    assert enter("send-officer", "send-support").get("/shares/emergency/1/").status_code == 404
    judge = enter("ig-officer", "information-governance")
    assert "Look at what was told in emergency 1" in judge.get("/").content.decode()
    assert "Emergency 1" in judge.get("/shares/emergencies/").content.decode()
    assert "Say in a word or two" in judge.post("/shares/emergency/1/", {"act": "wrong"}).content.decode()
    judge.post("/shares/emergency/1/", {"act": "wrong", "note": "Made-up: the address was not needed."})
    assert "Wrong: Made-up: the address was not needed." in judge.get("/shares/emergency/1/").content.decode()
    assert "Assess a breach in emergency 1" in judge.get("/").content.decode()


def test_what_may_not_be_told_is_kept_and_shown_with_its_reason(empty: None, enter: Enter) -> None:
    social = enter("social-worker", "safeguarding")
    refused = social.post(HERE, FORM | {"act": "tell", "fields": ["address"], "recipient": "health"})
    assert "Nothing of it may be told." in refused.content.decode()
    kept = {
        "recipient": "charity",
        "organisation": "Made-up charity",
        "fields": "school, address",
        "reason": "No need.",
    }
    assert social.post("/shares/not-shared/", kept).status_code == 302
    page = enter("ig-officer", "audit").get("/shares/not-shared/").content.decode()
    for text in ("school, address", "No need.", "the gate", "a person", "Made-up station"):
        assert text in page
    assert "We decided not to tell" not in page


@pytest.mark.proves("N090")
def test_what_is_not_said_looks_the_same(empty: None, enter: Enter) -> None:
    social = enter("social-worker", "safeguarding")
    asks = {
        "recipient": "health",
        "organisation": "Made-up ward",
        "need": "x",
        "reference": "R1",
        "service": "social_care",
    }
    pages = {
        social.post("/shares/known/", asks | changes).content.decode()
        for changes in ({"person": ""}, {"person": "999"}, {"person": "999", "recipient": "charity"})
    }
    shown = {page[page.index("govuk-panel__title") :][:200] for page in pages}
    assert len(shown) == 1
    assert "We do not say" in shown.pop()
