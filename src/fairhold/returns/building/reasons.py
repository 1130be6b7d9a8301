"""Why a built return differs from the file that was delivered: a closed list. What none explains is a mistake."""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    """Each value is the word it is counted under; `sentence` says it to people."""

    ASIDE = "set aside"
    SAME_KEY = "same key"
    COPY = "copy"
    SILENT = "silent row"
    NOT_OF_YEAR = "not of the year"
    LATER_DAY = "after the last day"
    SPELLING = "spelling"
    ONCE = "once a child"
    ONE_OF_TWO = "one of two"
    SUPERSEDED = "said otherwise since"
    KEPT = "kept from before"
    OTHER_SOURCE = "another source"
    HEADER = "header"
    NOT_HELD = "not held"
    UNEXPLAINED = "unexplained"

    @property
    def sentence(self) -> str:
        """What it means."""
        return _SENTENCES[self]


_SENTENCES = {
    Reason.ASIDE: "The row, or this value of it, was set aside when the file was taken in.",
    Reason.SAME_KEY: "Two rows of the child claim the same place or day; the first is in.",
    Reason.COPY: "The row stands in the file more than once; once is enough.",
    Reason.SILENT: "The row names a child and says nothing of it.",
    Reason.NOT_OF_YEAR: "By the collection's rules it does not belong into this return.",
    Reason.LATER_DAY: "It happened after the last day that the return speaks of.",
    Reason.SPELLING: "The same value, spelled another way: blanks, letter case, the form of a date, yes or no.",
    Reason.ONCE: "The record keeps it once a child, as the header of the return says it.",
    Reason.ONE_OF_TWO: "Of two that exclude each other the first counts: a UPN before the reason for having none, a"
    " birth date before an expected one.",
    Reason.SUPERSEDED: "A file that speaks of a later day, or came later, says otherwise.",
    Reason.KEPT: "This file does not say it; one that came before did, and nothing has taken it back.",
    Reason.OTHER_SOURCE: "The case system leaves it blank; a linked record of another source fills it.",
    Reason.HEADER: "The file says of itself who made it and when.",
    Reason.NOT_HELD: "The record keeps nothing of it.",
    Reason.UNEXPLAINED: "Nothing explains it: tell the keeper of Fairhold.",
}
