"""Compiled rules are what the pages say: a changed page is noticed and compiled in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fairhold.rulebook import compiled
from fairhold.rulebook.build import build
from fairhold.rulebook.domain import Return, RuleError
from tests.rulebook.pets import declared, page

TREE = Path(__file__).resolve().parents[2]


@pytest.fixture
def pets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Return:
    """The made-up return with one rule, compiled into a folder of the test."""
    monkeypatch.setattr(compiled, "FOLDER", tmp_path / "compiled")
    monkeypatch.setenv("PETS", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(TREE))
    of = declared(tmp_path)
    (tmp_path / "rules" / "1.md").write_text(page("1", "NAME is null"))
    build(of, tmp_path / "compiled")
    return of


def said(capfd: pytest.CaptureFixture[str]) -> str:
    return capfd.readouterr().err


def test_what_is_saved_is_what_is_loaded(pets: Return, capfd: pytest.CaptureFixture[str]) -> None:
    rules = compiled.load(pets)
    assert [(rule.code, rule.sql, rule.reads) for rule in rules.rules] == [
        ("1", '"Pets"."NAME" IS NULL', {"Pets": ("NAME",)})
    ]
    assert rules.tables == pets.tables()
    assert said(capfd) == ""


def test_a_changed_page_is_compiled_again_with_one_line(pets: Return, capfd: pytest.CaptureFixture[str]) -> None:
    (pets.folder / "rules" / "1.md").write_text(page("1", "NAME = 'REX'"))
    assert compiled.load(pets).rules[0].sql == '"Pets"."NAME" = \'REX\''
    assert said(capfd) == "The rules of pets have changed since they were compiled; compiling them again.\n"
    compiled.load(pets)
    assert said(capfd) == ""


def test_a_new_page_and_a_missing_result_are_noticed_too(pets: Return, capfd: pytest.CaptureFixture[str]) -> None:
    (pets.folder / "rules" / "2.md").write_text(page("2", "NAME = 'REX'"))
    assert [rule.code for rule in compiled.load(pets).rules] == ["1", "2"]
    (compiled.FOLDER / "pets.duckdb.json").write_text("{")
    assert [rule.code for rule in compiled.load(pets).rules] == ["1", "2"]
    assert said(capfd).count("\n") == 2


def test_a_page_touched_without_a_change_stays_fresh(pets: Return, capfd: pytest.CaptureFixture[str]) -> None:
    os.utime(pets.folder / "rules" / "1.md", (1, 1))
    compiled.load(pets)
    assert said(capfd) == ""


def test_a_page_that_cannot_be_compiled_says_so_in_one_sentence(pets: Return) -> None:
    (pets.folder / "rules" / "1.md").write_text(page("1", "COLOUR is null"))
    with pytest.raises(RuleError, match=r"The rules of pets cannot be compiled: 1\.md: its SQL cannot be compiled"):
        compiled.load(pets)


def test_loading_and_running_need_no_compiler() -> None:
    script = "import sys, fairhold.rulebook.compiled, fairhold.rulebook.running; print('sqlglot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
