"""Children below school age stand in the key, and in the census of children in need, alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

Key = Callable[[Path, str], list[dict[str, str]]]


def test_under_fives_by_the_projection(clean: Path, key: Key) -> None:
    young = [row for row in key(clean, "children") if "under_five" in row["traits"]]
    assert len(young) == pytest.approx(1200 * 18_640 / 41_064 * 0.8, abs=1)
    assert all(date(2021, 9, 1) <= date.fromisoformat(row["born"]) < date(2026, 11, 23) for row in young)
    older = {row["household"] for row in key(clean, "children") if row["nc_year"]}
    assert 0.4 < sum(row["household"] in older for row in young) / len(young) < 0.7


def test_centres_register_some_of_them_after_birth(clean: Path, key: Key) -> None:
    children = {row["child"]: row for row in key(clean, "children")}
    registered = key(clean, "centres")
    assert 120 < len(registered) < 260
    for row in registered:
        assert children[row["child"]]["born"] < row["since"] <= "2026-11-23"


def test_no_school_writes_about_them(clean: Path, key: Key) -> None:
    young = {row["child"] for row in key(clean, "children") if "under_five" in row["traits"]}
    assert not young & {row["child"] for row in key(clean, "rows") if "/schools/" in row["file"]}
