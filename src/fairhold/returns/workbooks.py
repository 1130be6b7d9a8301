"""Tables of a return from the sheets of an Excel workbook: each sheet is told by its columns, whatever it is called."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from fairhold.returns.files import CannotRun, SetAside
from fairhold.returns.loading import Given
from fairhold.returns.recognising import Recognised, recognise
from fairhold.returns.sheets import from_rows
from fairhold.rulebook.domain import UK, Return, Table

HEAD_ROWS: Final = 20  # a title and notes may stand above the columns' names
Rows = Sequence[Sequence[object]]


def read(
    label: str, data: bytes, tables: tuple[Table, ...], of: Return
) -> tuple[list[tuple[str, Given, bytes]], list[SetAside]]:
    """The tables found, each with its rows as bytes for comparing, and the sheets left out.

    Lines are rows of the sheet as Excel counts them. Raises CannotRun for a file that is no workbook.
    """
    found, aside = [], []
    for name, rows in _sheets(label, data):
        where = f"{label}, sheet {name}"
        head = _head(rows, tables, of.child)
        if head is None:
            if any(any(cell != "" for cell in row) for row in rows):
                aside.append(SetAside(where, 0, "", "has the columns of no table of this return"))
            continue
        at, recognised = head
        width = max(n for n, cell in enumerate(rows[at], 1) if str(cell).strip())
        kept = [(n, _texts(row, width, of)) for n, row in enumerate(rows[at + 1 :], at + 2)]
        kept = [(n, texts) for n, texts in kept if any(texts)]
        sheet = from_rows(where, _texts(rows[at], width, of), [texts for _, texts in kept], [n for n, _ in kept])
        found.append((recognised.table.name, Given(sheet, recognised, of.dates), sheet.body().encode()))
    return found, aside


def _sheets(label: str, data: bytes) -> list[tuple[str, Rows]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 (few checks read a workbook)

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except CalamineError:
        raise CannotRun(f"{label} cannot be read as an Excel workbook; save it again, or as CSV.") from None


def _head(rows: Rows, tables: Sequence[Table], child: str) -> tuple[int, Recognised] | None:
    """The row with the columns' names, counted from 0: the first that is recognised."""
    for at, row in enumerate(rows[:HEAD_ROWS]):
        found = recognise([str(cell) for cell in row], tables, child)
        if found is not None:
            return at, found
    return None


def _texts(row: Sequence[object], width: int, of: Return) -> list[str]:
    return [_text(cell, of) for cell in row[:width]]


def _text(cell: object, of: Return) -> str:
    """A cell as a file of text would have it: dates as the return writes them, whole numbers without a point."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y") if of.dates[0] == UK else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
