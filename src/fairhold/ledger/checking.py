"""Checkpoints taken and the ledger verified, in the database."""

from __future__ import annotations

from collections.abc import Iterable

from fairhold.dates import clock
from fairhold.ledger import checkpoints, keys, queries, tree, verifying
from fairhold.ledger.checkpoints import Checkpoint
from fairhold.ledger.domain import LedgerError
from fairhold.ledger.verifying import Verdict


def checkpoint() -> Checkpoint:
    """Sign the ledger as it stands and keep the line in every place outside the database.

    The last kept checkpoint must still be true: a ledger that was rolled back or rewritten is not signed anew.
    """
    key = keys.current()
    last = max(checkpoints.kept(), key=lambda kept: kept.size, default=None)
    with queries.reading() as connection:
        frontier = queries.frontier(connection)
        if last is not None:
            _still_true(last, frontier.size, queries.node_reader(connection))
    if last is not None and (last.size, last.key) == (frontier.size, key.public):
        return last
    made = checkpoints.make(key, frontier.size, frontier.root(), clock.now())
    checkpoints.keep(made)
    return made


def _still_true(last: Checkpoint, size: int, nodes: tree.Nodes) -> None:
    if last.size > size or tree.subtree(0, last.size, nodes) != last.root:
        raise LedgerError(
            f"No checkpoint was signed: the ledger no longer holds the {last.size} events of the last one. "
            "Run fairhold ledger verify and keep its answer."
        )


def verify(checkpoint: Checkpoint | str | Iterable[Checkpoint] | None = None) -> Verdict:
    """Read the whole ledger and say whether it is what was signed: by the given checkpoints, and by all those kept.

    `checkpoint` may be the printed line, one or several checkpoints. Finds edits, deletions, insertions, a changed
    order, a cut end and an older copy put back, even when every later hash was computed afresh.
    """
    given = _given(checkpoint)
    with queries.reading() as connection:
        return verifying.examine(queries.stored(connection), [*given, *checkpoints.kept()], keys.current())


def _given(checkpoint: Checkpoint | str | Iterable[Checkpoint] | None) -> list[Checkpoint]:
    if checkpoint is None:
        return []
    if isinstance(checkpoint, str):
        return [checkpoints.parse(checkpoint)]
    return [checkpoint] if isinstance(checkpoint, Checkpoint) else list(checkpoint)
