"""What is called a tightening lets nothing more go: every such change of a cell, over generated requests."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from fairhold import governance
from fairhold.governance.dated import Row
from fairhold.policy import Effect, settable
from fairhold.policy.effect import effect
from fairhold.sharing import gate
from tests.sharing.made_up import many

SHIPPED = governance.shipped()
FILES = ("lawful_bases", "policy_recipients", "policy_purposes", "policy_channels", "policy_opens")
FLAGS = ({"yes", "no"}, {"heeded", "decided apart"}, {"yes", "no", "unverified"})
LISTS = {"recipients", "fields", "gateway"}


def others(column: str, value: str) -> Iterator[str]:
    """Cells near to this one, tighter or not."""
    words = value.split()
    if column in LISTS:
        yield from (" ".join(left) for left in combinations(words, max(len(words) - 1, 0)))
        yield f"{value} {words[0] if words else 'school'}x"
    elif column == "link":
        yield from {"", "enrolled_at", "placed_with"} - {value}
    elif value.isdecimal():
        yield from (str(int(value) + 1), str(max(int(value) - 1, 0)))
    else:
        yield from (other for flags in FLAGS if value in flags for other in sorted(flags - {value}))


def changes() -> list[tuple[str, Row, Row, Effect]]:
    """Every change of one cell, with what it is said to do."""
    return [
        (file, row, {**row, column: value}, effect(file, row, {**row, column: value}))
        for file in FILES
        for row in SHIPPED.rows[file]
        for column in settable(file)
        for value in others(column, row[column])
    ]


CHANGES = changes()
TIGHTER = [one for one in CHANGES if one[3] is Effect.TIGHTENS]


def test_there_are_tightenings_and_others_to_try() -> None:
    assert len(TIGHTER) > 100
    assert {one[3] for one in CHANGES} >= {Effect.TIGHTENS, Effect.LOOSENS}


@seed(11)
@settings(max_examples=25, deadline=None)
@given(st.sampled_from(TIGHTER), st.integers(0, 2**32))
@pytest.mark.proves("N090")
def test_a_tightening_never_lets_more_go(change: tuple[str, Row, Row, Effect], number: int) -> None:
    file, _, after, _ = change
    asked = many(number, 120)
    tighter = SHIPPED.with_rows([(file, {**after, "from": "2000-01-01"})])
    for request, before, then in zip(
        asked, gate.decide_many(asked), gate.decide_many(asked, book=tighter), strict=True
    ):
        assert not then.verdict.alarms, (file, after)
        assert set(then.verdict.allowed) <= set(before.verdict.allowed), (file, after, request)
