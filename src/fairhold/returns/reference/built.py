"""The file that `fairhold reference build` makes: a database of the columns engine, opened for reading in a check."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from fairhold.returns.files import CannotRun
from fairhold.returns.reference import Source

VERSION: Final = 1


def is_built(path: Path) -> bool:
    """Whether a file is one that `build` made (a database of the columns engine)."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def attach(con: Any, path: Path, database: str) -> list[Source]:
    """Open a built file for reading beside the tables of a check; what it holds."""
    try:
        con.execute(f"attach {quoted(path)} as {database} (read_only)")
    except Exception:  # whatever the engine says, and it may quote
        raise CannotRun(f"{path} cannot be opened; build it again with fairhold reference build.") from None
    return _sources(con, database, path)


def _sources(con: Any, database: str, path: Path) -> list[Source]:
    """What an attached built file holds."""
    try:
        (version,) = con.execute(f"select version from {database}.about").fetchone()
        rows = con.execute(f"select kind, name, edition, rows, built from {database}.source").fetchall()
    except Exception:  # whatever the engine says: it is no file of ours, or an older one
        version, rows = 0, []
    if version != VERSION:
        raise CannotRun(
            f"{path.name} is no reference file of this Fairhold; build it again with fairhold reference build."
        )
    return [Source(*row) for row in rows]


def quoted(path: Path) -> str:
    """A path as SQL text."""
    return "'" + str(path).replace("'", "''") + "'"
