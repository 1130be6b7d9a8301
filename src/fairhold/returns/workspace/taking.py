"""Files to take away: each is kept in the vault as a classified output with its due date.

Every value is text: one that looks like a formula stays a value, a long number keeps its digits.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from fairhold import vault
from fairhold.access import Scope
from fairhold.returns.workspace.domain import DAYS, KLASS, RETENTION

Cells = Sequence[object]


def keep(scope: Scope, data: bytes, kind: str) -> int:
    """Keep a file that is taken away, for the purpose that made it; returns its number."""
    due = scope.day + timedelta(days=DAYS)
    return vault.keep(scope, data, kind=kind, klass=KLASS, retention=RETENTION, due=due).id


def comma_separated(head: Cells, rows: Iterable[Cells]) -> bytes:
    """One table as CSV: UTF-8, line feeds, blank as empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(map(_texts, rows))
    return text.getvalue().encode()


def _texts(cells: Cells) -> list[str]:
    return ["" if cell is None else str(cell) for cell in cells]


def workbook(title: str, year: int, sheets: dict[str, tuple[Cells, Sequence[Cells]]]) -> bytes:
    """An Excel workbook of a sheet each, with a header and a filter. It carries no time of writing."""
    from datetime import datetime  # noqa: PLC0415

    import xlsxwriter  # noqa: PLC0415 (most acts make no workbook)

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made = datetime(year, 1, 1)  # noqa: DTZ001 (a fixed day: the same findings give the same bytes)
    book.set_properties({"title": title, "created": made})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for name, (head, rows) in sheets.items():
        _sheet(book.add_worksheet(name), bold, head, rows)
    book.close()
    return stream.getvalue()


def _sheet(sheet: Any, bold: Any, head: Cells, rows: Sequence[Cells]) -> None:
    for at, cell in enumerate(head):
        sheet.write_string(0, at, str(cell), bold)
    for number, cells in enumerate(rows, start=1):
        for at, text in enumerate(_texts(cells)):
            sheet.write_string(number, at, text)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(head) - 1)
