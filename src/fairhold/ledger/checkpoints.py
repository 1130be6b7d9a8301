"""A checkpoint: one signed line that pins the whole ledger up to a moment, and the places outside that keep it."""

from __future__ import annotations

import base64
import binascii
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fairhold.engine import settings
from fairhold.ledger.domain import LedgerError
from fairhold.ledger.keys import Key

PLACES = "FAIRHOLD_WITNESS"
FILE = "checkpoints.txt"
_LINE = re.compile(
    r"fairhold-checkpoint-1 size=(?P<size>\d{1,18}) at=(?P<at>[0-9TZ:.+-]{20,32})"
    r" root=(?P<root>[\w-]{43}) key=(?P<key>[\w-]{43}) signature=(?P<signature>[\w-]{86})"
)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True)
class Checkpoint:
    """The ledger's size and root at a time, signed. `key` is the public key (Ed25519, 32 bytes)."""

    size: int
    at: datetime
    root: bytes
    key: bytes
    signature: bytes

    def line(self) -> str:
        """The checkpoint as one line of about 260 characters, to print, mail or read out."""
        return f"{self._signed()} key={_text(self.key)} signature={_text(self.signature)}"

    def genuine(self) -> bool:
        """Whether the signature is the key's own on this size, time and root."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(self.signature, self._signed().encode())
        except InvalidSignature:
            return False
        return True

    def _signed(self) -> str:
        at = self.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return f"fairhold-checkpoint-1 size={self.size} at={at} root={_text(self.root)}"


def make(key: Key, size: int, root: bytes, at: datetime) -> Checkpoint:
    """A signed checkpoint."""
    bare = Checkpoint(size, at.replace(microsecond=0), root, key.public, b"")
    return Checkpoint(bare.size, bare.at, root, key.public, key.sign(bare._signed().encode()))


def parse(line: str) -> Checkpoint:
    """The checkpoint on a line; line breaks a printer added are ignored. Raises LedgerError with what is wrong."""
    found = _LINE.fullmatch(" ".join(line.split()))
    if not found:
        raise LedgerError("This is not a checkpoint: give the whole line that begins with fairhold-checkpoint-1.")
    try:
        return Checkpoint(
            size=int(found["size"]),
            at=datetime.fromisoformat(found["at"]),
            root=_bytes(found["root"]),
            key=_bytes(found["key"]),
            signature=_bytes(found["signature"]),
        )
    except (ValueError, binascii.Error) as error:
        raise LedgerError("A part of this checkpoint cannot be read: compare it with the printed line.") from error


def places() -> list[Path]:
    """Folders outside the database that keep checkpoints: FAIRHOLD_WITNESS (joined by `:`), else `witness` in home."""
    named = [Path(place).expanduser() for place in os.environ.get(PLACES, "").split(os.pathsep) if place]
    return named or [settings.private_folder("witness")]


def keep(checkpoint: Checkpoint) -> None:
    """Append the line in every place, on disk before this returns. Raises LedgerError when one place refuses."""
    for folder in places():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "ab") as file:
                file.write(checkpoint.line().encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise LedgerError(
                f"The checkpoint could not be kept in {folder} ({error.strerror}): make the folder writable."
            ) from error


def read(text: str) -> list[Checkpoint]:
    """The checkpoints of a file, or of one line given directly."""
    return [parse(line) for line in text.splitlines() if line.strip()]


def kept() -> list[Checkpoint]:
    """Every checkpoint in every place, the smallest first."""
    files = [folder / FILE for folder in places()]
    found = {line for file in files if file.is_file() for line in file.read_text("ascii", "replace").splitlines()}
    return sorted((parse(line) for line in found if line.strip()), key=lambda checkpoint: checkpoint.size)
