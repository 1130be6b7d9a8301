"""Small private files: written whole or not at all, locked, read back."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fairhold.engine.errors import EngineError

WAIT_FOR_LOCK = 120.0  # seconds: first start of a cluster on a slow disk, with room to spare


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 0600 so that a crash leaves the old one or the new one, never half of one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(path)


def write_record(path: Path, record: dict[str, str]) -> None:
    """Write names and texts as a private JSON file."""
    write_private(path, json.dumps(record, indent=1, sort_keys=True) + "\n")


def read_record(path: Path) -> dict[str, str]:
    """Read what `write_record` wrote; empty when there is no such file."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    try:
        record = json.loads(text)
    except ValueError:
        raise EngineError(f"The file {path} is damaged; restore it from a backup.") from None
    return {str(key): str(value) for key, value in record.items()}


@contextmanager
def locked(path: Path, wait: float = WAIT_FOR_LOCK) -> Iterator[None]:
    """Hold the one lock of a data folder. The kernel lets go of it when its holder dies, however it dies.

    The file must exist: making it here would put something into a folder that somebody is just deleting.
    """
    handle = _take(path, time.monotonic() + wait)
    try:
        yield
    finally:
        os.close(handle)


def _take(path: Path, deadline: float) -> int:
    while True:
        try:
            handle = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            raise EngineError(f"The folder {path.parent} was deleted a moment ago; try again.") from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(handle, path):
                return handle
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(handle)
                raise EngineError(
                    f"Another program has held the database lock {path} too long; end it, then try again."
                ) from None
            time.sleep(0.02)
        os.close(handle)


def _is_still(handle: int, path: Path) -> bool:
    """Whether the file we hold is the one of that name: its folder may have been deleted and begun anew meanwhile."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
