"""Small numbers are withheld the same way in Python and in the database."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairhold import release
from fairhold.engine import database
from fairhold.release.domain import shown


@pytest.mark.proves("N002")
@pytest.mark.parametrize(
    ("count", "safe"), [(0, 0), (1, None), (7, None), (8, 10), (12, 10), (13, 15), (17, 15), (18, 20), (100, 100)]
)
def test_one_to_seven_are_withheld_and_the_rest_rounded_to_five(count: int, safe: int | None) -> None:
    assert release.safe(count) == safe


def test_a_withheld_count_is_never_shown_as_nought() -> None:
    assert [shown(release.safe(n)) for n in (0, 3, 1234)] == ["0", "c", "1,235"]


@pytest.mark.proves("N002")
def test_the_database_says_the_same(cluster: Path) -> None:
    with database.connect("owner") as owner:
        rows = owner.execute("select n, totals.safe(n) from generate_series(0, 500) n").fetchall()
    assert rows == [(n, release.safe(n)) for n in range(501)]
