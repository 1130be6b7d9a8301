"""Findings in the forms people use: CSV, JSON, Excel, one page of HTML; and the summary. All are classified outputs.

Files are written whole and readable only by the account that ran the check.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

from fairhold.returns.checking import Checked
from fairhold.returns.files import CannotRun

FORMATS: Final = ("csv", "json", "xlsx", "html")


def render(checked: Checked, form: str) -> bytes:
    """The findings as bytes of one of the FORMATS. The writer of each is loaded only when it is asked for."""
    write: Callable[[Checked], bytes] = import_module(f"fairhold.returns.output.{form}_").render
    return write(checked)


def summary(checked: Checked) -> bytes:
    """The summary as JSON."""
    return (json.dumps(checked.summary(), ensure_ascii=False, indent=2) + "\n").encode()


def save(path: Path, data: bytes) -> None:
    """Write a file in one step with mode 0600, or raise CannotRun with a sentence. A device is written to as it is."""
    if path.exists() and not path.is_file():
        _write_through(path, data)
        return
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise _cannot_write(path, error) from None


def _write_through(path: Path, data: bytes) -> None:
    try:
        with path.open("wb") as file:
            file.write(data)
    except OSError as error:
        raise _cannot_write(path, error) from None


def _cannot_write(path: Path, error: OSError) -> CannotRun:
    return CannotRun(f"{path.name} cannot be written ({error.strerror}); check the folder and free space.")
