"""What a check finds in a made-up borough is what its answer key says: no more, no less, on the same lines."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fairhold.cli.synth import app
from fairhold.returns.checking import check
from fairhold.synth.care_rules import RULES
from fairhold.synth.need_rules import RULES as CENSUS_RULES

YEAR = 2027


@pytest.fixture(scope="module")
def borough(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A borough with many faults and its key."""
    borough = tmp_path_factory.mktemp("key") / "borough"
    options = ["--pupils", "3000", "--weeks", "1", "--faults", "3.0", "--seed", "11", "--out", str(borough)]
    assert CliRunner().invoke(app, options).exit_code == 0
    return borough


def test_every_planted_fault_is_found_and_nothing_else(borough: Path) -> None:
    folder = borough / "in" / "social-care"
    checked = check("ssda903", YEAR, "E09000031", [folder / str(YEAR)], previous=[folder / str(YEAR - 1)])
    with (borough / "key" / "expected_findings.csv").open(encoding="utf-8", newline="") as file:
        wanted = {(r["rule"], r["table"], int(r["line"])) for r in csv.DictReader(file) if r["year"] == str(YEAR)}
    assert {(f.rule, f.table, f.line) for f in checked.findings if f.rule in RULES} == wanted
    assert len({rule for rule, _, _ in wanted}) >= 4  # the set is not too clean to show anything


def test_every_fault_of_the_census_is_found_and_nothing_else(borough: Path) -> None:
    checked = check("cin", YEAR, "320", [borough / "in" / "children-in-need" / str(YEAR)], previous=[])
    with (borough / "key" / "expected_census.csv").open(encoding="utf-8", newline="") as file:
        wanted = Counter(
            {(r["rule"], r["child_key"]): int(r["times"]) for r in csv.DictReader(file) if r["year"] == str(YEAR)}
        )
    groups = {(f.rule, f.child, f.group) for f in checked.findings if f.rule in CENSUS_RULES}
    assert Counter((rule, child) for rule, child, _ in groups) == wanted
    assert len({rule for rule, _ in wanted}) >= 8
