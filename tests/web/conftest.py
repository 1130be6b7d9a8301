"""The pages over a real store: one made-up person per role, and a browser-like client for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from fairhold import access
from fairhold.access import accounts
from tests.web.browser import chromium, served


@pytest.fixture(scope="session")
def pages(cluster: Path) -> None:
    """Django, set up over the tests' store."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "fairhold.web.settings"
    import django

    django.setup()


@pytest.fixture
def staff(pages: None) -> dict[str, int]:
    """Role → the number of its one made-up account."""
    for role in access.ROLES:
        accounts.add_made_up(name=f"Made-up {role.title}", login=role.slug, role_slug=role.slug)
    return {account.role: account.id for account in accounts.made_up()}


BOROUGHS_DAY = "2026-11-23T09:00:00+00:00"


@pytest.fixture(scope="module")
def borough(pages: None, cluster: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The store after the demo's day on a small made-up borough, at the borough's own time."""
    from fairhold.cli import demo_day
    from tests.conftest import empty_store

    folder = tmp_path_factory.mktemp("borough")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAIRHOLD_CLOCK", BOROUGHS_DAY)
        empty_store()
        day = demo_day.Day(
            home=folder, borough=folder / "borough", pupils=1000 if os.environ.get("FAIRHOLD_PICTURES") else 200, seed=2
        )
        for _, act in demo_day.STEPS:
            act(day)
        yield day.borough
        empty_store()


Enter = Callable[..., Client]


@pytest.fixture
def enter(staff: dict[str, int]) -> Enter:
    """`enter("analyst", "statistics")`: somebody with that role, signed in and working under that purpose."""

    def signed_in(role: str, purpose: str | None = None) -> Client:
        client = Client(HTTP_HOST="localhost")
        client.post("/sign-in/made-up/", {"account": staff[role]})
        if purpose:
            client.post("/purpose/", {"purpose": purpose})
        return client

    return signed_in


@pytest.fixture
def visitor(staff: dict[str, int]) -> Client:
    """Somebody who is not signed in."""
    return Client(HTTP_HOST="localhost")


@pytest.fixture
def at_work(borough: Path) -> Callable[..., Client]:
    """`at_work("analyst", "statistics")`: the demo's first person of that role, signed in, over the made-up borough."""

    def signed_in(role: str, purpose: str) -> Client:
        client = Client(HTTP_HOST="localhost")
        person = next(account for account in accounts.made_up() if account.role == role)
        client.post("/sign-in/made-up/", {"account": person.id})
        client.post("/purpose/", {"purpose": purpose})
        return client

    return signed_in


@pytest.fixture(scope="module")
def browser(borough: Path) -> Iterator[Browser]:
    # The borough comes first: its day sends a file, which a browser's running loop would not let it.
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(borough: Path) -> Iterator[str]:
    with served() as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    context.close()
    assert not said, "the browser complained"
