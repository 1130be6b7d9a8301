"""The process that freezes a return is killed at its steps: nothing of the version is there, or all of it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.submission.conftest import ADE, BEA, Ask, Return

LAST = 16  # steps before the end that are tried one by one; of the earlier ones, which only read, every tenth
_THERE = """
select (select count(*) from system.return_submission), (select count(*) from system.return_submission_child),
    (select count(*) from system.vault_file where kind = 'submission'),
    (select count(*) from system.vault_key k join system.vault_file f on f.id = k.file_id where f.kind = 'submission')
"""
NOTHING, WHOLE = (0, 0, 0, 0), (1, 2, 1, 1)


@pytest.fixture
def killed(made: Return) -> Iterator[Callable[[int], int]]:
    """`killed(step)`: freeze the signed build 1, killed before a step; how the process ended. Of step 0: how many."""
    made.children()
    build = made.build()
    made.explain(build)
    made.sign(build.id, ADE)
    made.sign(build.id, BEA)
    command = [sys.executable, "-m", "tests.submission.crash", str(build.id)]
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root, bufsize=1
    )  # fmt: skip

    def killed(step: int) -> int:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{step}\n")
        process.stdin.flush()
        found = [int(process.stdout.readline()) for _ in range(2 if step == 0 else 1)]
        return found[0]

    yield killed
    process.communicate(timeout=60)


def test_killed_at_any_step_nothing_is_half_there(killed: Callable[[int], int], ask: Ask) -> None:
    steps = killed(0)
    assert steps > LAST
    ends = set()
    for step in (*range(1, steps - LAST, 10), *range(steps - LAST, steps + 8)):
        end = killed(step)
        (there,) = ask(_THERE)
        assert there in (NOTHING, WHOLE), step
        ends.add((end, there))
        if there == WHOLE:
            break
    assert ends >= {(-signal.SIGKILL, NOTHING)}
    assert there == WHOLE
