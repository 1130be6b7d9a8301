"""What a kept file is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fairhold.errors import PlainError


class VaultError(PlainError):
    """The vault cannot do what was asked: what, and what to do; no personal data."""


@dataclass(frozen=True)
class VaultFile:
    """One kept file: number, hash (SHA-256 of the content), size in bytes, class, and when it is due.

    `kind` says what it is ("delivery"), `retention` which rule it lives by (RT31); `due` is None where that rule gives
    no date yet. `state` is "kept" or "erased". `sealed_sha256` is the hash of the encrypted bytes on disk, so that they
    can be checked by those who may not read them. Hashes are hexadecimal.
    """

    id: int
    sha256: str
    size: int
    klass: str
    due: date | None
    kind: str
    retention: str
    kept_at: datetime
    state: str
    name: str
    sealed_sha256: str
