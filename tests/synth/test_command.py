"""`fairhold synth` from the shell."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FAIRHOLD = Path(sys.executable).with_name("fairhold")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(FAIRHOLD), "synth", *words], capture_output=True, text=True, check=False)


def test_it_says_what_it_wrote(tmp_path: Path) -> None:
    done = run("--pupils", "60", "--weeks", "1", "--out", str(tmp_path), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert (said["pupils"], said["schools"]) == (60, 5)
    assert said["bytes"] == sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())


def test_a_refusal_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    done = run("--pupils", "3", "--out", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "--pupils 3 is outside 50 to 200000; choose a number between them.\n"


def test_a_day_that_is_none(tmp_path: Path) -> None:
    done = run("--on", "31/02/2026", "--out", str(tmp_path))
    assert done.returncode == 2
    assert "--on" in done.stderr
