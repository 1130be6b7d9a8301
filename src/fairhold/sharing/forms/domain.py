"""What the forms of a share are made of: rows with what may leave of each, what was written, what was read back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from fairhold.sharing.shares import ShareError

Values = Mapping[str, str | None]
_NO_LETTER = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufffe\uffff]")
PSEUDONYM = "pseudonym"
"""The column that stands for the name where a share names nobody."""


@dataclass(frozen=True)
class Row:
    """One child: what the record holds, and the fields that may leave. `name` is the forename and the surname, for a
    form that keeps them apart."""

    subject: int
    values: Values
    allowed: frozenset[str]
    name: tuple[str | None, str | None] = (None, None)

    @cached_property
    def leaving(self) -> dict[str, str]:
        """What leaves of the child, by column; no column where nothing is held or nothing may leave."""
        return {name: text for name in self.allowed if (text := plain(self.values.get(name)))}

    def told(self, column: str) -> str:
        """What leaves of the child in one column, or blank."""
        return self.leaving.get(column, "")


@dataclass(frozen=True)
class About:
    """What a form may say beside the rows; nothing of it is about a child.

    `organisation`: the recipient's number. `grounds`: each way something may go (law, consent, protect) with its law.
    `titles`: the words for each field. `keeps`: how long the recipient may keep it.
    """

    share: int
    recipient: str
    organisation: str | None
    purpose: str
    day: date
    marking: str
    keeps: str | None = None
    grounds: tuple[tuple[str, str], ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)

    def title(self, column: str) -> str:
        """The words for a field."""
        return self.titles.get(column) or column.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Table:
    """What a reader found in a file: its columns, and of each row the values that are not blank."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Built:
    """A file made: the bytes, its columns, and the rows that have something to say, in their order."""

    data: bytes
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def plain(text: str | None) -> str:
    """A value as one line of letters a file can hold: no control characters, single spaces, none at the ends."""
    if not text or (text.isprintable() and "  " not in text and text[0] != " " != text[-1]):
        return text or ""
    return " ".join(_NO_LETTER.sub("", text).split())


def wrong(what: str) -> ShareError:
    """A file that is not the one that was decided."""
    return ShareError(f"The file that was made is not the one that was decided ({what}): nothing was sent.")


def cells(columns: Sequence[str], row: Row) -> list[str]:
    """The values of one row in the order of the columns."""
    leaving = row.leaving
    return [leaving.get(name, "") for name in columns]
