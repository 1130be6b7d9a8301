"""How an event gets in: one sequencer numbers events without gaps and grows the tree, in a short transaction.

Threads of one process that wait at the same moment are written together by the first of them, so that many readers
share one flush to disk. Processes take turns by an advisory lock.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from fairhold.dates import clock
from fairhold.engine import database, settings
from fairhold.ledger import keys, queries, tree
from fairhold.ledger.checking import checkpoint
from fairhold.ledger.domain import Event, LedgerError, Stored, check_event, reference

CHECKPOINT_EVERY = 1000  # events between two automatic checkpoints
_TOGETHER = 256  # events written in one transaction at most

log = logging.getLogger("fairhold.ledger")


@dataclass
class _Waiting:
    """An act on its way into the ledger."""

    kind: str
    actor: str
    role: str
    purpose: str
    subjects: tuple[int, ...]
    detail: dict[str, str | int]
    number: int = 0
    error: Exception | None = field(default=None)


_queue: deque[_Waiting] = deque()
_writing = threading.Lock()
_connections: dict[tuple[str, str, int], psycopg.Connection[Any]] = {}


def append(
    kind: str,
    *,
    actor: str,
    role: str,
    purpose: str,
    subjects: Iterable[int] = (),
    detail: Mapping[str, str | int] | None = None,
) -> int:
    """Write one event and return its number; when this returns, the event is on disk and part of the tree.

    `subjects` are numbers of subjects; only keyed references of them are stored. `detail` holds names of fields, counts
    and hashes, never values about people. Raises LedgerError when the ledger cannot be written: then show nothing.
    """
    waiting = _Waiting(kind, actor, role, purpose, tuple(sorted(set(subjects))), dict(detail or {}))
    check_event(kind, waiting.detail)
    _queue.append(waiting)
    with _writing:
        while not waiting.number and waiting.error is None:
            _write_next()
    if waiting.error is not None:
        raise waiting.error
    return waiting.number


def _write_next() -> None:
    batch = [_queue.popleft() for _ in range(min(len(_queue), _TOGETHER))]
    try:
        last = _write(batch)
    except Exception as error:  # every waiting thread must hear of it, whatever it is
        for waiting in batch:
            waiting.error = _plain(error)
        return
    if last // CHECKPOINT_EVERY > (last - len(batch)) // CHECKPOINT_EVERY:
        _checkpoint_quietly()


def _plain(error: Exception) -> Exception:
    if not isinstance(error, psycopg.Error):
        return error
    sentence = "The ledger could not be written, so nothing is shown or done. Try again when the database is back."
    failure = LedgerError(sentence)
    failure.__cause__ = error
    return failure


def _write(batch: Sequence[_Waiting]) -> int:
    try:
        return _transact(batch, _connection())
    except psycopg.OperationalError:
        # The server restarted: one new connection, one more try; an event noted twice harms nobody.
        return _transact(batch, _connection())


def _transact(batch: Sequence[_Waiting], connection: psycopg.Connection[Any]) -> int:
    key = keys.current()
    try:
        with connection.cursor() as cursor:
            subjects = {subject for waiting in batch for subject in waiting.subjects}
            frontier, child_keys = queries.take_turn(cursor, subjects)
            references = {subject: reference(child_key, subject) for subject, child_key in child_keys.items()}
            frontier, rows = _grow(frontier, batch, references, key)
            queries.insert(cursor, rows)
            cursor.execute("commit")
    except BaseException:
        close()  # and with it whatever was half done
        raise
    for row, waiting in zip(rows, batch, strict=True):
        waiting.number = row.event.seq
    return frontier.size


def _grow(
    frontier: tree.Frontier, batch: Sequence[_Waiting], references: Mapping[int, str], key: keys.Key
) -> tuple[tree.Frontier, list[Stored]]:
    at, rows = clock.now(), []
    for number, waiting in enumerate(batch, start=frontier.size + 1):
        children = tuple(sorted(references[subject] for subject in waiting.subjects))
        who = (waiting.actor, waiting.role, waiting.purpose)
        event = Event(number, at, waiting.kind, *who, children, waiting.detail)
        frontier, nodes = frontier.add(event.leaf())
        rows.append(Stored(event, nodes, key.seal(number, frontier.root())))
    return frontier, rows


def _checkpoint_quietly() -> None:
    try:
        checkpoint()
    except (LedgerError, psycopg.Error) as error:
        log.error("The automatic checkpoint failed. %s", getattr(error, "sentence", "The database did not answer."))


def _connection() -> psycopg.Connection[Any]:
    place = (os.environ.get("FAIRHOLD_DATABASE_URL", ""), str(settings.home_path()), os.getpid())
    if place not in _connections:
        _connections[place] = database.connect("web", autocommit=True)
    return _connections[place]


def close() -> None:
    """Close this process's connection to the ledger; the next event opens a new one."""
    for place in list(_connections):
        found = _connections.pop(place)
        if place[2] == os.getpid():
            found.close()


atexit.register(close)
