"""Set-up: from Python alone, once, and with a sentence when it cannot."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "bootstrap.py"


@pytest.fixture
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_needs_nothing_but_python() -> None:
    code = f"import importlib.util as u; s = u.spec_from_file_location('b', {str(TOOL)!r});"
    code += "s.loader.exec_module(u.module_from_spec(s))"
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)


def test_a_step_is_done_once_until_its_source_changes(
    bootstrap: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, done = tmp_path / "lock", list[str]()
    for text in ("one", "one", "two"):
        source.write_text(text)
        bootstrap.step("packages", tmp_path, [source], lambda text=text: done.append(text))
    assert done == ["one", "two"]
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["packages: ready in 0 s", "packages: up to date", "packages: ready in 0 s"]


def test_a_step_that_failed_is_tried_again(bootstrap: ModuleType, tmp_path: Path) -> None:
    def fails() -> None:
        bootstrap.run([sys.executable, "-c", "raise SystemExit('no route to host')"], "It could not be fetched.")

    for _ in range(2):
        with pytest.raises(bootstrap.SetupError, match=r"could not be fetched\.\n  \| no route to host"):
            bootstrap.step("packages", tmp_path, ["same"], fails)


def test_a_step_that_hangs_is_stopped(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "PATIENCE", 0.2)
    with pytest.raises(bootstrap.SetupError, match="gave no answer"):
        bootstrap.run([sys.executable, "-c", "import time; time.sleep(30)"], "It could not be fetched.")


def test_an_older_python_is_told_so(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    assert bootstrap.main([]) == 2
    assert "This is Python 3.9.2; Fairhold needs 3.11 or newer" in capsys.readouterr().err
