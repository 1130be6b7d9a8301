"""Writes one table of the looked-after children return as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import BinaryIO

from fairhold.formats.ssda903 import tables


def write(
    stream: BinaryIO,
    table: str,
    rows: Iterable[Mapping[str, str | None]],
    *,
    columns: tuple[str, ...] | None = None,
    encoding: str = "utf-8",
) -> int:
    """Write `rows` (column to text; a column left out is blank) to a binary stream; returns how many.

    The header is the table's own, or `columns` for a file with others. A value under a column that the header does
    not hold is a KeyError. Lines end in a line feed.
    """
    names = columns or tables()[table].names
    allowed = frozenset(names)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="", write_through=True)
    try:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(names)
        count = 0
        for row in rows:
            if not row.keys() <= allowed:
                raise KeyError(", ".join(sorted(row.keys() - allowed)))
            writer.writerow([row.get(name) or "" for name in names])
            count += 1
        return count
    finally:
        text.detach()
