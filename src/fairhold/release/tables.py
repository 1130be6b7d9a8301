"""Tables of counts: which figures are withheld, so that no small one can be seen, subtracted or told from two runs.

A cell counts things (referrals) and the different children behind them, on two sides: those that meet a condition and
the rest. A plain count has no rest. What the reader may see of a cell is worked out here and nowhere else:

1. From run to run a side moves only when at least 8 children changed (`steady`), so that no smaller change is seen.
2. A cell is withheld when a side has 1 to 7 children; where there is a condition also when a side has none, for then
   the figure would say of every child in the group whether it met it (`is_small`).
3. Of the groups that make up a total, so many are withheld that none can be had by subtracting the others (`withheld`).
4. What is left is rounded to the nearest 5 (`domain.safe`), and percentages are those of the rounded figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fairhold.release.domain import THRESHOLD

LEAST: Final = THRESHOLD + 1  # children: what may be shown, and the least change that may be seen


@dataclass(frozen=True)
class Side:
    """Things counted, and the different children behind them."""

    things: int = 0
    children: int = 0


@dataclass(frozen=True)
class Cell:
    """Those that meet the condition, and the rest; without a condition all of them meet it and `rest` is None."""

    met: Side
    rest: Side | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was counted."""
        return self.met.things == 0 and (self.rest is None or self.rest.things == 0)


def steady(now: Side, before: Side | None) -> Side:
    """The side as it may be published after `before` was: the earlier one while fewer than 8 children changed.

    A count that was nought moves at once: a nought that is not true would mislead, and what follows is withheld.
    """
    if before is None or before.things == 0 or abs(now.children - before.children) >= LEAST:
        return now
    return before


def is_small(cell: Cell) -> bool:
    """Whether a cell may not be shown for itself."""
    if cell.is_empty:
        return False
    if cell.rest is None:
        return cell.met.children < LEAST
    return min(cell.met.children, cell.rest.children) < LEAST


def withheld(total: Cell, groups: Mapping[str, Cell], *, parts: bool = True, telling: bool = True) -> frozenset[str]:
    """The groups that may not be shown beside the total.

    `parts`: each thing stands in exactly one group, so that groups add up to the total. Then withheld groups are at
    least two, and have 8 children or more on each side together. Where the total itself is small, so is every group;
    where all of a plain count are in one group, no group is shown, for then it would be said of every child.
    `telling`: it can be known from elsewhere who is counted, so that a group with (nearly) all of them tells on each.
    """
    there = {name: cell for name, cell in groups.items() if not cell.is_empty}
    if is_small(total):
        return frozenset(there)
    if telling and any(_others(cell, total) == 0 for cell in there.values()):
        return frozenset(groups)
    hidden = {name for name, cell in there.items() if is_small(cell) or (telling and _others(cell, total) < LEAST)}
    if not (parts and hidden):
        return frozenset(hidden)
    for name in sorted(there.keys() - hidden, key=lambda name: (_children(there[name]), name)):
        if _is_enough([there[one] for one in hidden], total):
            break
        hidden.add(name)
    return frozenset(hidden)


def _others(cell: Cell, total: Cell) -> int:
    """How many children of a plain count are in other groups alone; enough where there is a condition."""
    return LEAST if cell.rest is not None else total.met.children - cell.met.children


def _children(cell: Cell) -> int:
    return cell.met.children + (cell.rest.children if cell.rest else 0)


def _is_enough(hidden: list[Cell], total: Cell) -> bool:
    """Whether the sum of the hidden groups, which anybody can work out, is itself a figure that may be shown.

    One child may stand in several groups, so that only the largest of them is sure to be different children.
    """
    sides = [[cell.met for cell in hidden]]
    if total.rest is not None:
        sides.append([cell.rest for cell in hidden if cell.rest])
    return len(hidden) > 1 and all(max(side.children for side in of) >= LEAST for of in sides)
