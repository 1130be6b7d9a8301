"""A child that is restricted after a share was decided: its rows of the share go behind the guard with it."""

from __future__ import annotations

import psycopg
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


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("insert into system.share_decision values (999, 1, 0, 'name', true, null, 'law', 'made up')", access.Refused),
        ("insert into system.share_line values (999, 1, 1, 0)", access.Refused),
        ("insert into system.share_cell values (999, 1, 'name')", access.Refused),
        ("delete from system.share", psycopg.errors.ForeignKeyViolation),
    ],
)
def test_no_row_of_a_list_is_without_its_share(registered: int, statement: str, error: type[Exception]) -> None:
    packed(registered)
    with pytest.raises(error), as_youth() as scope:
        scope.run(statement)
