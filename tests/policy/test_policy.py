"""A row is shipped until a named officer confirms it, and a confirmation is of the row as it then stood."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from fairhold import access, policy
from fairhold.policy import actions

ScopeFor = Callable[[str, str], AbstractContextManager[access.Scope]]


def confirmed(scope: access.Scope, file: str) -> int:
    return next(one.confirmed for one in policy.standing(scope) if one.file == file)


def test_confirming_a_row_counts_once_and_a_changed_row_is_shipped_again(
    scope_for: ScopeFor, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scope_for("ig-officer", "information-governance") as scope:
        assert confirmed(scope, "lawful_bases") == 0
        for _ in range(2):
            policy.confirm(scope, file="lawful_bases", row="LB01", note="Legal advice (made up)")
        assert confirmed(scope, "lawful_bases") == 1
        rows = actions._rows("lawful_bases")
        monkeypatch.setattr(actions, "_rows", lambda file: {**rows, "LB01": "another digest"})
        assert confirmed(scope, "lawful_bases") == 0


def test_an_unknown_row_and_an_empty_note_are_refused(scope_for: ScopeFor, clean: Path) -> None:
    with scope_for("ig-officer", "information-governance") as scope:
        with pytest.raises(access.Refused, match="no row"):
            policy.confirm(scope, file="lawful_bases", row="LB99", note="x")
        with pytest.raises(access.Refused, match="on what"):
            policy.confirm(scope, file="lawful_bases", row="LB01", note=" ")


def test_every_file_of_governance_is_listed(scope_for: ScopeFor, clean: Path) -> None:
    with scope_for("ig-officer", "audit") as scope:
        standing = {one.file: one for one in policy.standing(scope)}
    assert {"lawful_bases", "recipients", "retention", "purposes"} <= set(standing)
    assert all(one.rows and one.shipped == one.rows for one in standing.values())
