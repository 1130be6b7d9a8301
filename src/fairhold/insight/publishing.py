"""From exact counts to figures that may be seen: steady from run to run, small ones withheld, the rest rounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fairhold import release
from fairhold.insight.counting import Counted
from fairhold.insight.domain import ALL, EACH, MEAN, MEDIAN, PERCENT, RATE, Measure
from fairhold.release import Cell, Side

ENOUGH: Final = 10  # children behind a mean or a median
Key = tuple[str, str]  # breakdown and group; both blank for all


@dataclass(frozen=True)
class Figure:
    """What is published of one group, and the counts it was published from, which nobody but the next run reads."""

    behind: Counted
    numerator: int | None = None
    denominator: int | None = None
    value: float | None = None
    withheld: bool = False


def publish(
    one: Measure, counted: Mapping[Key, Counted], before: Mapping[Key, Counted], population: int | None
) -> dict[Key, Figure]:
    """The figures of a measure and year. `before` are the counts behind those published last by the same definition."""
    held = {key: _steady(now, before.get(key)) for key, now in counted.items()}
    total = held[ALL, ALL]
    figures = {(ALL, ALL): _figure(one, total, population if one.unit == RATE else None)}
    for name in one.cuts:
        groups = {group: of for (breakdown, group), of in held.items() if breakdown == name}
        parts = not (name == one.categories and one.unit == EACH)
        hidden = release.withheld(total.cell, {group: of.cell for group, of in groups.items()}, parts=parts)
        whole = release.safe(total.cell.met.things) if name == one.categories else None
        for group, of in groups.items():
            figures[name, group] = Figure(of, withheld=True) if group in hidden else _figure(one, of, whole)
    return figures


def _steady(now: Counted, before: Counted | None) -> Counted:
    """The counts as they may be published after those before: each side for itself."""
    if before is None:
        return now
    met = release.steady(now.cell.met, before.cell.met)
    rest = now.cell.rest and release.steady(now.cell.rest, before.cell.rest)
    return Counted(Cell(met, rest), now.amount if met is now.cell.met else before.amount)


def _figure(one: Measure, of: Counted, whole: int | None) -> Figure:
    """One figure; `whole` is what it is a share of, or the population of a rate."""
    cell = of.cell
    few = one.unit in (MEAN, MEDIAN) and cell.met.children < ENOUGH and not cell.is_empty
    numerator = release.safe(cell.met.things)
    if few or numerator is None or release.is_small(cell):
        return Figure(of, withheld=True)
    if one.unit == PERCENT:
        whole = release.safe(cell.met.things + (cell.rest or Side()).things)
    return Figure(of, numerator, whole, _value(one.unit, of, numerator, whole))


def _value(unit: str, of: Counted, numerator: int, whole: int | None) -> float | None:
    """The figure itself, from rounded figures alone; None where there is nothing to divide by."""
    if unit in (MEAN, MEDIAN):
        if of.amount is None or not numerator:
            return None
        total = round(of.amount / release.ROUND_TO) * release.ROUND_TO
        return round(total / numerator, 1) if unit == MEAN else round(of.amount)
    if unit == RATE:
        return round(numerator * 10_000 / whole, 1) if whole else None
    if unit == PERCENT or whole is not None:
        return round(100 * numerator / whole) if whole else None
    return numerator
