"""Files, encrypted, each with class and due date."""

from fairhold.vault.actions import erase, files, keep, listed, open, stream, sweep
from fairhold.vault.checking import check
from fairhold.vault.domain import VaultError, VaultFile
from fairhold.vault.folder import VaultFull
from fairhold.vault.sealing import Damaged

__all__ = [
    "Damaged",
    "VaultError",
    "VaultFile",
    "VaultFull",
    "check",
    "erase",
    "files",
    "keep",
    "listed",
    "open",
    "stream",
    "sweep",
]
