"""A child that is restricted after a share was decided: its rows of the share go behind the guard with it."""

from __future__ import annotations

import pytest

from fairhold import access
from fairhold.sharing import recalls
from tests.sharing.conftest import as_ig, as_youth
from tests.sharing.test_share_flow import packed

OFFICER = access.Actor(1, "Made-up officer", "data-officer")
ROWS = (
    "select (select count(*) from system.share_decision) as decisions, (select count(*) from system.share_line) as rows"
)


@pytest.mark.proves("N012")
def test_a_child_restricted_later_is_nobody_in_the_shares_of_before(registered: int, borough: dict[str, int]) -> None:
    packed(registered)
    child = borough["own consent"]
    with as_youth() as scope:
        before = scope.one(ROWS)
        told = len(recalls.trace(scope, persons=[child]))
    with access.scope(OFFICER, "data-intake") as scope:
        scope.run("select system.raise_guard(array[%s::bigint], array[2]::smallint[])", (child,))
    with as_youth() as scope:
        after = scope.one(ROWS)
        assert recalls.trace(scope, persons=[child]) == []
    assert before is not None
    assert after is not None
    assert told > 0
    assert (before["decisions"] - after["decisions"], before["rows"] - after["rows"]) == (told, 1)
    with as_ig() as scope:
        assert recalls.trace(scope, persons=[child]) == []
