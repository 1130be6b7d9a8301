"""The demo's measures: rates for the borough's children, a few targets, and a first run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fairhold import access
from fairhold.insight import computing, figures, targets
from fairhold.returns.ssda903 import distances
from fairhold.synth.places import FULL_SIZE

if TYPE_CHECKING:
    from fairhold.cli.demo_day import Day

CHILDREN: Final = 62_664  # aged 0 to 17 in a borough of full size (ONS, mid-2024)
TARGETS: Final = (
    ("assessments-45-days", 95.0, "higher"),
    ("re-referrals", 15.0, "lower"),
    ("icpc-15-days", 80.0, "higher"),
    ("second-plans", 25.0, "lower"),
    ("health-assessments", 95.0, "higher"),
)


def measure(day: Day) -> str:
    """Enter what the borough has, once, and compute."""
    from fairhold.cli.demo_day import LA, YEAR  # noqa: PLC0415 (this is a page of that day)

    with access.scope(day.actor("analyst"), "statistics", login="worker") as scope:
        first = not figures.runs(scope)
        for year in (YEAR - 1, YEAR) if first else ():
            children = round(CHILDREN * day.pupils / FULL_SIZE)
            targets.set_population(scope, year=year, children=children, source="made up, scaled from ONS mid-2024")
    if first:
        with access.scope(day.actor("leadership"), "performance", login="worker") as scope:
            for code, value, better in TARGETS:
                targets.set_target(scope, measure=code, year=YEAR, value=value, better=better)
    directory = distances.directory()
    places = computing.Places(LA, directory, distances.locator(LA)) if directory else None
    with access.scope(day.actor("analyst"), "statistics", login="worker") as scope:
        done = computing.compute(scope, places=places)
    return (
        f"{done.counted} figures of measures over {len(done.years)} years, {done.not_run} cannot be counted;"
        f" {done.changed:,} published"
    )
