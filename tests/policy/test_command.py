"""`fairhold policy`: rows seen as at any day, confirmed, tightened, loosened by two, and a case tried out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.sharing.made_up import in_order
from typer.testing import CliRunner

from fairhold.access import accounts
from fairhold.cli.policy import app
from fairhold.errors import PlainError

Run = Callable[..., str]


@pytest.fixture
def run(clean: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("first", "list")`: the command as a made-up officer, in November 2026."""
    monkeypatch.setenv("FAIRHOLD_CLOCK", "2026-11-24T09:00:00+00:00")
    for login in ("first", "second"):
        accounts.add_made_up(name=f"Made-up {login}", login=login, role_slug="ig-officer")

    def run(who: str, *arguments: str) -> str:
        monkeypatch.setenv("FAIRHOLD_AS", who)
        done = CliRunner().invoke(app, list(arguments))
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return str(done.output)

    return run


def counted(run: Run, file: str) -> dict[str, Any]:
    return next(one for one in json.loads(run("first", "list", "--json")) if one["file"] == file)


def test_a_row_is_seen_confirmed_and_counted(run: Run) -> None:
    assert "LB23" in run("first", "show", "lawful_bases")
    run("first", "confirm", "lawful_bases", "LB23", "--note", "Made-up advice")
    assert "(confirmed)" in run("first", "show", "lawful_bases", "LB23")
    found = counted(run, "lawful_bases")
    assert (found["confirmed"], found["shipped"]) == (1, found["rows"] - 1)
    with pytest.raises(PlainError, match="no row"):
        run("first", "show", "lawful_bases", "LB99")


@pytest.mark.proves("N083")
def test_a_tightening_counts_and_a_loosening_takes_two(run: Run, tmp_path: Path) -> None:
    row = ("policy_recipients", "youth-support")
    told = ("--from", "2027-04-01", "--reason", "Made-up advice")
    assert "counts" in run("first", "tighten", *row, "--set", "age_from=14", *told)
    with pytest.raises(PlainError, match="no tightening"):
        run("first", "tighten", *row, "--set", "age_from=12", *told)
    with pytest.raises(PlainError, match="column=value"):
        run("first", "tighten", *row, "--set", "age_from", *told)
    with pytest.raises(PlainError, match="no date"):
        run("first", "tighten", *row, "--set", "age_from=15", "--from", "soon", "--reason", "x")
    assert "waits" in run("first", "change", "policy_opens", "health law", "--set", "fields=name upn", *told)
    with pytest.raises(PlainError, match="yourself"):
        run("first", "second", "2")
    assert "counts" in run("second", "second", "2")
    run("first", "change", "policy_opens", "police law", "--set", "fields=name upn", *told)
    assert "withdrawn" in run("second", "withdraw", "3")
    assert [line.split()[1] for line in run("first", "changes").splitlines()] == ["withdrawn", "counts", "counts"]
    then = json.loads(run("first", "at", "2027-04-01", "--json"))
    youth = next(one for one in then["policy_recipients"] if one["slug"] == "youth-support")
    assert (youth["age_from"], youth["standing"]) == ("14", "own")
    assert "age_from 13" in run("first", "at", "2027-03-31")
    case = tmp_path / "case.json"
    case.write_text(
        json.dumps(in_order("youth-support", child__date_of_birth="2013-06-01", agreement__to=None)), "utf-8"
    )
    assert "name                  may go" in run("first", "try", str(case))
    said = run("first", "try", str(case), "--on", "2027-04-01")
    assert "R07.young: The child is too young for this. Ask again from birthday 14." in said
    assert "aged 14: name, address, date_of_birth would go" in said
    turns = json.loads(run("first", "try", str(case), "--on", "2027-04-01", "--json"))["turns"]
    assert {"fact": "aged 14", "opens": ["name", "address", "date_of_birth"], "closes": []} in turns
