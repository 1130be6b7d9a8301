"""The system account the server runs as, and what that account can reach."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from fairhold.engine.errors import EngineError


@dataclass(frozen=True)
class Account:
    """A system user without privileges."""

    name: str
    uid: int
    gid: int


def service_account() -> Account | None:
    """Whom the server runs as: None means as ourselves; root hands over to `FAIRHOLD_POSTGRES_USER`, else `nobody`."""
    if os.geteuid() != 0:
        return None
    name = os.environ.get("FAIRHOLD_POSTGRES_USER") or "nobody"
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise EngineError(
            f"There is no system user {name!r} to run PostgreSQL as; set FAIRHOLD_POSTGRES_USER to one that exists."
        ) from None
    if entry.pw_uid == 0:
        raise EngineError("PostgreSQL must not run as root; set FAIRHOLD_POSTGRES_USER to another system user.")
    return Account(name, entry.pw_uid, entry.pw_gid)


def can_pass(folder: Path, account: Account) -> bool:
    """Whether the account may go into the folder, judged by the mode of it and of every folder above."""
    real = folder.resolve()
    return all(_allows(step, account, stat.S_IXOTH) for step in (real, *real.parents))


def can_read(file: Path, account: Account) -> bool:
    """Whether the account may read a file (and pass every folder above it)."""
    real = file.resolve()
    return can_pass(real.parent, account) and _allows(real, account, stat.S_IROTH)


def _allows(path: Path, account: Account, other_bit: int) -> bool:
    try:
        status = path.stat()
    except OSError:
        return False
    if status.st_uid == account.uid:
        return bool(status.st_mode & (other_bit << 6))
    if status.st_gid == account.gid:
        return bool(status.st_mode & (other_bit << 3))
    return bool(status.st_mode & other_bit)
