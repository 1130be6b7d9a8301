"""A store with two registered schools, a case system and a register."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fairhold import access, intake
from fairhold.dates import clock
from fairhold.intake import NewSource, Summary

OFFICER = access.Actor(1, "Made-up officer", "data-officer")
ADMINISTRATOR = access.Actor(2, "Made-up administrator", "administrator")
TODAY = date(2026, 11, 24)


@pytest.fixture
def store(clean: Path) -> Iterator[Path]:
    """An empty store with its sources, on a fixed day."""
    with clock.frozen(TODAY):
        with access.scope(ADMINISTRATOR, "administration") as scope:
            intake.add_sources(
                scope,
                sources=[
                    NewSource("school", "Made-up School", "320", "2001"),
                    NewSource("school", "Other Made-up School", "320", "4002"),
                    NewSource("case-system", "Made-up case system", case_system="Made up"),
                    NewSource("register", "Protection register"),
                ],
            )
        yield clean


@pytest.fixture
def send(store: Path) -> Callable[..., list[Summary]]:
    """`send(bytes, …)` takes files in together and says what became of them."""

    def send(*files: bytes, year: str | None = None) -> list[Summary]:
        with access.scope(OFFICER, "data-intake") as scope:
            named = [(f"file {number}", data) for number, data in enumerate(files, 1)]
            return intake.ingest(scope, offered=intake.offer(named, scope, year=year))

    return send


@pytest.fixture
def ask(store: Path) -> Callable[..., list[tuple[Any, ...]]]:
    """`ask("select …")` as intake; infinity comes back as text."""

    def ask(query: str, *params: object) -> list[tuple[Any, ...]]:
        with access.scope(OFFICER, "data-intake") as scope:
            return [tuple(row.values()) for row in scope.rows(query, params)]

    return ask
