"""What a check finds in a made-up borough is what its answer key says: no more, no less, on the same lines."""

from __future__ import annotations

import csv
from pathlib import Path

from typer.testing import CliRunner

from fairhold.cli.synth import app
from fairhold.returns.checking import check

YEAR = 2027


def test_every_planted_fault_is_found_and_nothing_else(tmp_path: Path) -> None:
    borough = tmp_path / "borough"
    options = ["--pupils", "3000", "--weeks", "1", "--faults", "3.0", "--seed", "11", "--out", str(borough)]
    assert CliRunner().invoke(app, options).exit_code == 0
    folder = borough / "in" / "social-care"
    checked = check("ssda903", YEAR, "E09000031", [folder / str(YEAR)], previous=[folder / str(YEAR - 1)])
    with (borough / "key" / "expected_findings.csv").open(encoding="utf-8", newline="") as file:
        wanted = {(r["rule"], r["table"], int(r["line"])) for r in csv.DictReader(file) if r["year"] == str(YEAR)}
    assert {(f.rule, f.table, f.line) for f in checked.findings} == wanted
    assert len({rule for rule, _, _ in wanted}) >= 4  # the set is not too clean to show anything
