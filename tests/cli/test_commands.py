"""Commands load only what they need, speak in sentences, and end with the exit codes they promise."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fairhold.cli import COMMANDS, load

FAIRHOLD = str(Path(sys.executable).parent / "fairhold")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([FAIRHOLD, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_exists_and_explains_itself(name: str) -> None:
    command = load(name)
    assert command.help or getattr(command, "commands", None)


@pytest.mark.parametrize(
    ("name", "forbidden"),
    [
        ("read", {"django", "psycopg", "sqlglot"}),
        ("check", {"django", "psycopg", "sqlglot"}),
        ("decide", {"django", "psycopg", "sqlglot"}),
    ],
)
def test_the_pure_commands_import_no_web_and_no_database(name: str, forbidden: set[str]) -> None:
    script = f"import sys, json; from fairhold.cli import load; load({name!r}); print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert {module.split(".")[0] for module in json.loads(done.stdout)} & forbidden == set()


def test_help_lists_every_command_and_imports_none() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in COMMANDS)


def test_an_unknown_command_ends_with_two() -> None:
    done = run("nonsense")
    assert (done.returncode, done.stdout) == (2, "")
    assert "No such command" in done.stderr


def test_a_person_without_an_account_is_refused_with_a_sentence(cluster: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRHOLD_AS", "nobody-here")
    done = run("feeds")
    assert (done.returncode, done.stderr) == (2, "FAIRHOLD_AS names no made-up account of a demo.\n")
