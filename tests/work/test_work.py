"""The one list of things to do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest

from fairhold import access, work

ScopeFor = Callable[[str, str], AbstractContextManager[access.Scope]]


def raised(scope: access.Scope, key: str = "8462001", **more: object) -> int:
    words = {
        "kind": "feed.late",
        "title": "The weekly file of one school has not come",
        "role": "data-officer",
        "room": "intake",
        "link": "/feeds",
    }
    return work.raise_item(scope, key=key, **{**words, **more})


@pytest.fixture
def officer(clean: Path, scope_for: ScopeFor) -> AbstractContextManager[access.Scope]:
    return scope_for("data-officer", "data-intake")


def test_the_same_thing_raised_twice_is_one_item_with_the_newer_words(
    officer: AbstractContextManager[access.Scope],
) -> None:
    with officer as scope:
        first = raised(scope)
        assert raised(scope, title="Two weekly files of one school have not come", due=date(2026, 11, 30)) == first
        (item,) = work.items(scope)
    assert item.title.startswith("Two")
    assert item.due == date(2026, 11, 30)
    assert not item.overdue(date(2026, 11, 30))
    assert item.overdue(date(2026, 12, 1))


def test_done_is_off_the_list_and_may_come_again(officer: AbstractContextManager[access.Scope]) -> None:
    with officer as scope:
        first = raised(scope)
        assert work.close(scope, "feed.late", "8462001")
        assert not work.close(scope, "feed.late", "8462001")
        assert work.items(scope) == []
        assert raised(scope) != first


def test_what_a_daily_look_no_longer_finds_is_closed(officer: AbstractContextManager[access.Scope]) -> None:
    with officer as scope:
        for key in ("1", "2", "3"):
            raised(scope, key)
        raised(scope, "1", kind="feed.odd")
        assert work.close_others(scope, "feed.late", ["2"]) == 2
        assert [(item.kind, item.key) for item in work.items(scope)] == [("feed.late", "2"), ("feed.odd", "1")]


def test_what_has_a_day_comes_first_the_nearest_first(officer: AbstractContextManager[access.Scope]) -> None:
    with officer as scope:
        raised(scope, "whenever")
        raised(scope, "later", due=date(2026, 12, 24))
        raised(scope, "soon", due=date(2026, 11, 30))
        assert [item.key for item in work.items(scope)] == ["soon", "later", "whenever"]


def test_what_is_for_one_person_is_on_nobody_else_s_list(clean: Path) -> None:
    ann, ben = (access.Actor(number, name, "data-officer") for number, name in ((1, "Made-up Ann"), (2, "Made-up Ben")))
    with access.scope(ann, "data-intake") as scope:
        raised(scope, "for-all")
        raised(scope, "for-ben", account=2)
        assert [item.key for item in work.items(scope)] == ["for-all"]
        assert work.close_others(scope, "feed.late", [], prefix="for-b") == 1, "only keys that were looked at"
        raised(scope, "for-ben", account=2)
    with access.scope(ben, "data-intake") as scope:
        assert [item.key for item in work.items(scope)] == ["for-all", "for-ben"]


def test_each_role_has_its_own_list(clean: Path, scope_for: ScopeFor) -> None:
    with scope_for("data-officer", "data-intake") as scope:
        raised(scope, role="ig-officer")
        assert work.items(scope) == []
    with scope_for("ig-officer", "retention") as scope:
        assert len(work.items(scope)) == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"kind": "Late feed"}, "small letters"),
        ({"key": "a b"}, "without spaces"),
        ({"title": ""}, "one short line"),
        ({"title": "x" * 201}, "one short line"),
        ({"title": "Pupil A123456789012 is on two rolls"}, "without personal data"),
        ({"title": "Born 01/02/2015"}, "without personal data"),
        ({"title": "Write to parent@example.org"}, "without personal data"),
        ({"link": "https://example.org"}, "our own pages"),
        ({"role": "wizard"}, "no role"),
    ],
)
def test_an_item_says_who_does_what_and_never_who_a_child_is(
    officer: AbstractContextManager[access.Scope], words: dict[str, str], sentence: str
) -> None:
    with officer as scope, pytest.raises(work.WorkError, match=sentence):
        raised(scope, **words)
