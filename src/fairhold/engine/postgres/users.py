"""Who uses the server now, counted by the kernel: each user shares a lock on one file, and loses it when it ends.

So a killed program stops counting at once, and waiting for the last one costs nothing.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class Seat:
    """This process's place among the users of a server; held until `give_up`, or until the process ends."""

    def __init__(self, file: Path) -> None:
        self._handle = _open(file)
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def give_up(self) -> None:
        """Stop counting as a user."""
        os.close(self._handle)


def any_left(file: Path) -> bool:
    """Whether some process holds a seat. Call it under the data folder's lock, where nobody takes one.

    The keeper, woken by the last to leave, holds the file alone for a moment: that too means that nobody is left. It
    does so once, so the second look decides.
    """
    handle = _open(file)
    try:
        return is_shared(handle)
    finally:
        os.close(handle)


def is_shared(handle: int) -> bool:
    """As `any_left`, of the seats' open file descriptor."""
    return all(_is_shared(handle) for _ in range(2))


def _is_shared(handle: int) -> bool:
    if _lock(handle, fcntl.LOCK_EX):
        return False
    return _lock(handle, fcntl.LOCK_SH)


def _lock(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(handle, fcntl.LOCK_UN)
    return True


def wait_for_the_last(handle: int) -> None:
    """Sleep until no process holds a seat, then let go again; `handle` is an open file descriptor of the seats."""
    fcntl.flock(handle, fcntl.LOCK_EX)
    fcntl.flock(handle, fcntl.LOCK_UN)


def _open(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
