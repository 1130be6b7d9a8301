"""Private folders for what does not fit in memory: emptied at start and at the end, whoever was killed between."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import stat
import tempfile
from pathlib import Path

from fairhold.engine.errors import EngineError
from fairhold.engine.settings import home_path, private_folder

_held: dict[Path, int] = {}


def folder() -> Path:
    """A new empty folder (0700) for one engine of this process; deleted when the process ends.

    It lies in home when there is one. A command that needs no store leaves no home behind: it uses a folder of the
    machine's temporary space instead, open to this account alone.
    """
    root = private_folder("spill") if home_path().is_dir() else _temporary()
    sweep(root)
    made = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=root))
    handle = os.open(made, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    if not _held:
        atexit.register(empty)
    _held[made] = handle
    return made


def sweep(root: Path) -> None:
    """Delete what ended processes left; a folder that is in use is locked by its process."""
    for left in root.iterdir():
        if left in _held or not left.is_dir() or left.is_symlink():
            continue
        try:
            handle = os.open(left, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not _just_made(handle):
                shutil.rmtree(left, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(handle)


def empty() -> None:
    """Delete this process's folders."""
    while _held:
        made, handle = _held.popitem()
        if made.name.startswith(f"{os.getpid()}-"):  # not a parent's, after a fork
            shutil.rmtree(made, ignore_errors=True)
        os.close(handle)


def _just_made(handle: int) -> bool:
    """Another process may have made it and be about to lock it: leave a folder whose maker lives."""
    name = Path(f"/proc/self/fd/{handle}")
    maker = name.resolve().name.partition("-")[0] if name.exists() else ""
    return maker.isdigit() and int(maker) != os.getpid() and Path(f"/proc/{maker}").exists()


def _temporary() -> Path:
    root = Path(tempfile.gettempdir()) / f"fairhold-spill-{os.geteuid()}"
    root.mkdir(mode=0o700, exist_ok=True)
    status = root.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) & 0o077:
        raise EngineError(f"The folder {root} is not private to this account. Delete it, or set FAIRHOLD_HOME.")
    return root
