"""Keys that must not lie in the database: from the environment, else from a private file in Fairhold's home."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from contextlib import suppress
from pathlib import Path

from fairhold.engine import settings
from fairhold.engine.errors import EngineError

SIZE = 32  # bytes


def secret(variable: str, file: str) -> bytes:
    """The 32 bytes under `variable` (base64), else those in `file` in home, which is made (0600) when missing.

    Production sets the variable from its store of secrets, so that whoever holds the disk does not hold the key.
    Raises EngineError when the key is spoiled, or when other users can read the file.
    """
    given = os.environ.get(variable)
    if given:
        return _decoded(given, variable)
    path = settings.home() / file
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise EngineError(
            f"Other users can read the key file {file}: set its mode to 0600 and think of the key as known."
        )
    return _decoded(path.read_text("ascii", "replace"), f"the file {file}")


def _make(path: Path) -> None:
    part = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(base64.b64encode(secrets.token_bytes(SIZE)) + b"\n")
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(part, path)  # whoever links first wins; a second starter reads the winner's key
    finally:
        part.unlink()


def _decoded(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != SIZE:
        raise EngineError(f"The key in {where} is not base64 of {SIZE} bytes: put the right key back.")
    return key
