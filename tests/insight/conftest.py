"""A borough's children's social care, taken in as the case system sends it: two years' returns and an extract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fairhold import access, intake
from fairhold.dates import clock
from fairhold.insight import computing, targets
from fairhold.synth import build, care_files, need_census, ssd_files
from fairhold.synth.build import Borough
from fairhold.synth.domain import Options

TODAY = date(2026, 11, 23)
PUPILS, CHILDREN = 9_000, 12_500


def made_up(role: str) -> access.Actor:
    return access.Actor(id=1, name=f"Made-up {role}", role=role)


def write(borough: Borough, out: Path) -> None:
    """Only what social care sends; no school's file."""
    for sheets in borough.sheets:
        care_files.write_set(sheets, out)
    for census in borough.censuses:
        need_census.write_census(census, out)
    ssd_files.write_extract(borough.extract, out)


@pytest.fixture(scope="module")
def borough(cluster: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Borough]:
    """The truth behind the store, which holds a borough of 9,000 pupils without faults; measures computed once."""
    from tests.conftest import empty_store

    empty_store()
    folder = tmp_path_factory.mktemp("care")
    made = build.build(Options(PUPILS, 0, 0.0, 1, TODAY, folder))
    write(made, folder)
    with clock.frozen(TODAY):
        source = intake.NewSource(kind="case-system", name="Made-up cases", case_system="made up")
        with access.scope(made_up("administrator"), "administration") as scope:
            intake.add_sources(scope, sources=[source])
        done = intake.take_in(made_up("data-officer"), [folder / "in"])
        assert {one.outcome for one in done} <= {intake.Outcome.STORED, intake.Outcome.KNOWN}
        with access.scope(made_up("analyst"), "statistics") as scope:
            for year in (2026, 2027):
                targets.set_population(scope, year=year, children=CHILDREN, source="made up")
            computing.compute(scope)
        yield made
    empty_store()
