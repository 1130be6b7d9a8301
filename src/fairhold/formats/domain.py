"""What reading a file gives: rows, what no list knows, what was set aside, or why the whole file was refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

SIZE_LIMIT = 512 * 1024 * 1024  # bytes; a full transfer file of 45,000 pupils takes some 200 MB
DEPTH_LIMIT = 100  # elements within elements; no format in use goes beyond ten


class Row(NamedTuple):
    """One pupil or record. `row` counts from 1 over the file, `line` is where it starts, `values` maps path to text."""

    row: int
    element: str
    line: int
    values: dict[str, str]


class Unknown(NamedTuple):
    """A text under a path that the format's list does not hold. No fault; kept. `row` is None outside of rows."""

    row: int | None
    line: int
    path: str
    value: str


@dataclass(frozen=True)
class SetAside:
    """One row, one value, or the rest of a broken file, that does not go in. `reason` holds no personal data.

    `values` and `element` are what was sent, for whoever replays it; they are no part of a printed answer.
    """

    row: int | None
    line: int
    path: str | None
    kind: str
    reason: str
    element: str = ""
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """Why a file is refused whole: one of the contract's kinds, and a sentence."""

    kind: str
    reason: str


@dataclass
class Reading:
    """One file being read. Ask for `batches()` once; `unknown` and `set_aside` fill while it runs.

    `encoding` is the encoding the text was read in; `missing_columns` are a CSV table's columns that were not sent;
    `around` are the listed values outside header and rows, by their path below the root (a census's school block).
    """

    kind: str | None = None
    version: str | None = None
    header: dict[str, str] = field(default_factory=dict)
    refused: Refusal | None = None
    encoding: str | None = None
    missing_columns: tuple[str, ...] = ()
    around: dict[str, str] = field(default_factory=dict)
    unknown: list[Unknown] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)

    def batches(self, size: int = 256) -> Iterator[list[Row]]:
        """The good rows in document order, in lists of about `size`."""
        yield from ()

    def __iter__(self) -> Iterator[Row]:
        """The good rows one by one."""
        for batch in self.batches():
            yield from batch


def refusal(kind: str, reason: str, *, of: str | None = None) -> Reading:
    """The reading of a file that is refused whole; `of` is its kind where that much was seen."""
    return Reading(kind=of, refused=Refusal(kind, reason))
