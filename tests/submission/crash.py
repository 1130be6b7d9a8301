"""Freezes a build in a process that kills itself at one step. A line on stdin says which; its end is printed.

A step is a statement, a copy, a commit or a file that is put in its place. Step 0 counts them all, and commits nothing.
The imports are done once, before the fork.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from fairhold import access
from fairhold.returns import ssda903  # noqa: F401 (what a freeze loads)
from fairhold.returns.submission import freezing
from tests.building.conftest import at
from tests.submission.conftest import ADE, RETURNS


class Steps:
    """Counts steps, and kills this process before the one that was asked for."""

    def __init__(self, fatal: int) -> None:
        self.fatal, self.count = fatal, 0

    def watch(self, of: Any, name: str) -> None:
        act: Callable[..., Any] = getattr(of, name)

        def step(*args: Any, **named: Any) -> Any:
            self.count += 1
            if self.count == self.fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            return act(*args, **named)

        setattr(of, name, step)


def _freeze(build: int, fatal: int) -> int:
    steps = Steps(fatal)
    for of, name in (
        *((psycopg.Connection, act) for act in ("execute", "commit")),
        (psycopg.Cursor, "copy"),
        *((Path, act) for act in ("rename", "mkdir")),
        (os, "fsync"),
    ):
        steps.watch(of, name)
    with at("2026-11-13"), access.scope(ADE, RETURNS) as scope:
        freezing.freeze(scope, build=build)
        if not fatal:
            _say(steps.count)
            os._exit(0)
    return 0


def _say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(_freeze(int(sys.argv[1]), int(line)))
        _, status = os.waitpid(child, 0)
        _say(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
