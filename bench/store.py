"""An empty store of its own for a measure, gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fairhold.engine import database
from fairhold.engine.postgres import launcher
from fairhold.engine.settings import URL_VARIABLES


@contextmanager
def fresh_store() -> Iterator[Path]:
    """A home folder with a server still to be started; both are deleted at the end."""
    for variable in URL_VARIABLES.values():
        os.environ.pop(variable, None)
    home = Path(tempfile.mkdtemp(prefix="fairhold-bench-"))
    os.environ["FAIRHOLD_HOME"] = str(home)
    try:
        yield home
    finally:
        database.close_pools()
        launcher.remove()
        shutil.rmtree(home, ignore_errors=True)
