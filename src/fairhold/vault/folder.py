"""The vault's folder: files appear whole or not at all, under random names, and leftovers of a kill are swept."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from fairhold.engine import settings
from fairhold.vault.domain import VaultError

VARIABLE = "FAIRHOLD_VAULT"
_READ = 1 << 20
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
GRACE = 24 * 3600  # seconds a file without a row may be a transaction that is still open


class VaultFull(VaultError):
    """There is no room for the file; nothing of it was kept."""


def folder() -> Path:
    """Where the files lie: FAIRHOLD_VAULT, else `vault` in Fairhold's home (0700)."""
    named = os.environ.get(VARIABLE)
    if not named:
        return settings.private_folder("vault")
    path = Path(named).expanduser()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise VaultError(f"The vault's folder cannot be made ({error.strerror}): nothing was kept.") from error
    return path


def path_of(name: str) -> Path:
    """The file called `name` (32 hexadecimal digits), in one of 256 folders."""
    return folder() / name[:2] / name


def write(name: str, chunks: Iterable[bytes]) -> None:
    """Write a file so that it is wholly there when this returns, and not there at all if it does not.

    Raises VaultFull when the disk or the account has no room.
    """
    path = path_of(name)
    part = path.with_name(f"{name}.part")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _write_part(part, chunks)
        part.rename(path)
        _sync_folder(path.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        if error.errno in _NO_ROOM:
            raise VaultFull(
                "The vault's disk is full: nothing was kept. Free some space and take the file in again."
            ) from None
        raise VaultError(f"The vault's folder cannot be written ({error.strerror}): nothing was kept.") from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _write_part(part: Path, chunks: Iterable[bytes]) -> None:
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        fcntl.flock(handle, fcntl.LOCK_EX)  # let go when this process ends, however it ends: then it may be swept
        for chunk in chunks:
            out.write(chunk)
        out.flush()
        os.fsync(handle)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(name: str) -> Iterator[bytes]:
    """The file's bytes, piece by piece. Raises FileNotFoundError."""
    with path_of(name).open("rb") as file:
        while chunk := file.read(_READ):
            yield chunk


def remove(name: str) -> bool:
    """Remove a file and return whether it was there."""
    try:
        path_of(name).unlink()
    except FileNotFoundError:
        return False
    _sync_folder(path_of(name).parent)
    return True


def names() -> set[str]:
    """Every whole file."""
    return {path.name for path in folder().glob("??/*") if path.suffix != ".part"}


def sweep(known: set[str]) -> int:
    """Remove what a killed process left: unlocked parts, and files no row knows of for a day. Returns how many."""
    parts = [path for path in folder().glob("??/*.part") if _abandoned(path)]
    old = time.time() - GRACE
    strangers = [path for path in map(path_of, names() - known) if path.stat().st_mtime < old]
    for path in [*parts, *strangers]:
        with suppress(FileNotFoundError):
            path.unlink()
    return len(parts) + len(strangers)


def _abandoned(part: Path) -> bool:
    try:
        with part.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, FileNotFoundError):
        return False
    return True
