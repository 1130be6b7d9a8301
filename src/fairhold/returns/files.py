"""From paths to texts: which files were meant, what encoding they are in, and why one cannot be read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairhold.errors import PlainError

ENDINGS: Final = (".csv", ".xml")
WORKBOOK: Final = ".xlsx"
LARGEST: Final = 512 * 1024 * 1024


class CannotRun(PlainError):
    """A check cannot run at all: what, where, and what to do."""


@dataclass(frozen=True)
class SetAside:
    """A file, or a line of one, that was left out (or used, and is in doubt). `line` 0 means the whole file."""

    file: str
    line: int
    table: str
    reason: str


def gather(paths: list[Path], endings: tuple[str, ...] = ENDINGS) -> list[Path]:
    """The files meant: those named, and those of a folder that have one of the endings, by name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(entry for entry in path.iterdir() if _is_meant(entry, endings))
        elif path.is_file():
            found.append(path)
        else:
            raise CannotRun(f"{path} is not there; check the path of the file or folder.")
    return found


def _is_meant(entry: Path, endings: tuple[str, ...]) -> bool:
    """Whether a file of a folder has one of the endings; what Excel lays beside an open workbook is none."""
    return entry.suffix.lower() in endings and not entry.name.startswith("~$") and entry.is_file()


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, or CannotRun when they cannot be had."""
    try:
        if os.path.getsize(path) > LARGEST:
            raise CannotRun(f"{path.name} is larger than {LARGEST >> 20} MiB; check that it is the right file.")
        return path.read_bytes()
    except OSError as error:
        raise CannotRun(f"{path.name} cannot be read ({error.strerror}); check the file and who may open it.") from None


def decode(data: bytes) -> str:
    """Text of UTF-8 (with or without mark), UTF-16 with mark, else windows-1252; no bytes are lost."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("windows-1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")
