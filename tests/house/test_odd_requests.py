"""Odd numbers, dates and words in addresses, forms and arguments: a sentence each time, never a fault of our own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from tests.house.conftest import Enter
from tests.house.outputs import command
from tests.web.addresses import pages as every_page

from fairhold import access
from fairhold.access.doors import door

HUGE = "99999999999999999999"
ODD = ("", "0", "-1", HUGE, "1.5", "²", "٣", "\x00", "x" * 5000, "';--", "31/02/2026", "\u202e")
NAMED = ("on", "known", "before", "kind", "page", "after", "text")
ROLES = [role.slug for role in access.ROLES]


def addresses(purpose: str) -> Iterator[str]:
    for _, address, view in every_page():
        if view.door is not None and door(view.door).opens_for(purpose):
            yield address
            yield re.sub(r"\b1\b", HUGE, address)
            yield re.sub(r"\b1\b", "0", address)


def fields(page: str) -> set[str]:
    """The names that the forms of a rendered page send."""
    return set(re.findall(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"', page)) - {"csrfmiddlewaretoken"}


@pytest.mark.parametrize("role", ROLES)
def test_no_page_breaks(borough: None, enter: Enter, role: str) -> None:
    for purpose in access.role(role).purposes():
        client = enter(role, purpose.slug)
        asked: dict[str, set[str]] = {}
        for address in dict.fromkeys(addresses(purpose.slug)):
            answer = client.get(address)
            assert answer.status_code < 500, address
            asked[address] = fields(answer.content.decode(errors="replace"))
        every: set[str] = set().union(*asked.values())
        for name, address, view in every_page():
            if view.door is None or not door(view.door).opens_for(purpose.slug):
                continue
            for odd in ODD[:4] if name == "disposal" else ODD:  # that page judges everybody each time
                answer = client.get(address, dict.fromkeys(NAMED, odd))
                assert answer.status_code < 500, (address, odd)
                if getattr(view, "posts", False):
                    answer = client.post(address, dict.fromkeys(asked[address] or every, odd))
                    assert answer.status_code < 500, (address, odd)


NUMBERED = (
    *("identity accept", "identity reject", "identity undo --reason x", "users disable", "share show", "share send"),
    *(
        "share log --person",
        "share approve --note x",
        "share recall-notice --action delete --reason x",
        "share acknowledge",
    ),
)


@pytest.mark.parametrize("number", ["0", "-1", HUGE])
@pytest.mark.parametrize("words", NUMBERED)
def test_no_command_breaks(borough: None, words: str, number: str) -> None:
    for role in ("data-officer", "administrator", "ig-officer", "youth-officer"):
        answer = command(role, *words.split(), "--", number)
        assert answer.code in (0, 2)
        assert "Fairhold itself is at fault" not in answer.err, answer
