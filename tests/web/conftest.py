"""The pages over a real store: one made-up person per role, and a browser-like client for each."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from fairhold import access
from fairhold.access import accounts


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
