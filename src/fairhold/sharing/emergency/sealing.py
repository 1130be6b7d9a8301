"""The key of the spool. Whoever writes an entry needs the public half alone, and cannot read what others wrote."""

from __future__ import annotations

import os
from pathlib import Path

from fairhold.engine import settings
from fairhold.engine.secret import secret
from fairhold.sharing import keys

VARIABLE, FILE = "FAIRHOLD_SPOOL_KEY", "spool.key"
PUBLIC = "spool.pub"
_SIGNS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def identity() -> str:
    """The private key as the age tool writes it: from FAIRHOLD_SPOOL_KEY, else from a file in Fairhold's home."""
    return bech32("age-secret-key-", secret(VARIABLE, FILE)).upper()


def public() -> str:
    """The public key: from `spool.pub` in home, which is made from the private one when it is missing.

    So the private key need not lie on the machine where people type; the public file then must.
    """
    path = settings.home_path() / PUBLIC
    if path.exists():
        return path.read_text("ascii").strip()
    made = keys.public_of(identity())
    _write(path, made)
    return made


def _write(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(text + "\n", "ascii")
    part.replace(path)


def bech32(prefix: str, data: bytes) -> str:
    """Bytes as BIP 173 writes them, which age uses for its keys."""
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    words = [int(bits[start : start + 5], 2) for start in range(0, len(bits), 5)]
    expanded = [ord(sign) >> 5 for sign in prefix] + [0] + [ord(sign) & 31 for sign in prefix]
    check = _polymod([*expanded, *words, *[0] * 6]) ^ 1
    words += [(check >> 5 * (5 - place)) & 31 for place in range(6)]
    return f"{prefix}1" + "".join(_SIGNS[word] for word in words)


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, part in enumerate(_GENERATOR):
            check ^= part if (top >> place) & 1 else 0
    return check
