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

from fairhold import access, ledger
from fairhold.engine import database
from fairhold.sharing import counts
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


@pytest.mark.proves("N088", "N089")
def test_the_answer_is_seen_before_anything_is_kept_and_the_least_is_suggested(at_work: AtWork) -> None:
    client = at_work("youth-officer", "missing-education")
    council = _value("select min(id) from system.share_partner where kind = 'other-council'")
    before = _value("select count(*) from system.share")
    child = _value("select min(subject_id) from people.name where guard = 0 and not care and known_until = 'infinity'")
    surname = _value_text("select surname from people.name where subject_id = %s", child)
    form = {"partner": f"{council}:council-move", "act": "find", "find": surname}
    found = client.post("/shares/propose/", form).content.decode()
    persons = re.findall(r'name="person" type="checkbox" value="(\d+)"', found)
    assert persons
    form |= {"act": "preview", "person": persons[0], "need": "Keep her place at the new school.", "reason": "safety"}
    seen = client.post("/shares/propose/", form).content.decode()
    assert "Nothing is kept yet" in seen
    assert "linked" in seen  # no link to that council is on record: the reason stands there
    ticked = re.findall(r'name="fields" type="checkbox" value="(\w+)" checked', seen)
    assert ticked == ["name", "address", "date_of_birth"]
    link = {"kind": "linked_councils", "body": "999", "begins": "1/11/2026", "evidence": "Letter (made up)"}
    assert "Write the days as" in client.post(f"/shares/links/{persons[0]}/", link | {"begins": "x"}).content.decode()
    client.post(f"/shares/links/{persons[0]}/", link)
    assert "Allowed" in client.post("/shares/propose/", form | {"fields": ticked}).content.decode()
    assert _value("select count(*) from system.share") == before
    for changes, said in (({"need": "as discussed"}, "in your own words"), ({"reason": ""}, "Choose the reason")):
        assert said in client.post("/shares/propose/", form | changes).content.decode()
    made = client.post("/shares/propose/", form | {"act": "propose", "urgency": "today"})
    assert made.status_code == 302
    assert "today" in client.get(made.headers["Location"]).content.decode()


def test_a_schedule_and_a_stop_on_the_pages(at_work: AtWork) -> None:
    youth, officer = at_work("youth-officer", "youth-support"), at_work("ig-officer", "information-governance")
    offered = re.findall(r'value="(\d+:[\w-]+)"', youth.get("/shares/schedules/ask/").content.decode())
    careers = next(one for one in offered if one.endswith("careers-list"))
    form = {
        "partner": careers, "cadence": "weekly", "begins": "23/11/2026", "ends": "1/6/2027",
        "reason": "right-service", "need": "Offer every leaver an interview.",
    }  # fmt: skip
    assert "Choose how often" in youth.post("/shares/schedules/ask/", form | {"cadence": ""}).content.decode()
    youth.post("/shares/schedules/ask/", form)
    number = _value("select max(id) from system.share_schedule")
    assert youth.post("/shares/schedules/", {"act": "approve", "schedule": number, "note": "x"}).status_code == 403
    officer.post("/shares/schedules/", {"act": "approve", "schedule": number, "note": "Agreement seen."})
    assert "Runs" in officer.get("/shares/schedules/").content.decode()
    offers = at_work("social-worker", "safeguarding").get("/shares/schedules/ask/").content.decode()
    assert "No recipient may have a schedule" in offers
    assert (
        "Say why"
        in youth.post("/shares/recipients/", {"act": "stop", "partner": careers[: careers.index(":")]}).content.decode()
    )
    youth.post("/shares/recipients/", {"act": "stop", "partner": careers[: careers.index(":")], "why": "Broken into."})
    assert "Broken into." in officer.get("/shares/recipients/").content.decode()
    assert "Stopped" in officer.get("/shares/schedules/").content.decode()
    stop = _value("select max(id) from system.share_stop")
    officer.post("/shares/recipients/", {"act": "lift", "stop": stop})
    assert _said(officer, "/shares/recipients/") == "A second person must want the stop lifted too."
    assert "yourself" in officer.post("/shares/recipients/", {"act": "lift", "stop": stop}).content.decode()


@pytest.mark.proves("N149")
def test_a_partner_asks_and_reads_the_answer_and_nothing_else(at_work: AtWork) -> None:
    partner = at_work("partner", "partner-request")
    assert "not linked to a body yet" in partner.get("/requests/").content.decode()
    with database.connect("owner") as owner:
        owner.execute(
            "insert into system.partner_account select a.id, p.id, 1, now()"
            " from system.account a, system.share_partner p where a.login = 'partner' and p.kind = 'health'"
        )
    form = {
        "flow": "health-case", "child_said": "A made-up child", "identifiers": "1", "need": "Plan his aftercare.",
        "reason": "safety", "fields": ["name"],
    }  # fmt: skip
    assert "in your own words" in partner.post("/requests/ask/", form | {"need": "asap"}).content.decode()
    answer = partner.post("/requests/ask/", form)
    assert answer.status_code == 302, re.findall(r"Error:</span>([^<]*)", answer.content.decode())
    assert "Your request is being looked at." in partner.get("/requests/").content.decode()
    number = _value("select max(id) from system.partner_request")
    social = at_work("social-worker", "safeguarding")
    assert "Plan his aftercare." in social.get(f"/shares/propose/?request={number}").content.decode()
    assert social.post(f"/shares/asked/{number}/", {"note": ""}).status_code == 200
    social.post(f"/shares/asked/{number}/", {"note": "Nobody fits."})
    told = partner.get("/requests/").content.decode()
    assert "This does not say whether we know the child." in told
    assert "Nobody fits" not in told


def test_what_was_shared_of_a_child_stands_with_the_child(at_work: AtWork) -> None:
    client = at_work("youth-officer", "youth-support")
    person = _value(
        "select m.person_id from system.share_line l join people.membership m using (subject_id)"
        " where l.share_id = 1 and l.guard = 0 order by m.person_id <> l.subject_id desc, 1 limit 1"
    )
    [link] = re.findall(r"/children/\d+/shares/", client.get(f"/children/{person}/").content.decode())
    answer = client.get(link).content.decode()
    assert "Share 1" in answer
    assert "Refused" in answer


@pytest.mark.proves("N148")
def test_what_left_is_listed_narrowed_taken_away_and_published_as_counts(at_work: AtWork) -> None:
    client = at_work("ig-officer", "information-governance")
    log = client.get("/shares/log/").content.decode()
    assert "Education Act 1996 s507B" in log
    assert "To give a child or family the right service." in log
    assert "Nothing that your purpose may know of" in client.get("/shares/log/?until=1/1/2020").content.decode()
    assert "Enter day, month and year" in client.get("/shares/log/?since=yesterday").content.decode()
    whole = client.get("/shares/log.xlsx")
    assert whole.content.startswith(b"PK")
    assert client.get("/shares/log.xlsx?since=yesterday").status_code == 404
    with database.connect("owner") as owner:  # the demo's day has published some
        owner.execute("truncate system.disclosure_release cascade")
    assert "Nothing is published yet" in client.get("/shares/counts/").content.decode()
    with access.scope(access.Actor(1, "Made-up", "ig-officer"), "information-governance") as scope:
        counts.publish(scope)
    told = at_work("leadership", "performance").get("/shares/counts/").content.decode()
    assert "of them to keep somebody from harm" in told
    assert "Each rests on a law that is on record." in told
    assert client.get("/shares/counts.svg").content.startswith(b"<svg")


@pytest.mark.proves("N019")
def test_the_notice_is_open_to_everybody_and_an_officer_sees_what_differs_and_publishes(at_work: AtWork) -> None:
    visitor = Client(HTTP_HOST="localhost")
    assert "as the system ships it" in visitor.get("/notice/").content.decode()
    assert visitor.get("/notice.pdf").content.startswith(b"%PDF-")
    client = at_work("ig-officer", "information-governance")
    assert "The notice says what the system does." in client.get("/notice/check/").content.decode()
    assert client.post("/notice/check/", {"act": "publish"}).status_code == 302
    told = visitor.get("/notice/").content.decode()
    assert "Version 1, put out on 23 November 2026." in told
    assert "not set" in told
    assert "Education Act 1996 s507B" in client.get("/notice/processing/").content.decode()
    for form, start in (("csv", b"Organisation,Contacts"), ("xlsx", b"PK"), ("pdf", b"%PDF-")):
        assert client.get(f"/notice/processing.{form}").content.startswith(start)


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
