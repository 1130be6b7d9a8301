"""Looking into the ledger, and letting a child's key die."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

from fairhold.engine import database
from fairhold.ledger import queries
from fairhold.ledger.domain import Event, reference


def newest(*, limit: int = 50, before: int | None = None, kind: str | None = None) -> list[Event]:
    """The newest events first, of one kind if asked; `before` a number for the next page."""
    with queries.reading() as connection, connection.cursor() as cursor:
        return queries.newest(cursor, limit=limit, before=before, kind=kind)


def concerning(subjects: Iterable[int], *, limit: int = 500) -> list[Event]:
    """Who looked at a child, and what was done: the newest events first; none once the child's key is gone."""
    with queries.reading() as connection, connection.cursor() as cursor:
        keys = queries.child_keys(cursor, sorted(set(subjects)))
        return queries.about(cursor, [reference(key, subject) for subject, key in keys.items()], limit)


def forget(subjects: Iterable[int]) -> int:
    """Let the keys of these subjects die and return how many did. Their events stay, and point to nobody any more.

    Only disposal calls this, as the worker; it cannot be undone.
    """
    with closing(database.connect("worker")) as connection, connection.transaction():
        connection.execute("set local role p_ledger_forget")
        gone = connection.execute("delete from ledger.child_key where subject_id = any(%s)", (sorted(set(subjects)),))
        return gone.rowcount
