"""Tells a store what two sources say of some children, and asks what matching makes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from tests.intake.conftest import OFFICER, ask, send, store  # noqa: F401  (fixtures)
from tests.intake.made import OTHER, ctf, table

from fairhold import access, identity

SOCIAL_WORKER = access.Actor(3, "Made-up social worker", "social-worker")


def looked_after(**over: str) -> dict[str, str]:
    """A child of the case system, as in the return's header table."""
    return {"CHILD": "100", "SEX": "F", "DOB": "01/03/2014", "ETHNIC": "WBRI", "UPN": "", "MOTHER": "0"} | over


@pytest.fixture
def match(send) -> Callable[..., identity.Matched]:  # noqa: F811
    """`match(here=[…], there=[…], care=[…])` stores pupils of two schools and children in care, then runs the rules."""

    def match(
        *,
        here: Sequence[dict[str, Any]] = (),
        there: Sequence[dict[str, Any]] = (),
        care: Sequence[dict[str, str]] = (),
        other: Sequence[bytes] = (),
    ) -> identity.Matched:
        files = [ctf(here)] if here else []
        files += [ctf(there, school=OTHER)] if there else []
        files += [table("Header", care)] if care else []
        done = send(*files, *other, year="2026" if care else None)
        assert all(one.reason is None for one in done), done
        with access.scope(OFFICER, "record-matching") as scope:
            return identity.link_all(scope)

    return match


@pytest.fixture
def persons(ask) -> Callable[[], list[list[int]]]:  # noqa: F811
    """The groups of subjects that are one person."""

    def persons() -> list[list[int]]:
        found: dict[int, list[int]] = {}
        for subject, person in ask("select subject_id, person_id from people.membership order by 1"):
            found.setdefault(person, []).append(subject)
        return list(found.values())

    return persons
