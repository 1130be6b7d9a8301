"""A small borough: a pupil of two schools who is in care too, others, and doors of several purposes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from tests.intake.conftest import OFFICER, ask, send, store  # noqa: F401  (fixtures)

from fairhold import access, identity, record  # noqa: F401  (the search follows what is stored)

ROLES = {
    "data-intake": "data-officer",
    "record-matching": "data-officer",
    "missing-education": "youth-officer",
    "youth-support": "youth-officer",
    "safeguarding": "social-worker",
    "children-in-need": "social-worker",
    "statutory-returns": "analyst",
}


@pytest.fixture
def under() -> Callable[[str], AbstractContextManager[access.Scope]]:
    """`with under("safeguarding") as scope:` somebody who may."""
    return lambda purpose: access.scope(access.Actor(9, f"Made-up {ROLES[purpose]}", ROLES[purpose]), purpose)


@pytest.fixture
def link(store) -> Callable[[], identity.Matched]:  # noqa: F811
    """Run the rules."""

    def link() -> identity.Matched:
        with access.scope(OFFICER, "record-matching") as scope:
            return identity.link_all(scope)

    return link
