"""`fairhold ledger` as a person types it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from fairhold.cli.ledger import app
from fairhold.engine import database
from fairhold.errors import PlainError
from tests.ledger.conftest import write


@pytest.fixture
def run(witness: Path, clean: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command as the made-up information-governance officer."""
    with database.connect("owner") as owner:
        owner.execute(
            "insert into system.account (name, login, role, made_up, demo)"
            " values ('Ida Made-Up', 'ida', 'ig-officer', true, true)"
        )
    monkeypatch.setenv("FAIRHOLD_AS", "ida")
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_checkpoint_then_verify_by_line_and_by_file(run: Callable[..., Result], tmp_path: Path) -> None:
    write(3)
    line = run("checkpoint").stdout
    paper = tmp_path / "paper.txt"
    paper.write_text(line)
    for given in (line, str(paper)):
        result = run("verify", "--checkpoint", given)
        assert result.exit_code == 0, result.output
        assert "are in place, unchanged and in order" in result.stdout


def test_a_lie_ends_with_exit_code_1_and_says_what(run: Callable[..., Result], attack: Callable[[], Any]) -> None:
    number = write(3)[1]
    with attack() as attacker:
        attacker.run("update ledger.event set actor = '8' where seq = %s", number)
    result = run("verify", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["findings"][0]["seq"] == number


def test_looking_is_itself_an_event(run: Callable[..., Result]) -> None:
    write(1)
    assert json.loads(run("show", "--last", "1", "--json").stdout)[0]["kind"] == "record.read"
    assert "ledger.show" in run("show", "--last", "1").stdout


def test_an_export_is_verified_without_a_database(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(3)
    file = tmp_path / "ledger.jsonl"
    assert run("export", "--out", str(file)).exit_code == 0
    write(1)
    line = run("checkpoint").stdout
    monkeypatch.setenv("FAIRHOLD_HOME", "/nowhere")
    monkeypatch.setenv("FAIRHOLD_DATABASE_URL", "postgresql:///nowhere")
    assert run("verify", "--file", str(file)).exit_code == 0
    longer = run("verify", "--file", str(file), "--checkpoint", line)
    assert (longer.exit_code, "was cut off" in longer.stdout) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [("--checkpoint", "nowhere.txt"), ("--file", "nowhere.jsonl"), ("--checkpoint", "fairhold-checkpoint-1 x")],
)
def test_bad_input_is_one_sentence(run: Callable[..., Result], arguments: tuple[str, str]) -> None:
    result = run("verify", *arguments)
    assert isinstance(result.exception, PlainError)
