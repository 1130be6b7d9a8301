"""A plain table: UTF-8 without a mark, CRLF, one line a child."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from fairhold.sharing.forms.domain import About, Row, Table, cells, wrong

FORMULA = ("=", "+", "-", "@")


def cell(text: str) -> str:
    """A value as written; one that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def write(columns: Sequence[str], rows: Sequence[Row], about: About) -> bytes:
    """The bytes of the table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(text) for text in cells(columns, row)] for row in rows)
    return out.getvalue().encode()


def read(data: bytes, about: About) -> Table:
    """The table in the bytes; raises where they hold anything else."""
    text = data.decode("utf-8")
    if text.startswith("\ufeff") or not text.endswith("\r\n") or "\0" in text:
        raise wrong("its first or last bytes are not those of a plain table")
    if any("\r" in line or "\n" in line for line in text.split("\r\n")):
        raise wrong("a line break stands inside a value")
    header, *found = csv.reader(io.StringIO(text, newline=""), strict=True)
    if any(len(line) != len(header) for line in found):
        raise wrong("a line has more or fewer cells than the heading")
    rows = ({name: one for name, one in zip(header, line, strict=True) if one} for line in found)
    return Table(tuple(header), tuple(rows))


def same(found: str, held: str) -> bool:
    """Whether a cell says what is held, the apostrophe apart."""
    return found.lstrip("'") == " ".join(held.split()).lstrip("'")
