"""What people do on the pages, over the demo's borough: each form does its one thing, says so, and refuses in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import Resolver404, resolve

from fairhold import ledger
from fairhold.engine import database
from tests.web.addresses import pages as every_page

AtWork = Callable[[str, str], Client]


def _value(statement: str) -> int:
    with database.connect("owner") as owner:
        row = owner.execute(statement).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return int(row[0])


def _said(client: Client, address: str) -> str:
    """The notice that stands on the next page, shown once."""
    found = re.search(r'notification-banner__heading">([^<]*)<', client.get(address).content.decode())
    return found[1] if found else ""


def test_every_page_is_found_over_a_full_store_by_whoever_may_open_it(at_work: AtWork) -> None:
    """The examples of `addresses` are the first of their kind, so 404 would mean an empty store or a broken page."""
    officer = at_work("data-officer", "data-intake")
    for name, address, view in every_page():
        if view.door in ("page.home", "page.feeds", "page.deliveries", "page.set-aside", "page.upload", "page.sources"):
            assert officer.get(address).status_code == 200, name


def test_the_list_of_things_to_do_leads_to_pages_that_exist(at_work: AtWork) -> None:
    with database.connect("owner") as owner:
        links = [link for (link,) in owner.execute("select distinct link from system.work_item").fetchall()]
    assert links
    for link in links:
        path = urlsplit(link).path
        try:
            resolve(path if path.endswith("/") else f"{path}/")
        except Resolver404:
            pytest.fail(f"{link} leads nowhere")


def test_the_list_is_the_role_s_own(at_work: AtWork) -> None:
    assert "to judge" in at_work("data-officer", "record-matching").get("/").content.decode()
    assert "to judge" not in at_work("analyst", "statistics").get("/").content.decode()


def test_a_join_is_taken_back_with_a_reason_and_what_was_built_on_it_is_listed(at_work: AtWork) -> None:
    client = at_work("data-officer", "record-matching")
    number = _value("select min(id) from people.link where undone_at is null")
    without = client.post(f"/identity/links/{number}/undo/", {"reason": " "}).content.decode()
    assert "Say why the two records are not one child." in without
    answer = client.post(f"/identity/links/{number}/undo/", {"reason": "two cousins"}).content.decode()
    assert "The join is taken back" in answer
    assert _value(f"select count(*) from people.link where id = {number} and undone_at is not null") == 1


def test_a_hold_is_placed_by_its_case_number_and_lifted_by_a_decision(at_work: AtWork) -> None:
    client = at_work("ig-officer", "retention")
    wrong = client.post("/disposal/holds/", {"act": "place", "rule": "RT93", "reference": "Jane Doe!"})
    assert "Give the case number of the hold" in wrong.content.decode()
    client.post("/disposal/holds/", {"act": "place", "rule": "RT93", "reference": "case 12"})
    assert _said(client, "/disposal/holds/") == "The hold is placed. It binds at once."
    assert "case 12" in client.get("/disposal/holds/").content.decode()
    number = _value("select max(id) from system.hold")
    client.post("/disposal/holds/", {"act": "lift", "hold": number, "because": "letter 7"})
    assert "case 12" not in client.get("/disposal/holds/").content.decode()


def test_a_source_is_registered_once_and_with_its_numbers(at_work: AtWork) -> None:
    client = at_work("administrator", "administration")
    school = {"kind": "school", "name": "Test School", "lea": "320", "estab": "12"}
    assert "establishment number (4 digits)" in client.post("/sources/add/", school).content.decode()
    assert client.post("/sources/add/", school | {"estab": "1234"}).status_code == 302
    assert "registered already" in client.post("/sources/add/", school | {"estab": "1234"}).content.decode()
    assert "Test School" in client.get("/sources/").content.decode()


def test_an_account_needs_a_role_and_a_long_password(at_work: AtWork) -> None:
    client = at_work("administrator", "administration")
    form = {"name": "New Person", "login": "n.person", "role": "analyst", "password": "short"}
    assert "at least 12 characters" in client.post("/accounts/add/", form).content.decode()
    assert client.post("/accounts/add/", form | {"password": "long enough for this"}).status_code == 302
    assert "New Person" in client.get("/accounts/").content.decode()


def test_nobody_closes_their_own_account(at_work: AtWork) -> None:
    client = at_work("administrator", "administration")
    mine = _value("select id from system.account where login = 'administrator'")
    answer = client.post("/accounts/", {"account": mine})
    assert answer.status_code == 403
    assert "another administrator" in answer.content.decode()


def test_a_file_of_a_source_nobody_registered_is_refused_in_words(at_work: AtWork, borough: Path) -> None:
    client = at_work("data-officer", "data-intake")
    data = min((borough / "in" / "schools").rglob("*.xml")).read_bytes()
    stranger = re.sub(rb"<Estab>\d{4}</Estab>", b"<Estab>9999</Estab>", data, count=1)
    answer = client.post("/deliveries/take-in/", {"files": SimpleUploadedFile("a.xml", stranger)}).content.decode()
    assert "is not registered as a source" in answer
    assert "Refused" in answer


@pytest.mark.parametrize("data", [b"", b"hello", b"<a>", b"%PDF-1.7", b"\xff\xfe\x00"])
def test_whatever_is_sent_gets_its_sentence(at_work: AtWork, data: bytes) -> None:
    client = at_work("data-officer", "data-intake")
    answer = client.post("/deliveries/take-in/", {"files": SimpleUploadedFile("x.xml", data)})
    assert answer.status_code == 200
    assert "Refused" in answer.content.decode() or "Choose at least one file" in answer.content.decode()


def test_a_row_set_aside_is_read_again_or_closed(at_work: AtWork, borough: Path) -> None:
    client = at_work("data-officer", "data-intake")
    data = max((borough / "in" / "schools").rglob("*_001.xml"), key=lambda file: file.stat().st_size).read_bytes()
    nameless = re.sub(rb"<Surname>[^<]+</Surname>", b"", data, count=1)
    client.post("/deliveries/take-in/", {"files": SimpleUploadedFile("b.xml", nameless)})
    assert "The pupil has no surname" in client.get("/deliveries/set-aside/").content.decode()
    number = _value("select min(id) from system.set_aside where state = 'open' and row is not null")
    client.post("/deliveries/set-aside/", {"row": number, "act": "replay"})
    assert _said(client, "/").startswith("The row stays set aside.")
    client.post("/deliveries/set-aside/", {"row": number, "act": "dismiss"})
    assert _said(client, "/") == "The row is closed without being taken in."
    assert client.post("/deliveries/set-aside/", {"row": number, "act": "dismiss"}).status_code == 403


def test_a_share_is_proposed_by_one_judged_by_another_and_not_sent_twice(at_work: AtWork) -> None:
    youth = at_work("youth-officer", "youth-support")
    partner = _value("select min(id) from system.share_partner")
    form = {
        "partner": partner,
        "need": "to help those who leave",
        "reason": "right-service",
        "fields": ["name", "address", "school"],
    }
    assert (
        "Say why the recipient needs this list." in youth.post("/shares/propose/", form | {"need": ""}).content.decode()
    )
    made = youth.post("/shares/propose/", form)
    address = made.headers["Location"]
    assert "Allowed" in youth.get(address).content.decode()
    assert youth.post(address, {"act": "approve", "note": "mine"}).status_code == 403

    officer = at_work("ig-officer", "information-governance")
    assert "Say in a word or two" in officer.post(address, {"act": "approve", "note": ""}).content.decode()
    officer.post(address, {"act": "approve", "note": "agreement and need are in order"})
    assert _said(officer, address) == "The share is approved."

    youth.post(address, {"act": "pack"})
    assert _said(youth, address).startswith("The package is made:")
    youth.post(address, {"act": "send"})
    assert _said(youth, address)


def test_what_was_shared_of_a_child_stands_with_the_child(at_work: AtWork) -> None:
    client = at_work("youth-officer", "youth-support")
    person = _value(
        "select min(m.person_id) from system.share_line l join people.membership m using (subject_id)"
        " where l.guard = 0 and m.person_id <> l.subject_id"
    )
    assert f"/children/{person}/shares/" in client.get(f"/children/{person}/").content.decode()
    answer = client.get(f"/children/{person}/shares/").content.decode()
    assert "Share 1" in answer
    assert "Refused" in answer


@pytest.mark.proves("N050")
def test_a_look_at_a_child_stands_in_the_ledger_before_it_is_shown_and_names_nobody(at_work: AtWork) -> None:
    client = at_work("social-worker", "children-in-need")
    person = _value("select min(id) from system.subject where guard = 0")
    assert client.get(f"/children/{person}/").status_code == 200
    event = ledger.newest(limit=1)[0]
    assert (event.kind, event.purpose, len(event.children) >= 1) == ("record.child", "children-in-need", True)
    name = _value_text("select surname from people.name where subject_id = %s", person)
    assert name not in str(event.as_json())


def _value_text(statement: str, subject: int) -> str:
    with database.connect("owner") as owner:
        row = owner.execute(statement, (subject,)).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return str(row[0])


def test_a_day_that_is_no_day_is_said_at_its_field(at_work: AtWork) -> None:
    client = at_work("social-worker", "children-in-need")
    person = _value("select min(id) from system.subject where guard = 0")
    answer = client.get(f"/children/{person}/", {"on": "31/2/2026"}).content.decode()
    assert "Enter day, month and year, such as 1/9/2026." in answer


def test_a_search_that_finds_nobody_says_what_can_be_searched(at_work: AtWork) -> None:
    client = at_work("social-worker", "children-in-need")
    client.post("/children/", {"text": "Zzyzx"})
    assert "Every word must fit" in client.get("/children/").content.decode()
