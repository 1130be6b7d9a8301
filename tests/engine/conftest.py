"""A database server of its own for these tests, since they kill it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fairhold.engine import database
from fairhold.engine.postgres import launcher
from fairhold.engine.settings import URL_VARIABLES

Program = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """An empty home folder; its server, if one was started, is gone afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in URL_VARIABLES.values():
            patch.delenv(variable, raising=False)
        made = Path(tempfile.mkdtemp(prefix="fairhold-engine-"))
        patch.setenv("FAIRHOLD_HOME", str(made / "home"))
        yield made / "home"
        database.close_pools()
        launcher.remove()
        shutil.rmtree(made)


@pytest.fixture
def program(home: Path) -> Iterator[Program]:
    """Runs Python text as another Fairhold program on the same home; what still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def run(text: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", text]
        environment = {**os.environ, "FAIRHOLD_HOME": str(home)}
        started = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        running.append(started)
        return started

    yield run
    for started in running:
        started.kill()
        started.communicate()
