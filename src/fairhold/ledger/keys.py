"""The ledger's own key: it signs checkpoints (Ed25519) and seals events, and lies outside the database."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairhold.engine import settings
from fairhold.ledger.domain import LedgerError

VARIABLE = "FAIRHOLD_LEDGER_KEY"
FILE = "ledger.key"
SIZE = 32


class Key:
    """A signing key and what is derived from it."""

    def __init__(self, seed: bytes) -> None:
        self._signing = Ed25519PrivateKey.from_private_bytes(seed)
        self._sealing = hmac.digest(seed, b"fairhold ledger seal", "sha256")
        self.public = self._signing.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """The Ed25519 signature (64 bytes)."""
        return self._signing.sign(data)

    def seal(self, size: int, root: bytes) -> bytes:
        """A keyed mark on the tree after one event: someone who owns the database alone cannot make it."""
        return hmac.digest(self._sealing, size.to_bytes(8, "big") + root, "sha256")[:16]


def current() -> Key:
    """The key from FAIRHOLD_LEDGER_KEY (base64 of 32 bytes), else from `ledger.key` in Fairhold's home.

    The file is made (0600) when missing, so that a demo needs no set-up; production sets the variable from its vault
    of secrets, so that whoever holds the machine's disk does not hold the key.
    """
    given = os.environ.get(VARIABLE)
    if given:
        return _key(given, VARIABLE)
    return _key(_file_text(settings.home() / FILE), f"the file {FILE}")


def _file_text(path: Path) -> str:
    if not path.exists():
        part = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(SIZE)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, path)  # whoever links first wins; a second starter reads the winner's key
        except FileExistsError:
            pass
        finally:
            part.unlink()
    if path.stat().st_mode & 0o077:
        raise LedgerError(f"Other users can read the file {FILE}: set its mode to 0600, then rotate the key.")
    return path.read_text("ascii")


@lru_cache(maxsize=4)
def _key(text: str, where: str) -> Key:
    try:
        seed = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        seed = b""
    if len(seed) != SIZE:
        raise LedgerError(f"The ledger's key in {where} is not base64 of {SIZE} bytes: put the right key back.")
    return Key(seed)
