"""Signing in and out: passwords, made-up people, guessing, and what ends a visit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from fairhold import access, ledger
from fairhold.access import accounts
from fairhold.dates import clock
from fairhold.engine import database
from fairhold.web import visits
from tests.web.conftest import Enter

PASSWORD = "correct horse battery"


@pytest.fixture
def real(staff: dict[str, int]) -> str:
    """The sign-in name of a person with a password (as made up as all the others)."""
    with access.scope(access.Actor(staff["administrator"], "Made-up", "administrator"), "administration") as scope:
        if accounts.by_login("w.test") is None:
            accounts.add(scope, name="W Test", login="w.test", role_slug="analyst", password=PASSWORD)
    with database.connect("owner") as owner:
        owner.execute("delete from system.sign_in_failure")
        owner.execute("update system.account set disabled = false where login = 'w.test'")
    return "w.test"


def _last() -> ledger.Event:
    return ledger.newest(limit=1)[0]


def test_the_right_password_opens_and_the_ledger_knows(visitor: Client, real: str) -> None:
    answer = visitor.post("/sign-in/", {"name": real, "password": PASSWORD, "next": "/totals/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/totals/")
    assert _last().kind == "signin.in"


@pytest.mark.parametrize("name", ["w.test", "nobody"])
def test_a_wrong_name_and_a_wrong_password_are_refused_in_the_same_words(visitor: Client, real: str, name: str) -> None:
    answer = visitor.post("/sign-in/", {"name": name, "password": "wrong"})
    assert answer.status_code == 400
    assert "The sign-in name or the password is not right." in answer.content.decode()
    assert _last().kind == "signin.refused"
    assert name not in str(_last().as_json())


def test_after_five_failures_the_door_stays_shut_for_a_quarter_of_an_hour(visitor: Client, real: str) -> None:
    for _ in range(5):
        visitor.post("/sign-in/", {"name": real, "password": "wrong"})
    shut = visitor.post("/sign-in/", {"name": real, "password": PASSWORD})
    assert shut.status_code == 429
    assert "Wait 15 minutes" in shut.content.decode()
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        assert visitor.post("/sign-in/", {"name": real, "password": PASSWORD}).status_code == 302


def test_a_form_without_name_or_password_says_so_at_each_field(visitor: Client) -> None:
    page = visitor.post("/sign-in/", {}).content.decode()
    assert "Enter your sign-in name." in page
    assert "Enter your password." in page
    assert "<title>Error: Sign in" in page


def test_a_form_from_another_site_is_refused(staff: dict[str, int]) -> None:
    client = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    answer = client.post("/sign-in/made-up/", {"account": staff["analyst"]})
    assert answer.status_code == 403
    assert "The form has expired" in answer.content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(visitor: Client, staff: dict[str, int], elsewhere: str) -> None:
    answer = visitor.post("/sign-in/made-up/", {"account": staff["analyst"], "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_signing_out_ends_the_visit_in_the_store_too(enter: Enter) -> None:
    client = enter("analyst", "statistics")
    token = client.cookies["fairhold"].value
    client.post("/sign-out/")
    assert _last().kind == "signin.out"
    client.cookies["fairhold"] = token
    assert client.get("/").status_code == 302


def test_a_visit_ends_after_half_an_hour_without_use(enter: Enter) -> None:
    client = enter("analyst", "statistics")
    assert client.get("/").status_code == 200
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert client.get("/").headers["Location"].startswith("/sign-in/")


def test_a_visit_ends_after_ten_hours_however_much_it_is_used(enter: Enter) -> None:
    client, start = enter("analyst", "statistics"), clock.now()
    for minutes in range(20, 600, 20):
        with clock.frozen(start + timedelta(minutes=minutes)):
            assert client.get("/").status_code == 200
    with clock.frozen(start + timedelta(minutes=601)):
        assert client.get("/").status_code == 302


def test_an_account_that_is_closed_is_out_at_the_next_click(enter: Enter, real: str, visitor: Client) -> None:
    visitor.post("/sign-in/", {"name": real, "password": PASSWORD})
    assert visitor.get("/purpose/").status_code == 200
    number = accounts.by_login(real)
    assert number is not None
    enter("administrator", "administration").post("/accounts/", {"account": number.id})
    assert visitor.get("/").headers["Location"].startswith("/sign-in/")
    assert visitor.post("/sign-in/", {"name": real, "password": PASSWORD}).status_code == 400


def test_what_was_searched_for_is_kept_for_the_visit_and_unreadable_in_the_store(staff: dict[str, int]) -> None:
    account = accounts.by_id(staff["analyst"])
    assert account is not None
    visit = visits.start(account)
    visits.keep(visit, {"name": "Zebedee Canary"})
    assert visits.kept(visit) == {"name": "Zebedee Canary"}
    with database.connect("owner") as owner:
        stored = owner.execute("select string_agg(t::text, '') from system.session t").fetchone()
    assert stored is not None
    assert "Zebedee" not in stored[0]
    assert visit.token not in stored[0]
