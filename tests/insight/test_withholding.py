"""Nobody can work a small figure out: not from a table, not from its totals, not from two runs of it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold import release
from fairhold.release import Cell, Side, steady, withheld

HALF = 2  # what rounding to 5 hides on each side


def counted(children: int) -> Cell:
    """A plain count of children."""
    return Cell(Side(children, children))


def asked(yes: int, no: int) -> Cell:
    """Children who meet a condition, and the rest."""
    return Cell(Side(yes, yes), Side(no, no))


def total(cells: dict[str, Cell]) -> Cell:
    """All of them; every child is in one group."""
    rests = [cell.rest for cell in cells.values() if cell.rest]
    met = sum(cell.met.children for cell in cells.values())
    rest = sum(one.children for one in rests)
    return asked(met, rest) if rests else counted(met)


@pytest.mark.proves("N002")
@pytest.mark.parametrize(
    ("groups", "hidden"),
    [
        ({"a": 40, "b": 30, "c": 20}, ""),
        ({"a": 40, "b": 30, "c": 7}, "bc"),  # or c were 77 less 70
        ({"a": 40, "b": 30, "c": 4, "d": 3}, "bcd"),  # c and d together are 7
        ({"a": 40, "b": 30, "c": 0}, ""),  # a true nought names nobody
        ({"a": 4, "b": 5, "c": 6}, "abc"),
        ({"a": 3, "b": 2, "c": 0}, "ab"),  # all of them are 5: the total is withheld too
        ({"a": 40, "b": 0, "c": 0}, "abc"),  # everybody is in one group
        ({"a": 40, "b": 3, "c": 0}, "ab"),
    ],
)
def test_groups_of_a_count(groups: dict[str, int], hidden: str) -> None:
    cells = {name: counted(n) for name, n in groups.items()}
    assert withheld(total(cells), cells) == set(hidden)


@pytest.mark.proves("N002")
@pytest.mark.parametrize(
    ("groups", "hidden"),
    [
        ({"a": (40, 20), "b": (30, 9)}, ""),
        ({"a": (40, 20), "b": (30, 3)}, "ab"),
        ({"a": (40, 20), "b": (30, 0), "c": (20, 20)}, "bc"),  # all of b meet it
        ({"a": (0, 20), "b": (30, 9), "c": (20, 20)}, "ab"),  # none of a does
        ({"a": (40, 20), "b": (0, 0)}, ""),  # nobody is in b
        ({"a": (9, 9), "b": (3, 40), "c": (9, 50)}, "ab"),
    ],
)
def test_groups_of_a_percentage(groups: dict[str, tuple[int, int]], hidden: str) -> None:
    cells = {name: asked(*pair) for name, pair in groups.items()}
    assert withheld(total(cells), cells) == set(hidden)


def test_things_are_checked_by_the_children_behind_them() -> None:
    assert release.is_small(Cell(Side(things=12, children=3)))
    groups = {"a": Cell(Side(40, 35)), "b": Cell(Side(12, 3)), "c": Cell(Side(20, 18))}
    assert withheld(Cell(Side(72, 50)), groups) == {"b", "c"}


def test_groups_that_do_not_add_up_hide_only_themselves() -> None:
    groups = {"a": counted(40), "b": counted(3), "c": counted(20), "d": counted(48)}
    assert withheld(counted(50), groups, parts=False) == {"b", "d"}


def bounds(groups: dict[str, int], hidden: frozenset[str], name: str) -> tuple[int, int]:
    """What an attacker knows of a withheld group from all that is shown: least and greatest value it can have.

    Every shown figure is off by up to 2; every other withheld group may be anything from nought on.
    """
    shown = [release.safe(n) or 0 for group, n in groups.items() if group not in hidden]
    whole = release.safe(sum(groups.values()))
    if whole is None:
        return 0, release.THRESHOLD
    others = len(hidden) - 1
    greatest = whole + HALF - sum(max(0, n - HALF) for n in shown)
    least = 0 if others else max(0, whole - HALF - sum(n + HALF * (n > 0) for n in shown))
    return least, greatest


@pytest.mark.proves("N002")
@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 40), min_size=2))
def test_what_is_left_of_the_total_never_tells_a_withheld_group(groups: dict[str, int]) -> None:
    cells = {name: counted(n) for name, n in groups.items()}
    hidden = withheld(total(cells), cells)
    for name, n in groups.items():
        if n and release.safe(n) is None:
            assert name in hidden
    for name in hidden:
        least, greatest = bounds(groups, hidden, name)
        assert least <= groups[name] <= greatest
        assert greatest - least >= 3
        assert least == 0 or greatest > release.THRESHOLD


@pytest.mark.proves("N002")
@given(st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2))
def test_withheld_groups_of_a_percentage_are_enough_together(groups: dict[str, tuple[int, int]]) -> None:
    cells = {name: asked(*pair) for name, pair in groups.items()}
    whole = total(cells)
    hidden = withheld(whole, cells)
    for name, cell in cells.items():
        assert name in hidden or not release.is_small(cell)
    if hidden and not release.is_small(whole):
        assert len(hidden) > 1
        for side in (0, 1):
            assert sum(groups[name][side] for name in hidden) >= release.LEAST


@pytest.mark.proves("N002")
@given(st.lists(st.integers(0, 60), min_size=2, max_size=30))
def test_no_change_of_fewer_than_eight_children_shows_from_run_to_run(counts: list[int]) -> None:
    published: list[int] = []
    before = None
    for count in counts:
        before = steady(Side(count, count), before)
        published.append(before.children)
        assert abs(before.children - count) < release.LEAST
    for one, other in pairwise(published):
        assert one == other or one == 0 or abs(one - other) >= release.LEAST


def test_a_nought_that_is_no_longer_true_is_not_held() -> None:
    assert steady(Side(3, 3), Side(0, 0)) == Side(3, 3)
    assert steady(Side(0, 0), Side(3, 3)) == Side(3, 3)
