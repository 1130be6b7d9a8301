"""The workbook: one sheet a list with the official columns in their order, and a sheet of notes at the end.

The same lists give the same bytes: it carries no time of writing, no author, and nothing hidden.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from fairhold.formats import annex_a
from fairhold.returns.annex_a.domain import Made
from fairhold.returns.annex_a.notes import Note

NOTES = "Notes"
_HEAD = ("List", "Column", "Standing", "What to know")


def write(day: date, made: Sequence[Made], notes: Sequence[Note], *, draft: str = "") -> bytes:
    """All lists with their notes. `draft` says why it is one: then every sheet's name and the notes say so."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = f"Annex A as at {day:%d %B %Y}"
    made_on = datetime(day.year, day.month, day.day)  # noqa: DTZ001 (Excel knows no zones)
    book.set_properties({"title": f"DRAFT: {title}" if draft else title, "created": made_on})
    styles = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "dd/mm/yyyy"}),
    }
    for one in made:
        _list(book.add_worksheet(f"List {one.key}{' (draft)' if draft else ''}"), one, styles)
    _notes(book.add_worksheet(NOTES), notes, styles, draft)
    book.close()
    return stream.getvalue()


def _list(sheet: Any, made: Made, styles: dict[str, Any]) -> None:
    forms = [column.form for column in made.of.columns]
    for at, name in enumerate(made.of.names):
        sheet.write_string(0, at, name, styles["head"])
    for number, cells in enumerate(made.rows, start=1):
        for at, text in enumerate(cells):
            if text:
                _write(sheet, (number, at), text, forms[at], styles["day"])
    sheet.set_column(0, len(forms) - 1, 16)
    sheet.freeze_panes(1, 0)


def _write(sheet: Any, at: tuple[int, int], text: str, form: str, day: Any) -> None:
    """Dates as Excel's days, counts as numbers, everything else as text: a value never becomes a formula."""
    if form == annex_a.DATE and text[2:3] == "/":
        sheet.write_number(*at, _serial(text), day)
    elif form == annex_a.COUNT and text.isdecimal():
        sheet.write_number(*at, int(text))
    else:
        sheet.write_string(*at, text)


_FIRST = date(1899, 12, 30).toordinal()


def _serial(text: str) -> int:
    """Excel's number of a day written as dd/mm/yyyy."""
    return date(int(text[6:]), int(text[3:5]), int(text[:2])).toordinal() - _FIRST


def _notes(sheet: Any, notes: Sequence[Note], styles: dict[str, Any], draft: str) -> None:
    at = 0
    if draft:
        sheet.write_string(0, 0, f"DRAFT, not to be sent to Ofsted: {draft}", styles["head"])
        at = 2
    for column, name in enumerate(_HEAD):
        sheet.write_string(at, column, name, styles["head"])
    for row, note in enumerate(notes, start=at + 1):
        for column, text in enumerate(note):
            sheet.write_string(row, column, text)
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 1, 40)
    sheet.set_column(2, 2, 14)
    sheet.set_column(3, 3, 110)
