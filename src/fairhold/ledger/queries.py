"""The SQL of the ledger. All of it runs as `p_ledger`, which may read and add and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from fairhold.engine import database
from fairhold.ledger import tree
from fairhold.ledger.domain import Event, Stored

PATIENCE = "20s"  # a process that was stopped in its turn must not stop all others
ROLE = "set local role p_ledger"
_COLUMNS = "seq, at, kind, actor, role, purpose, children, detail, nodes, seal"

_INSERT = f"insert into ledger.event ({_COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


def take_turn(cursor: psycopg.Cursor[Any], subjects: Iterable[int]) -> tuple[tree.Frontier, dict[int, bytes]]:
    """Begin a transaction as the one sequencer: the tree ready to grow, and the key of every subject.

    One message to the server, because processes wait for each other here: the numbers are written into it as they are.
    """
    numbers = ",".join(map(str, map(int, subjects)))
    patience = f"set local lock_timeout = '{PATIENCE}'; set local idle_in_transaction_session_timeout = '{PATIENCE}'"
    cursor.execute(f"begin; {ROLE}; {patience}; select * from ledger.take_turn('{{{numbers}}}')")
    while cursor.nextset():
        pass
    size, peaks, known, keys = cursor.fetchone() or (0, b"", None, None)
    return tree.Frontier(size, _hashes(peaks)), dict(zip(known or (), map(bytes, keys or ()), strict=True))


def frontier(connection: psycopg.Connection[Any]) -> tree.Frontier:
    """The tree as it stands in this picture of the ledger."""
    (size,) = connection.execute("select coalesce(max(seq), 0) from ledger.event").fetchone() or (0,)
    read = node_reader(connection)
    return tree.Frontier(size, tuple(read(level, index) for level, index in tree.peak_nodes(size)))


def insert(cursor: psycopg.Cursor[Any], rows: Sequence[Stored]) -> None:
    """Add events; the caller holds the lock and has taken the numbers from the frontier."""
    cursor.executemany(_INSERT, [_values(row) for row in rows])


def _values(row: Stored) -> tuple[Any, ...]:
    event = row.event
    # A list of the whole borough goes as one text: the driver would wrap every reference by itself, for half a second.
    children = "{" + ",".join(f'"\\\\x{child}"' for child in event.children) + "}"
    detail = Jsonb(dict(event.detail))
    start = (event.seq, event.at, event.kind, event.actor, event.role, event.purpose)
    return (*start, children, detail, b"".join(row.nodes or ()), row.seal)


def child_keys(cursor: psycopg.Cursor[Any], subjects: Sequence[int]) -> dict[int, bytes]:
    """The keys of those subjects that have one."""
    query = "select subject_id, key from ledger.child_key where subject_id = any(%s)"
    return {subject: bytes(key) for subject, key in cursor.execute(query, (list(subjects),)).fetchall()}


@contextmanager
def reading() -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own on one unchanging picture of the ledger."""
    with closing(database.connect("web")) as connection, connection.transaction():
        connection.execute("set transaction isolation level repeatable read read only")
        connection.execute(ROLE)
        yield connection


def stored(
    connection: psycopg.Connection[Any], *, up_to: int | None = None, kind: str | None = None
) -> Iterator[Stored]:
    """Every event (of one kind, up to a number, if asked) in order, without holding them all in memory."""
    chosen = "(%(up_to)s::bigint is null or seq <= %(up_to)s) and (%(kind)s::text is null or kind = %(kind)s)"
    with connection.cursor(name="ledger_events") as cursor:
        cursor.itersize = 5000
        cursor.execute(
            f"select {_COLUMNS} from ledger.event where {chosen} order by seq", {"up_to": up_to, "kind": kind}
        )
        for row in cursor:
            yield _stored(row)


def _stored(row: Sequence[Any]) -> Stored:
    seq, at, kind, actor, role, purpose, children, detail, nodes, seal = row
    references = tuple(bytes(child).hex() for child in children)
    return Stored(Event(seq, at, kind, actor, role, purpose, references, detail), _hashes(nodes), bytes(seal))


def _hashes(data: bytes) -> tuple[tree.Hash, ...]:
    data = bytes(data)
    return tuple(data[place : place + tree.WIDTH] for place in range(0, len(data), tree.WIDTH))


def node_reader(connection: psycopg.Connection[Any]) -> tree.Nodes:
    """Perfect subtrees as stored, by level and index; a missing one reads as an empty hash, which proves nothing."""
    query = "select substring(nodes from %s for 32) from ledger.event where seq = %s"

    def read(level: int, index: int) -> tree.Hash:
        found = connection.execute(query, (level * tree.WIDTH + 1, (index + 1) << level)).fetchone()
        return bytes(found[0]) if found else b""

    return read


def about(cursor: psycopg.Cursor[Any], references: Sequence[str], limit: int) -> list[Event]:
    """The newest events that concern any of these references."""
    query = f"select {_COLUMNS} from ledger.event where children && %s order by seq desc limit %s"
    found = cursor.execute(query, ([bytes.fromhex(each) for each in references], limit)).fetchall()
    return [_stored(row).event for row in found]


def newest(cursor: psycopg.Cursor[Any], *, limit: int, before: int | None, kind: str | None) -> list[Event]:
    """The newest events, of one kind if asked, below the number `before` if given."""
    query = f"""select {_COLUMNS} from ledger.event
        where seq < coalesce(%(before)s, 9223372036854775807) and (%(kind)s::text is null or kind = %(kind)s)
        order by seq desc limit %(limit)s"""
    found = cursor.execute(query, {"before": before, "kind": kind, "limit": limit}).fetchall()
    return [_stored(row).event for row in found]
