"""Which rows of law and policy a named officer has confirmed, and which the council has added."""

from fairhold.governance.dated import FILES
from fairhold.policy.actions import confirm, files, history, rows, standing
from fairhold.policy.books import book, book_of, counting, reasons, unconfirmed
from fairhold.policy.changing import change, changes, find, second, withdraw
from fairhold.policy.domain import OwnRow, Reason, Seen, Standing, State
from fairhold.policy.effect import Effect, settable

__all__ = [
    "FILES",
    "Effect",
    "OwnRow",
    "Reason",
    "Seen",
    "Standing",
    "State",
    "book",
    "book_of",
    "change",
    "changes",
    "confirm",
    "counting",
    "files",
    "find",
    "history",
    "reasons",
    "rows",
    "second",
    "settable",
    "standing",
    "unconfirmed",
    "withdraw",
]
