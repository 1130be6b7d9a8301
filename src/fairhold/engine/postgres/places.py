"""Where the server's files lie.

Ours, in the home folder: the lock, the list of users, the passwords. The server's: data, log, programs it can
read. When root starts the server it runs as a user without privileges, who must be able to pass every folder above
its data; home is private to root, so the data then lie in a folder of their own under `FAIRHOLD_POSTGRES_DIR` (else
`/var/lib/fairhold`). No mode is changed to get there.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fairhold.engine.errors import EngineError
from fairhold.engine.postgres.account import Account, can_pass, service_account
from fairhold.engine.postgres.files import locked, read_record, write_private, write_record
from fairhold.engine.settings import home

PORT = 5432  # only part of the socket's name; nothing listens on a port
LONGEST_SOCKET = 107  # bytes in sockaddr_un.sun_path on Linux, less the closing zero (unix(7))
LOCK = "lock"
HOME_NOTE = "home.txt"  # which home the data belong to
STANDARD_GROUNDS = ("/var/lib/fairhold", "/var/tmp/fairhold")  # noqa: S108 (root's own, see _roots_alone)


@dataclass(frozen=True)
class Places:
    """The folders of one cluster. `inner` is ours, `ground` the server's."""

    inner: Path
    ground: Path
    account: Account | None

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.ground / "data"

    @property
    def log(self) -> Path:
        """What the server said since its last start; it is set never to write statements or values."""
        return self.ground / "server.log"

    @property
    def lock(self) -> Path:
        """The file whose lock is held while the server is being started or stopped."""
        return self.inner / LOCK

    @property
    def users(self) -> Path:
        """The file whose shared lock each process that uses the server holds."""
        return self.inner / "in-use"

    @property
    def passwords(self) -> Path:
        """The logins' passwords, mode 0600."""
        return self.inner / "passwords.json"

    def socket(self) -> Path | None:
        """The folder the server's socket lies in, or None when none was made yet."""
        noted = read_record(self.inner / "places.json").get("socket")
        return Path(noted) if noted else None


@contextmanager
def held() -> Iterator[Places]:
    """The places of the cluster of this home, made when they are missing, while this process holds their lock.

    The lock comes first: two programs that begin a home at once would else make two grounds for it, and one of them
    would write to data that nobody finds again.
    """
    inner = home() / "postgres"
    inner.mkdir(mode=0o700, exist_ok=True)
    (inner / LOCK).touch(mode=0o600)
    with locked(inner / LOCK):
        yield _standing_or_new(inner)


def _standing_or_new(inner: Path) -> Places:
    standing = known(inner)
    if standing is not None:
        if not standing.ground.is_dir():
            raise EngineError(
                f"The data folder {standing.ground} of the home folder {inner.parent} is gone: put it back, or "
                f"delete {inner} to begin with an empty store."
            )
        return standing
    account = service_account()
    ground = _inside(inner) if account is None else _outside(account)
    write_record(inner / "places.json", {"ground": str(ground)})
    return Places(inner, ground, account)


def known(inner: Path) -> Places | None:
    """The places noted in our folder of a home, or None when no cluster was begun there."""
    ground = read_record(inner / "places.json").get("ground")
    return Places(inner, Path(ground), service_account()) if ground else None


def socket_folder(places: Places) -> Path:
    """An empty private folder for the socket, with a path short enough to be one; the known one when still fit."""
    before = places.socket()
    if before is not None and _is_ours(before, places.account):
        for file in before.iterdir():
            file.unlink()
        return before
    made = Path(tempfile.mkdtemp(prefix="fairhold-", dir=_short_folder(places.account)))
    give(made, places.account)
    write_record(places.inner / "places.json", {"ground": str(places.ground), "socket": str(made)})
    return made


def give(path: Path, account: Account | None) -> None:
    """Hand a file or folder we made to the server's account."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


def remove(places: Places) -> None:
    """Delete the cluster's files. The server must have stopped."""
    remove_data(places, places.socket())
    shutil.rmtree(places.inner, ignore_errors=True)


def remove_data(places: Places, socket: Path | None) -> None:
    """Delete the data and the socket's folder, and nothing in the home. The server must have stopped."""
    if socket is not None and _is_ours(socket, places.account):
        shutil.rmtree(socket)
    shutil.rmtree(places.ground, ignore_errors=True)


def is_claimed(places: Places) -> bool:
    """Whether the home still stands where it stood and calls this ground its own: it was not moved, deleted or begun
    anew."""
    return read_record(places.inner / "places.json").get("ground") == str(places.ground)


def left_behind(places: Places) -> list[Path]:
    """Folders of data whose home was deleted or begun anew: nobody has their passwords, and nobody missed them."""
    above = places.ground.parent
    if places.account is None or above == places.inner:
        return []
    return [folder for folder in sorted(above.iterdir()) if not _is_claimed(folder)]


def _is_claimed(folder: Path) -> bool:
    note = folder / HOME_NOTE
    if not note.is_file():
        return True  # not a folder of ours
    noted = Path(note.read_text(encoding="utf-8").strip()) / "postgres" / "places.json"
    return read_record(noted).get("ground") == str(folder)


def _inside(inner: Path) -> Path:
    ground = inner / "server"
    ground.mkdir(mode=0o700, exist_ok=True)
    return ground


def _outside(account: Account) -> Path:
    given = os.environ.get("FAIRHOLD_POSTGRES_DIR")
    tried = []
    for above in map(Path, (given,) if given else STANDARD_GROUNDS):
        try:
            if not above.exists():
                above.mkdir(mode=0o711, parents=True)
                above.chmod(0o711)  # ours, made this moment: passable whatever the umask, listable by nobody
            if not _roots_alone(above):
                tried.append(f"{above} (others may write to it)")
            elif can_pass(above, account):
                ground = above / secrets.token_hex(6)
                ground.mkdir(mode=0o700)
                give(ground, account)
                write_private(ground / HOME_NOTE, f"{home()}\n")
                return ground
            else:
                tried.append(f"{above} (closed to {account.name})")
        except OSError as error:
            tried.append(f"{above} ({error.strerror})")
    raise EngineError(
        f"There is no folder for the database that the system user {account.name} can reach: {', '.join(tried)}. "
        "Set FAIRHOLD_POSTGRES_DIR to one it can, or run Fairhold as an ordinary user."
    )


def _roots_alone(folder: Path) -> bool:
    """Whether only root can put things into the folder, or take them out."""
    status = folder.lstat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == 0 and not status.st_mode & 0o022


def _short_folder(account: Account | None) -> str:
    candidates = [os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp", "/var/tmp"]  # noqa: S108
    longest = LONGEST_SOCKET - len(f"/fairhold-12345678/.s.PGSQL.{PORT}.lock")
    for folder in filter(None, candidates):
        fits = len(os.fsencode(folder)) <= longest and os.access(folder, os.W_OK)
        if fits and (account is None or can_pass(Path(folder), account)):
            return folder
    raise EngineError("There is no short temporary folder for the database socket; set TMPDIR to one such as /tmp.")


def _is_ours(folder: Path, account: Account | None) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    owner = os.geteuid() if account is None else account.uid
    return stat.S_ISDIR(status.st_mode) and stat.S_IMODE(status.st_mode) == 0o700 and status.st_uid == owner
