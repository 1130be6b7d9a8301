"""How far children are placed from home is counted where a postcode directory was built, and said where it was not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.insight.conftest import made_up
from tests.returns.made import _first, upn
from tests.returns.reference_made import OWN, onspd

from fairhold import access, catalogue, governance, intake
from fairhold.dates import clock
from fairhold.errors import PlainError
from fairhold.formats.ssda903 import FILES, writer
from fairhold.insight import computing, domain, figures, tables
from fairhold.returns.reference import building
from fairhold.returns.ssda903 import distances
from fairhold.returns.workbench import open_engine

PLACED = {"QQ1 1QQ": 12, "AA2 2AA": 20, "": 3}  # 50.1 miles away and outside; 3.1 miles and inside; not known


def deliver(folder: Path) -> None:
    """A return of children looked after, with homes at AA1 1AA."""
    header, episodes = [], []
    for number, post in enumerate(post for post, many in PLACED.items() for _ in range(many)):
        child = f"C{number:04}"
        who = {"CHILD": child, "SEX": "F", "DOB": "01/02/2015", "ETHNIC": "WBRI", "UPN": upn(number)}
        header.append(who | {"MOTHER": "0"})
        episodes.append(_first(child, date(2026, 5, 1), PL_POST=post))
    for table, rows in (("Header", header), ("Episodes", episodes)):
        with (folder / FILES[table]).open("wb") as file:
            writer.write(file, table, rows)


@pytest.mark.proves("N058")
def test_children_placed_far_away_are_counted_by_the_postcode_directory(
    clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRHOLD_REFERENCE", str(tmp_path / "reference.duckdb"))
    folder = tmp_path / "care"
    folder.mkdir()
    deliver(folder)
    with clock.frozen(date(2026, 11, 23)):
        with access.scope(made_up("administrator"), "administration") as scope:
            source = intake.NewSource(kind="case-system", name="Made-up cases", case_system="made up")
            intake.add_sources(scope, sources=[source])
        intake.take_in(made_up("data-officer"), [folder], year="2027")
        with access.scope(made_up("analyst"), "statistics") as scope:
            computing.compute(scope)
            (year,) = figures.show(scope, code="over-20-miles").series.years
        assert (year.figure, year.not_run) == (None, f"it needs {tables.POSTCODES}")

        con = open_engine()
        building.build(con, [onspd(tmp_path)], tmp_path / "reference.duckdb")
        con.close()
        directory = distances.directory()
        assert directory is not None
        assert directory.startswith("Postcode directory of ")
        places = computing.Places(OWN, directory, distances.locator(OWN))
        with access.scope(made_up("analyst"), "statistics") as scope:
            run = computing.compute(scope, places=places).run
            (year,) = figures.show(scope, code="over-20-miles").series.years
            assert year.figure is not None
            assert (year.figure.numerator, year.figure.denominator, year.figure.value) == (10, 35, 29)
            _, differ = computing.reproduce(scope, run=run, places=places)
            assert differ == []
            _, differ = computing.reproduce(scope, run=run)  # without the directory it cannot be counted
            assert [(one.measure, one.why) for one in differ] == [("over-20-miles", f"it needs {tables.POSTCODES}")]


def test_the_command_says_when_it_cannot_look_postcodes_up(
    cluster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fairhold.cli.measures import _places

    monkeypatch.setenv("FAIRHOLD_HOME", str(tmp_path))
    with pytest.raises(PlainError, match="E090 is no GSS code of an authority"):
        _places("E090")
    with pytest.raises(PlainError, match="No postcode directory was built"):
        _places(OWN)


@pytest.mark.proves("N002", "N019")
def test_measures_are_made_from_exactly_the_tables_they_read() -> None:
    """The purpose that counts reaches no table beyond those; and nobody may choose it."""
    read = {tables.held()[name].name for one in domain.measures().values() for name in one.compiled.reads}
    read |= {tables.held()[name].name for name in computing.ABOUT}
    reached = {table.name for table in catalogue.tables() if computing.PRODUCTION in table.purposes}
    assert reached == read
    assert [one.roles for one in governance.purposes() if one.slug == computing.PRODUCTION] == [()]
