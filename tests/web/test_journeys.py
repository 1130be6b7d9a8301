"""Each role in a real browser: signs in, chooses a purpose, opens every page of its menu. Tab reaches all
controls, axe finds no fault, and the browser's console stays empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from fairhold import access
from tests.web.browser import chromium, faults, picture, served, unreachable

ROLES = [role.slug for role in access.ROLES]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser, staff: dict[str, int]) -> Iterator[Page]:
    with served() as address:
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
        opened = context.new_page()
        said: list[str] = []
        opened.on("console", lambda message: said.append(message.text))
        opened.on("pageerror", lambda error: said.append(str(error)))
        yield opened
        context.close()
        assert not said, "the browser complained"


def enter(page: Page, role: str) -> None:
    page.goto("/sign-in/")
    title = access.role(role).title
    page.get_by_role("button", name=f"Sign in as Made-up {title}, {title}").click()


SEEN: set[str] = set()  # pages that are the same for everybody are looked at once


def sound(page: Page, name: str) -> None:
    assert faults(page) == [], name
    assert unreachable(page) == [], name


def test_the_first_page_is_sound_for_somebody_not_signed_in(page: Page) -> None:
    page.goto("/")
    expect(page).to_have_title("Sign in – Fairhold")
    sound(page, "sign-in")
    picture(page, "sign-in")
    page.goto("/about/")
    sound(page, "about")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_signs_in_and_finds_every_page_of_its_purposes_sound(page: Page, role: str) -> None:
    enter(page, role)
    purposes = access.role(role).purposes()
    if len(purposes) > 1:
        expect(page).to_have_title("What are you working on? – Fairhold")
        sound(page, "purpose")
        picture(page, f"{role}-purpose")
    here: set[str] = set()
    for purpose in purposes:
        if len(purposes) > 1:
            page.goto("/purpose/")
            page.get_by_label(purpose.title, exact=True).check()
            page.get_by_role("button", name="Start").click()
        expect(page).to_have_title("What needs doing today – Fairhold")
        menu = page.get_by_role("navigation", name="Menu").get_by_role("link")
        for address in [link.get_attribute("href") for link in menu.all()]:
            page.goto(address or "/")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            if address not in SEEN | here:
                sound(page, f"{purpose.slug} {address}")
            (SEEN if address in ("/proof/", "/dictionary/") else here).add(address or "")


def test_the_pages_work_without_a_script(browser: Browser, staff: dict[str, int]) -> None:
    with served() as address:
        context = browser.new_context(base_url=address, java_script_enabled=False)
        page = context.new_page()
        enter(page, "ig-officer")
        page.get_by_label("Check that the promises hold").check()
        page.get_by_role("button", name="Start").click()
        page.get_by_role("link", name="Ledger").first.click()
        page.get_by_role("button", name="Verify the ledger").click()
        expect(page.get_by_role("status")).to_contain_text("events are in place, unchanged and in order")
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_title("Sign in – Fairhold")
        context.close()


def test_a_page_holds_together_on_a_narrow_screen(browser: Browser, staff: dict[str, int]) -> None:
    with served() as address:
        context = browser.new_context(base_url=address, viewport={"width": 320, "height": 640})
        page = context.new_page()
        enter(page, "administrator")
        page.goto("/accounts/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        context.close()
