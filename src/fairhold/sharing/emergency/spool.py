"""The sealed local spool: entries written whole or not at all, each naming the one before, until they are taken in.

A name is a number and a hash over the name before and the sealed bytes; it tells nothing of anybody, and an entry that
was changed or taken away is missed.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from fairhold.engine import settings
from fairhold.sharing import keys
from fairhold.sharing.emergency import sealing
from fairhold.sharing.emergency.domain import EmergencyError
from fairhold.sharing.shares import ShareError

VARIABLE = "FAIRHOLD_SPOOL"
START = "0" * 64
_NAME = re.compile(r"(\d{6,})-([0-9a-f]{64})\.age")
_HEAD = "head"


class Entry(NamedTuple):
    """One sealed entry: its number, and the link of the chain that its name carries."""

    number: int
    link: str

    @property
    def name(self) -> str:
        return f"{self.number:06d}-{self.link}.age"


def folder() -> Path:
    """Where the entries lie: FAIRHOLD_SPOOL, else `spool` in Fairhold's home (0700)."""
    named = os.environ.get(VARIABLE)
    if not named:
        return settings.private_folder("spool")
    path = Path(named).expanduser()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(document: dict[str, Any]) -> Entry:
    """Seal a document into the spool; when this returns, it is on disk. Raises OSError when it cannot be."""
    with _locked(folder()) as place:
        before = last(place)
        sealed = keys.encrypt(_bytes({**document, "before": before.link}), sealing.public())
        entry = Entry(before.number + 1, _chain(before.link, sealed))
        _write(place / entry.name, sealed)
        _write(place / _HEAD, entry.name.encode())
    return entry


def beside(name: str, data: bytes) -> None:
    """Put a file beside the entries, whole or not at all. Raises OSError when it cannot be."""
    with _locked(folder()) as place:
        _write(place / name, data)


def pending() -> list[Entry]:
    """The entries that wait to be taken in, the oldest first."""
    found = (_NAME.fullmatch(path.name) for path in folder().iterdir())
    return sorted(Entry(int(match[1]), match[2]) for match in found if match)


def last(place: Path) -> Entry:
    """The last entry ever written here, whether it is still here or was taken in."""
    head = place / _HEAD
    noted = _NAME.fullmatch(head.read_text("ascii")) if head.exists() else None
    known = [Entry(int(noted[1]), noted[2])] if noted else []
    return max([*pending(), *known], default=Entry(0, START))


def opened(entry: Entry) -> dict[str, Any]:
    """What an entry says; `before` is the link of the one before. Raises EmergencyError when it was changed."""
    sealed = (folder() / entry.name).read_bytes()
    sentence = f"Entry {entry.number} of the spool was changed, or was sealed to another key: it stays where it is."
    try:
        document: dict[str, Any] = json.loads(keys.decrypt(sealed, sealing.identity()))
    except (ShareError, ValueError):
        raise EmergencyError(sentence) from None
    if _chain(document["before"], sealed) != entry.link:
        raise EmergencyError(sentence)
    return document


def remove(entries: list[Entry]) -> None:
    """Remove entries; only after what they say is committed."""
    place = folder()
    for entry in entries:
        (place / entry.name).unlink(missing_ok=True)
    _sync(place)


def _chain(before: str, sealed: bytes) -> str:
    return hashlib.sha256(bytes.fromhex(before) + hashlib.sha256(sealed).digest()).hexdigest()


def _bytes(document: dict[str, Any]) -> bytes:
    """As JSON, filled up to steps of one KiB, so that the size of a file tells nothing."""
    text = json.dumps(document, ensure_ascii=False).encode()
    return text + b" " * (-len(text) % 1024)


@contextmanager
def _locked(place: Path) -> Iterator[Path]:
    handle = os.open(place / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for part in place.glob("*.part"):  # of a writer that was killed, and told nobody that it may tell
            part.unlink()
        yield place
    finally:
        os.close(handle)


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(handle)
    part.rename(path)
    _sync(path.parent)


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
