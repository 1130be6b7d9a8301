"""`fairhold dispose --dry-run` as a person types it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from fairhold.cli.dispose import app
from fairhold.dates import clock
from fairhold.engine import database
from fairhold.errors import PlainError
from tests.retention.conftest import DAY, Borough


@pytest.fixture
def run(borough: Borough, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command as the made-up information-governance officer, over four made-up people."""
    with database.connect("owner") as owner:
        owner.execute(
            "insert into system.account (name, login, role, made_up, demo)"
            " values ('Ida Made-Up', 'ida', 'ig-officer', true, true)"
        )
    monkeypatch.setenv("FAIRHOLD_AS", "ida")
    long_ago = {"date_of_birth": date(1920, 1, 1)}
    borough.child(people_birth=[long_ago], education_enrolment=[{"entry_date": date(1925, 9, 1)}])
    borough.child(people_birth=[long_ago], social_care_episode=[{"started": date(1930, 1, 1), "rne": "S"}])
    borough.child()
    borough.child(people_birth=[{"date_of_birth": date(2015, 1, 1)}])

    def invoke(*arguments: str) -> Result:
        with clock.frozen(DAY):
            return CliRunner().invoke(app, list(arguments))

    return invoke


def test_counts_lists_and_reasons_are_printed(run: Callable[..., Result]) -> None:
    said = run("--dry-run").stdout
    assert "Due (2)" in said
    assert "Blocked (1)" in said
    assert "blocked by RT91 shipped in force" in said
    assert "No day (1)" in said
    assert "last contact 1940-01-01: is on the roll of a school" in said
    assert "Kept until the 25th birthday (RT16, council policy)." in said
    assert "… and 1 more" in run("--dry-run", "--limit", "1").stdout


def test_json_and_excel_say_the_same(run: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "dry-run.xlsx"
    answer = json.loads(run("--dry-run", "--json", "--xlsx", str(file)).stdout)
    assert {key: len(answer[key]) for key in ("due", "held", "review", "unknown")} == {
        "due": 2,
        "held": 1,
        "review": 0,
        "unknown": 1,
    }
    book = CalamineWorkbook.from_path(file)
    assert book.sheet_names == ["Summary", "Due", "Blocked", "Review", "No day", "Files"]
    rows = book.get_sheet_by_name("Due").to_python()[1:]
    assert [(int(row[0]), row[5]) for row in rows] == [(each["person"], each["why"]) for each in answer["due"]]
    assert sum(each["people"] for each in answer["counts"]) == 5
    assert isinstance(run("--dry-run", "--xlsx", str(file)).exception, PlainError), "an older file is not overwritten"


def test_without_the_word_nothing_happens(run: Callable[..., Result]) -> None:
    found = run()
    assert isinstance(found.exception, PlainError)
    assert "--dry-run" in str(found.exception)
