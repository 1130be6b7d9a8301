"""What was done: every act and every look, numbered, hashed into a tree, signed, and without names."""

from fairhold.ledger.checking import checkpoint, verify
from fairhold.ledger.checkpoints import Checkpoint
from fairhold.ledger.domain import Event, LedgerError
from fairhold.ledger.reading import concerning, forget, newest
from fairhold.ledger.verifying import Finding, Verdict
from fairhold.ledger.writer import append

__all__ = [
    "Checkpoint",
    "Event",
    "Finding",
    "LedgerError",
    "Verdict",
    "append",
    "checkpoint",
    "concerning",
    "forget",
    "newest",
    "verify",
]
