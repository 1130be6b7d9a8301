"""The ledger's doors: who may look into it, verify it, sign a checkpoint, or take it out as a file.

Looking into the ledger is itself an act and stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fairhold import ledger
from fairhold.access.scope import Scope
from fairhold.access.verbs import verb
from fairhold.ledger import exports


@verb("ledger.show")
def show(scope: Scope, *, limit: int = 50, before: int | None = None, kind: str | None = None) -> list[ledger.Event]:
    """The newest events first; `before` is the number the last page ended with."""
    scope.tell(limit=limit, **({"of_kind": kind} if kind else {}))
    return ledger.newest(limit=limit, before=before, kind=kind)


@verb("ledger.concerning")
def concerning(scope: Scope, *, subjects: Sequence[int], limit: int = 500) -> list[ledger.Event]:
    """Who looked at one child, and what was done: `subjects` are all the child's subjects."""
    scope.concerns(subjects)
    return ledger.concerning(subjects, limit=limit)


@verb("ledger.verify", daily=True)
def verify(scope: Scope, *, checkpoints: Sequence[ledger.Checkpoint] = ()) -> ledger.Verdict:
    """Whether the ledger is what was signed, by the given checkpoints and all those kept outside the database."""
    verdict = ledger.verify(checkpoints)
    scope.tell(events=verdict.size, findings=len(verdict.findings))
    return verdict


@verb("ledger.checkpoint", daily=True)
def checkpoint(scope: Scope) -> ledger.Checkpoint:
    """Sign the ledger as it stands, and keep the line in every place outside the database."""
    signed = ledger.checkpoint()
    scope.tell(events=signed.size)
    return signed


@verb("ledger.export")
def export(scope: Scope, *, kind: str | None = None) -> Iterator[str]:
    """The lines of a file an outsider can verify: the whole ledger, or the events of one kind with their proofs."""
    scope.tell(**({"of_kind": kind} if kind else {"whole": 1}))
    return exports.export(kind=kind)
