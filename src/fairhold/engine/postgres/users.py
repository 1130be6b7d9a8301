"""Who uses the server now: one locked file per process, so that even a killed process stops counting."""

from __future__ import annotations

import fcntl
import os
import secrets
from pathlib import Path


class Seat:
    """This process's place among the users of a server; held until `give_up`, or until the process ends."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{os.getpid()}-{secrets.token_hex(4)}"
        self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    def give_up(self) -> None:
        """Stop counting as a user."""
        self.path.unlink(missing_ok=True)
        os.close(self._handle)


def living(folder: Path) -> int:
    """How many processes hold a seat; the files of those that ended without saying so are removed.

    Call it under the data folder's lock, so that no seat is between being made and being held.
    """
    return sum(_held(file) for file in sorted(folder.iterdir()))


def _held(file: Path) -> bool:
    handle = os.open(file, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        file.unlink(missing_ok=True)
        return False
    finally:
        os.close(handle)
