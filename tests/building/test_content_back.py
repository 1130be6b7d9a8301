"""What was delivered comes back out of the record: every difference has a reason of the closed list (all made up)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fairhold import access
from fairhold.returns.building.reasons import Reason
from fairhold.returns.submission import builds, comparing
from fairhold.returns.submission.comparing import Compared
from tests.building.conftest import ANALYST, LA, at

# What differs although nothing went wrong: the record holds a birth date once, and files say who made them.
OF_THE_FORM = {Reason.ONCE.value, Reason.HEADER.value}


def compared(name: str, year: int, on: date | None = None) -> Compared:
    with at("2026-11-24"), access.scope(ANALYST, "statutory-returns") as scope:
        number = builds.build(scope, name=name, year=year, la=LA[name], on=on)
        return comparing.compare(scope, build=number)


@pytest.mark.parametrize("name", ["ssda903", "cin"])
@pytest.mark.parametrize("year", [2026, 2027])
def test_every_difference_has_its_reason(delivered: Path, name: str, year: int) -> None:
    found = compared(name, year)
    assert found.unexplained == 0, [one for one in found.found if one.reason is Reason.UNEXPLAINED]
    assert set(found.counts) > OF_THE_FORM & set(found.counts)
    delivered_rows, built_rows, same = (sum(each) for each in zip(*found.rows.values(), strict=True))
    assert same > 0.9 * delivered_rows
    assert abs(built_rows - delivered_rows) < 0.1 * delivered_rows
    assert len(found.found) == sum(found.counts.values())


@pytest.mark.parametrize("name", ["ssda903", "cin"])
def test_as_it_was_known_before_the_next_year_came_it_is_the_file(delivered: Path, name: str) -> None:
    found = compared(name, 2026, on=date(2026, 11, 21))
    assert set(found.counts) <= OF_THE_FORM
    assert {table: one for table, one in found.rows.items() if one[0] != one[1]} == {}


def test_a_value_that_nobody_said_has_no_reason(delivered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of the builder would be counted."""
    from fairhold.returns.building import ssda903

    plain = ssda903.tables

    def mistaken(*args: object, **named: object) -> object:
        found = plain(*args, **named)  # type: ignore[arg-type]
        episodes = found["Episodes"]
        episodes.rows[0] = tuple(
            "ZZ" if name == "LS" else cell for name, cell in zip(episodes.columns, episodes.rows[0], strict=True)
        )
        return found

    monkeypatch.setattr(ssda903, "tables", mistaken)
    assert compared("ssda903", 2027).unexplained == 1
