"""A made-up council with a return in its record, and the people who sign for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from fairhold import access, intake
from fairhold.engine import database
from fairhold.returns.submission import builds, freezing, signing
from fairhold.returns.submission.domain import Build, Submission
from fairhold.returns.workspace import explaining, runs
from fairhold.returns.workspace.selecting import Choice
from tests.building.conftest import LA, OFFICER, at, register
from tests.building.drawn import Row, episode, header, table

RETURNS = "statutory-returns"
ADE = access.Actor(11, "Made-up Ade", "analyst")
BEA = access.Actor(12, "Made-up Bea", "analyst")
WORKER = access.Actor(13, "Made-up worker", "social-worker")


class Return:
    """The looked-after children return of the year to 31 March 2027, as a test drives it."""

    def deliver(self, *files: bytes, day: str = "2026-11-10", year: str = "2027") -> None:
        """Tables come in from the case system."""
        with at(day), access.scope(OFFICER, "data-intake") as scope:
            named = [(f"file {number}", data) for number, data in enumerate(files, 1)]
            intake.ingest(scope, offered=intake.offer(named, scope, year=year))

    def children(self, rows: Iterable[Row] | None = None, *, day: str = "2026-11-10") -> None:
        """Two children in care, or those drawn; of the header there is one for each."""
        episodes = list(rows or [episode("1"), episode("2")])
        known = dict.fromkeys(row["CHILD"] for row in episodes)
        self.deliver(table("Header", *map(header, known)), table("Episodes", *episodes), day=day)

    def build(self, day: str = "2026-11-11", hour: int = 9, name: str = "ssda903") -> Build:
        with at(day, hour), self.analyst() as scope:
            number = builds.build(scope, name=name, year=2027, la=LA[name])
            return next(one for one in builds.builds(scope) if one.id == number)

    def explain(self, build: Build) -> None:
        """Every fault of a build is explained, rule by rule."""
        with at("2026-11-11", 11), self.analyst() as scope:
            _, found = runs.run(scope, number=build.run_id)
            for rule in (one.rule for one in found if one.faults > one.explained):
                faults = Choice(build.name, build.year, rules=frozenset({rule}))
                explaining.explain(scope, choice=faults, text="It is as recorded.")

    def sign(self, build: int, actor: access.Actor = ADE, day: str = "2026-11-12") -> Build:
        with at(day), access.scope(actor, RETURNS) as scope:
            return signing.sign(scope, build=build, note="Read and compared.")

    def freeze(self, build: int, day: str = "2026-11-13") -> Submission:
        with at(day), self.analyst() as scope:
            return freezing.freeze(scope, build=build)

    def frozen(self, day: str = "2026-11-11") -> Submission:
        """Built, explained, signed by two and frozen."""
        build = self.build(day)
        self.explain(build)
        self.sign(build.id)
        self.sign(build.id, BEA)
        return self.freeze(build.id)

    def analyst(self) -> AbstractContextManager[access.Scope]:
        return access.scope(ADE, RETURNS)


@pytest.fixture
def made(clean: Path) -> Return:
    """An empty store with its sources."""
    with at("2026-11-01"):
        register()
    return Return()


Ask = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def ask(clean: Path) -> Ask:
    """`ask("select …")` as the owner of the store."""

    def ask(query: str, *params: object) -> list[tuple[object, ...]]:
        with database.connect("owner") as owner:
            return owner.execute(query, params).fetchall()  # type: ignore[arg-type]

    return ask
