"""Every address is behind a door, and each purpose opens exactly the doors that the matrix gives it."""

from __future__ import annotations

import pytest
from django.test import Client

from fairhold import access
from fairhold.access.doors import door, doors
from fairhold.web.menu import MENU
from tests.web.addresses import pages as every_page
from tests.web.conftest import Enter

OPEN_TO_ALL = {"sign-in", "sign-in-made-up", "sign-out", "purpose", "about", "collect", "notice", "notice-pdf"}
PURPOSES = [(role.slug, purpose.slug) for role in access.ROLES for purpose in role.purposes()]


def test_every_address_is_behind_a_door_of_the_matrix_or_says_that_it_needs_none(pages: None) -> None:
    for name, _, view in every_page():
        assert hasattr(view, "door"), f"{name} is not a page"
        if view.door is None:
            assert name in OPEN_TO_ALL
        else:
            assert door(view.door).kind in ("page", "export")


def test_every_door_of_a_page_is_built(pages: None) -> None:
    built = {view.door for _, _, view in every_page()}
    assert {name for name, known in doors().items() if known.kind == "page"} == built - {None} - {
        name for name, known in doors().items() if known.kind == "export"
    }


def test_every_entry_of_the_menu_leads_to_the_page_of_its_door(pages: None) -> None:
    by_name = {name: view.door for name, _, view in every_page()}
    assert {entry.name: entry.door for entry in MENU} == {entry.name: by_name[entry.name] for entry in MENU}


@pytest.mark.proves("N050")
def test_nobody_signed_out_sees_a_page(visitor: Client) -> None:
    for name, address, view in every_page():
        if view.door is not None:
            answer = visitor.get(address)
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith("/sign-in/?next="), name


@pytest.mark.proves("N050")
def test_nothing_is_seen_before_a_purpose_is_chosen(enter: Enter) -> None:
    client = enter("data-officer")
    for name, address, view in every_page():
        if view.door is not None:
            assert client.get(address).headers["Location"].startswith("/purpose/?next="), name


@pytest.mark.proves("N050", "N002")
@pytest.mark.parametrize(("role", "purpose"), PURPOSES)
def test_a_purpose_opens_exactly_the_pages_the_matrix_gives_it(enter: Enter, role: str, purpose: str) -> None:
    client = enter(role, purpose)
    for name, address, view in every_page():
        if view.door is None:
            continue
        answer = client.get(address)
        if door(view.door).opens_for(purpose):
            assert answer.status_code in (200, 404, 405), (name, answer.status_code)
        else:
            assert answer.status_code == 403, name
            assert "not open to this purpose" in answer.content.decode()


def test_a_page_that_is_not_open_says_which_purposes_open_it_and_offers_ones_own(enter: Enter) -> None:
    answer = enter("ig-officer", "retention").get("/ledger/").content.decode()
    assert "Work under another purpose" in answer
    assert 'value="audit"' in answer

    answer = enter("leadership", "performance").get("/ledger/").content.decode()
    assert "Information governance officer" in answer
    assert "Work under another purpose" not in answer


def test_a_purpose_of_others_cannot_be_chosen(enter: Enter) -> None:
    client = enter("leadership")
    assert client.post("/purpose/", {"purpose": "safeguarding"}).status_code == 400
    assert "safeguarding" not in client.get("/").content.decode()
