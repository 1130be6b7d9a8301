"""The ledger's own key: it signs checkpoints (Ed25519) and seals events, and lies outside the database."""

from __future__ import annotations

import hmac
import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairhold.engine import settings
from fairhold.engine.secret import secret

VARIABLE = "FAIRHOLD_LEDGER_KEY"
FILE = "ledger.key"


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
    """The key from FAIRHOLD_LEDGER_KEY (base64 of 32 bytes), else from `ledger.key` in Fairhold's home."""
    return _key(os.environ.get(VARIABLE, ""), settings.home_path())


@lru_cache(maxsize=4)
def _key(_given: str, _home: Path) -> Key:
    return Key(secret(VARIABLE, FILE))
