"""Boroughs the tests look at; every one is made up."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from fairhold.synth.build import Borough, build
from fairhold.synth.domain import Options
from fairhold.synth.write import write_borough

ON = date(2026, 11, 23)


@pytest.fixture(scope="session")
def borough() -> Borough:
    """A borough of 4,000 pupils with every fault at its rate, not written."""
    return build(Options(4000, 2, 1.0, 5, ON, Path("unused")))


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A written borough of 1,200 pupils with every fault at its rate."""
    out = tmp_path_factory.mktemp("faulty")
    write_borough(Options(1200, 2, 1.0, 7, ON, out))
    return out


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A written borough of 1,200 pupils without faults."""
    out = tmp_path_factory.mktemp("clean")
    write_borough(Options(1200, 2, 0.0, 7, ON, out))
    return out


@pytest.fixture(scope="session")
def key() -> Callable[[Path, str], list[dict[str, str]]]:
    """`key(folder, "faults")`: the rows of one file of the answer key."""

    def read(folder: Path, name: str) -> list[dict[str, str]]:
        with (folder / "key" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    return read
