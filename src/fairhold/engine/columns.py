"""The one door to DuckDB and Arrow.

DuckDB holds nothing for long: it works in memory over Arrow tables read under a purpose's role, and spills only to a
private folder. It loads no extension, opens no file and no address unless a folder is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairhold.engine import settings, spill
from fairhold.engine.errors import DISK_FULL, EngineError

if TYPE_CHECKING:
    import duckdb
    import pyarrow

Read = Callable[..., "pyarrow.Table"]

_ROLE = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_SNAPSHOT = re.compile(r"[0-9A-F]{8}-[0-9A-F]{8}-[0-9]+")


def duck(*, readable: Sequence[Path] = ()) -> duckdb.DuckDBPyConnection:
    """A fresh in-memory DuckDB. `readable` names folders it may read files from; without it, none.

    Tables come in by `connection.register(name, arrow_table)`; Python variables are never taken for tables.
    """
    import duckdb  # noqa: PLC0415 (lazy)

    connection = duckdb.connect(
        ":memory:",
        config={
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
            "allow_community_extensions": "false",
            "allow_unsigned_extensions": "false",
            "python_enable_replacements": "false",
            "temp_directory": str(spill.folder()),
            "memory_limit": f"{settings.memory_limit_mb()}MiB",
            "threads": str(settings.threads()),
        },
    )
    if readable:
        listed = ", ".join("'" + str(folder).replace("'", "''") + "/'" for folder in readable)
        connection.execute(f"SET allowed_directories = [{listed}]")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def arrow(
    dsn: str, role: str, sql: str, params: Sequence[object] = (), *, snapshot: str | None = None
) -> pyarrow.Table:
    """One question answered in columns, under a role, in a read-only transaction of its own.

    `params` stand for `$1`, `$2` … in the SQL. `snapshot` (from `pg_export_snapshot()`) shows exactly what the
    exporting transaction sees of what was committed.
    """
    with reading(dsn, role, snapshot=snapshot) as read:
        return read(sql, params)


@contextmanager
def reading(dsn: str, role: str, *, snapshot: str | None = None) -> Iterator[Read]:
    """Several questions on one committed snapshot: `with reading(dsn, role) as read: table = read(sql, params)`."""
    from adbc_driver_manager import dbapi as errors  # noqa: PLC0415 (lazy)
    from adbc_driver_postgresql import dbapi  # noqa: PLC0415 (lazy)

    opening = _opening(role, snapshot)
    try:
        connection = dbapi.connect(dsn)
    except errors.Error:
        raise EngineError("The database cannot be reached for reading in columns. Check that it runs.") from None
    try:
        with connection.cursor() as cursor:
            for statement in opening:
                _execute(cursor, statement)

        def read(sql: str, params: Sequence[object] = ()) -> pyarrow.Table:
            with connection.cursor() as cursor:
                _execute(cursor, sql, params)
                return cursor.fetch_arrow_table()

        yield read
    finally:
        connection.close()


def _opening(role: str, snapshot: str | None) -> list[str]:
    if not _ROLE.fullmatch(role):
        raise EngineError(f"{role!r} is not the name of a database role.")
    opening = ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"]
    if snapshot is not None:
        if not _SNAPSHOT.fullmatch(snapshot):
            raise EngineError("The snapshot's name is not one PostgreSQL gave out.")
        opening.append(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
    opening.append(f'SET LOCAL ROLE "{role}"')
    return opening


def _execute(cursor: Any, sql: str, params: Sequence[object] = ()) -> None:  # the driver's cursor is untyped
    from adbc_driver_manager import dbapi  # noqa: PLC0415 (lazy)

    try:
        cursor.execute(sql, tuple(params) or None)
    except dbapi.Error as error:
        raise EngineError(_sentence(error)) from None


def _sentence(error: Any) -> str:
    """Never the driver's own words beyond the object's name: they can quote values."""
    state = error.sqlstate or ""
    if state == "42501":
        named = re.search(r"permission denied [^\n]*", str(error))
        return f"The database refused: {named.group(0) if named else 'permission denied'}."
    if state == "53100":
        return DISK_FULL
    return f"The database could not answer a question in columns (SQLSTATE {state or 'unknown'})."
