"""Targets of measures and the population of rates: what people enter, kept with who, when, and for which definition."""

from __future__ import annotations

from typing import Final

from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.insight import domain
from fairhold.insight.domain import MeasureError

BETTER: Final = ("higher", "lower")
YEARS: Final = range(2010, 2101)


@verb("measures.target")
def set_target(scope: Scope, *, measure: str, year: int, value: float, better: str) -> None:
    """Set the target of a measure for a year; an earlier one stays on record. `better`: whether higher or lower is.

    The target is kept with the definition it was set for, so that a later change of the definition shows.
    """
    one = domain.find(measure)
    if one.is_mix:
        raise MeasureError(f"{measure} is a mix of shares, which has no single figure to set a target for.")
    if better not in BETTER:
        raise MeasureError(f"Say whether a {' or a '.join(BETTER)} figure is better.")
    if not 0 <= value <= (100 if one.unit == domain.PERCENT else 1_000_000):
        raise MeasureError(f"{value:g} cannot be reached by {measure}, which is given as {one.unit_words}.")
    _known_year(year)
    scope.run(
        "insert into system.measure_target (measure, year, value, better, digest, set_by, set_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (measure, year, value, better, one.digest, scope.actor.id, clock.now()),
    )
    scope.tell(measure=measure, year=year)


@verb("measures.population")
def set_population(scope: Scope, *, year: int, children: int, source: str) -> None:
    """Enter the children aged 0 to 17 who live in the authority, for the rates of a year; from the next run on."""
    _known_year(year)
    if children < 1 or not source.strip():
        raise MeasureError("Give the number of children and where it comes from, such as “ONS mid-2025 estimate”.")
    scope.run(
        "insert into system.measure_population (year, children, source, set_by, set_at) values (%s, %s, %s, %s, %s)",
        (year, children, source.strip(), scope.actor.id, clock.now()),
    )
    scope.tell(year=year)


def _known_year(year: int) -> None:
    if year not in YEARS:
        raise MeasureError(f"{year} is no year to 31 March: write one such as 2027.")
