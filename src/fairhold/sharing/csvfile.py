"""The rows that leave: only allowed fields, only children with something to say; and the check of the bytes made.

Writing and checking share nothing but the decisions, so that a fault in one shows in the other.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fairhold.sharing.shares import ShareError

Values = Mapping[str, str | None]
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Row:
    """One child: what the record holds, and the fields that may leave."""

    subject: int
    values: Values
    allowed: frozenset[str]


def cell(text: str | None) -> str:
    """A value as written; one that a spreadsheet would run as a formula gets an apostrophe before it."""
    text = " ".join((text or "").split())
    return f"'{text}" if text.startswith(FORMULA) else text


def build(rows: Sequence[Row], fields: Sequence[str]) -> tuple[bytes, list[str], list[Row]]:
    """The bytes (UTF-8, no mark, CRLF), the columns, and the rows in their order.

    A column stands only if some row fills it, and a child of whom nothing may leave has no row.
    """
    told = [row for row in rows if any(cell(row.values.get(name)) for name in row.allowed)]
    columns = [name for name in fields if any(name in row.allowed and cell(row.values.get(name)) for row in told)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in told:
        writer.writerow([cell(row.values.get(name)) if name in row.allowed else "" for name in columns])
    return out.getvalue().encode(), columns, told


def check(data: bytes, rows: Sequence[Row], permitted: frozenset[str]) -> None:
    """Read the bytes back and raise unless every one of them traces to a decision.

    `permitted` is what the closed list of this recipient can open at most; the rest of the table is each row's own.
    """
    text = data.decode("utf-8")
    if text.startswith("\ufeff") or not text.endswith("\r\n") or "\0" in text:
        raise _wrong("its first or last bytes are not those of a plain table")
    if any("\r" in line or "\n" in line for line in text.split("\r\n")):
        raise _wrong("a line break stands inside a value")
    header, *found = csv.reader(io.StringIO(text, newline=""), strict=True)
    if len(set(header)) != len(header) or not set(header) <= permitted:
        raise _wrong("it has a column that may not leave")
    if len(found) != len(rows):
        raise _wrong("it has a row too many or too few")
    for cells, row in zip(found, rows, strict=True):
        _check_row(dict(zip(header, cells, strict=True)), row)


def _check_row(cells: dict[str, str], row: Row) -> None:
    filled = {name for name, text in cells.items() if text}
    if not filled <= row.allowed:
        raise _wrong("a value stands where the decision says no")
    for name in filled:
        if cells[name].lstrip("'") != " ".join((row.values.get(name) or "").split()).lstrip("'"):
            raise _wrong("a value is not the one the record holds")


def _wrong(what: str) -> ShareError:
    return ShareError(f"The file that was made is not the one that was decided ({what}): nothing was sent.")
