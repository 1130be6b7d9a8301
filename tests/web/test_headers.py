"""What every answer carries, and what no page contains."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from fairhold import access
from tests.web.addresses import pages as every_page
from tests.web.conftest import Enter

INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
PURPOSES = [(role.slug, purpose.slug) for role in access.ROLES for purpose in role.purposes()]


def test_a_browser_may_load_and_run_only_what_we_serve(visitor: Client) -> None:
    policy = visitor.get("/sign-in/").headers["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules == {
        "default-src": "'none'",
        "style-src": "'self'",
        "script-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }


@pytest.mark.parametrize("address", ["/sign-in/", "/", "/there-is-no-such-page/", "/about/"])
def test_no_copy_of_a_page_is_kept(visitor: Client, address: str) -> None:
    answer = visitor.get(address)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_style_and_script_may_be_kept_and_change_their_address_with_their_content(visitor: Client) -> None:
    page = visitor.get("/sign-in/").content.decode()
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
        assert re.search(r"\?v=[0-9a-f]{12}$", address)
        answer = visitor.get(address)
        assert answer.status_code == 200
        assert "max-age=86400" in answer.headers["Cache-Control"]
        answer.close()


def test_a_host_we_do_not_know_is_refused(staff: dict[str, int]) -> None:
    assert Client(HTTP_HOST="somewhere.example").get("/sign-in/").status_code == 400


@pytest.mark.parametrize(("role", "purpose"), PURPOSES)
def test_no_page_holds_code_or_style_of_its_own(enter: Enter, role: str, purpose: str) -> None:
    client = enter(role, purpose)
    for name, address, _ in every_page():
        answer = client.get(address)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            found = INLINE.search(answer.content.decode())
            assert not found, (name, found and found.group())


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(enter: Enter) -> None:
    cookies = enter("analyst").cookies
    assert cookies["fairhold"]["httponly"]
    assert cookies["fairhold"]["samesite"] == "Lax"


@pytest.mark.parametrize("address", ["/there-is-no-such-page/", "/dictionary/people.nothing/"])
def test_what_is_not_there_is_said_helpfully(enter: Enter, address: str) -> None:
    answer = enter("analyst", "statistics").get(address)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
