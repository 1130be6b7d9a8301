"""A made-up case system's returns of two years, delivered into a store; and a store for tables drawn in a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path

import pytest

from fairhold import access, intake
from fairhold.dates import clock
from fairhold.intake import NewSource, Summary
from fairhold.returns.building import builder
from fairhold.returns.building.domain import AsAt, Built
from fairhold.returns.workspace.domain import PRODUCTION
from fairhold.synth.domain import Options
from fairhold.synth.write import write_borough
from tests.conftest import empty_store

OFFICER = access.Actor(1, "Made-up officer", "data-officer")
ADMINISTRATOR = access.Actor(2, "Made-up administrator", "administrator")
ANALYST = access.Actor(3, "Made-up analyst", "analyst")
ON = date(2026, 11, 23)
LA = {"ssda903": "E09000031", "cin": "320"}


def at(day: str, hour: int = 9) -> AbstractContextManager[None]:
    """The clock at an hour of a day."""
    return clock.frozen(datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00"))


def register() -> None:
    with access.scope(ADMINISTRATOR, "administration") as scope:
        intake.add_sources(
            scope,
            sources=[
                NewSource("school", "Made-up School", "320", "2001"),
                NewSource("case-system", "Made-up case system", case_system="Made up"),
                NewSource("register", "Protection register"),
            ],
        )


def deliver(folder: Path, year: int) -> None:
    """Take both returns of a year in."""
    sets = sorted((folder / f"in/social-care/{year}").glob("*.csv"))
    intake.take_in(OFFICER, [*sets, folder / f"in/children-in-need/{year}/cin.xml"], year=str(year))


@pytest.fixture(scope="module")
def delivered(cluster: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Both returns of two years, with every fault at its rate; last year's came first."""
    folder = tmp_path_factory.mktemp("sets")
    write_borough(Options(50, 2, 3.0, 7, ON, folder, children=120))
    empty_store()
    with at("2026-11-20"):
        register()
        deliver(folder, 2026)
    with at("2026-11-23"):
        deliver(folder, 2027)
    yield folder
    empty_store()


@pytest.fixture
def send(clean: Path) -> Callable[..., list[Summary]]:
    """`send(bytes, …, year="2027")` takes files in together, into an empty store with its sources."""
    with at("2026-11-01"):
        register()

    def send(*files: bytes, year: str | None = None) -> list[Summary]:
        with access.scope(OFFICER, "data-intake") as scope:
            named = [(f"file {number}", data) for number, data in enumerate(files, 1)]
            return intake.ingest(scope, offered=intake.offer(named, scope, year=year))

    return send


def built(name: str, year: int, on: date | None = None) -> Built:
    """The return as production builds it; a test may look at it."""
    with access.scope(ANALYST, "statutory-returns") as scope, producing(scope):
        return builder.build(scope, name, LA[name], builder.as_at(scope, year, on))


def producing(scope: access.Scope) -> AbstractContextManager[None]:
    """The purpose that verbs work under, opened for a test."""
    scope.notes.append(access.Note(door="returns.build"))
    return scope.under(PRODUCTION)


def rows(made: Built, table: str, *columns: str) -> list[tuple[str, ...]]:
    """What a built table says under some columns."""
    found = made.tables[table]
    places = [found.columns.index(name) for name in columns]
    return [tuple(row[place] for place in places) for row in found.rows]


__all__ = ["ANALYST", "LA", "OFFICER", "AsAt", "at", "built", "deliver", "producing", "register", "rows"]
