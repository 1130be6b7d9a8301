"""Connections to PostgreSQL: the council's own server when addresses are set, else the embedded one.

Rooms above reach rows through `fairhold.access.scope`; only it, the ledger and migrations come here themselves.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
from typing import TYPE_CHECKING

from fairhold.engine import settings
from fairhold.engine.errors import UNREACHABLE, EngineError, plain
from fairhold.engine.postgres import launcher
from fairhold.engine.settings import Login

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.rows import TupleRow
    from psycopg_pool import ConnectionPool

_lock = threading.Lock()
_pools: dict[tuple[str, int], ConnectionPool[Connection[TupleRow]]] = {}


def dsn(login: Login) -> str:
    """How a login connects, with its password: keep it out of logs, errors and pages."""
    return settings.database_url(login) or launcher.join().dsn(login)


def connect(login: Login, *, autocommit: bool = False) -> Connection[TupleRow]:
    """A new connection. The caller closes it."""
    import psycopg  # noqa: PLC0415 (lazy)

    try:
        return psycopg.connect(dsn(login), autocommit=autocommit)
    except psycopg.OperationalError as error:
        raise EngineError(_refused(error)) from None


def answers(login: Login, *, seconds: int = 3) -> bool:
    """Whether the database can be used just now, for those who cannot wait for it. An embedded one is never made."""
    import psycopg  # noqa: PLC0415 (lazy)

    try:
        if not settings.database_url(login) and not launcher.exists():
            return False
        with psycopg.connect(dsn(login), connect_timeout=seconds) as connection:
            connection.execute(f"set statement_timeout = {seconds * 1000}")
            return connection.execute("select 1").fetchone() == (1,)
    except (psycopg.Error, EngineError, OSError):
        return False


def pool(login: Login) -> ConnectionPool[Connection[TupleRow]]:
    """This process's pool for a login: made once, two to ten connections, closed when the process ends."""
    from psycopg_pool import ConnectionPool  # noqa: PLC0415 (lazy)

    address = dsn(login)
    with _lock:
        key = (address, os.getpid())
        if key not in _pools:
            logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # whoever asks gets one sentence, not each try
            if not _pools:
                atexit.register(close_pools)
            _pools[key] = ConnectionPool(
                address, min_size=1, max_size=10, timeout=20, open=True, check=ConnectionPool.check_connection
            )
        return _pools[key]


def close_pools() -> None:
    """Close every pool of this process."""
    with _lock:
        while _pools:
            (_, pid), closing = _pools.popitem()
            if pid == os.getpid():
                closing.close()


def _refused(error: Exception) -> str:
    """A sentence without the address: it may hold a password."""
    known = plain(error)
    if known:
        return known
    words = str(error)
    if "password authentication failed" in words or "no pg_hba.conf entry" in words:
        return "The database refused the login. Check the user and password in the FAIRHOLD_…DATABASE_URL settings."
    return UNREACHABLE
