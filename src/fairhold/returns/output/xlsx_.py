"""Findings as an Excel workbook: every table as sent, with the cells at fault coloured and the rule as a comment.

Every value is written as text: a value that looks like a formula stays a value, a long number keeps its digits.
"""

from __future__ import annotations

import io
from itertools import islice
from typing import Any

import xlsxwriter

from fairhold.returns.checking import Checked
from fairhold.returns.findings import HEADER
from fairhold.returns.loading import Given
from fairhold.rulebook.domain import LAST

Notes = dict[tuple[str, int], dict[str, list[str]]]
ROW_LIMIT = 1_048_575


def render(checked: Checked) -> bytes:
    """The whole workbook. The same check gives the same bytes: it carries no time of writing."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"Check of {checked.name} {checked.year}", "created": _fixed(checked.year)})
    styles = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "fault": book.add_format({"bg_color": "#FFD966", "border": 1}),
    }
    _findings(book.add_worksheet("Findings"), checked, styles)
    _not_run(book.add_worksheet("Not run"), checked, styles)
    notes = _notes(checked)
    for table, given in checked.given.items():
        if not table.endswith(LAST):
            _table(book.add_worksheet(table), table, given, notes, styles)
    book.close()
    return stream.getvalue()


def _fixed(year: int) -> Any:
    """A date of creation that depends on the check alone."""
    from datetime import datetime  # noqa: PLC0415

    return datetime(year, 1, 1)  # noqa: DTZ001 (Excel knows no zones)


def _write(sheet: Any, row: int, cells: tuple[str, ...] | list[str], style: Any = None) -> None:
    for column, text in enumerate(cells):
        sheet.write_string(row, column, text, style)


def _findings(sheet: Any, checked: Checked, styles: dict[str, Any]) -> None:
    _write(sheet, 0, HEADER, styles["head"])
    for row, finding in enumerate(checked.findings[:ROW_LIMIT], start=1):
        _write(sheet, row, finding.cells())
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(checked.findings), 1), len(HEADER) - 1)


def _not_run(sheet: Any, checked: Checked, styles: dict[str, Any]) -> None:
    _write(sheet, 0, ("rule", "why it was not run"), styles["head"])
    for row, item in enumerate(checked.outcome.not_run.items(), start=1):
        _write(sheet, row, item)


def _notes(checked: Checked) -> Notes:
    """By table and row: for each field at fault, the sentences of its rules."""
    notes: Notes = {}
    for finding in checked.findings:
        at = notes.setdefault((finding.table, finding.row), {})
        for name in finding.fields or (checked.child,):
            at.setdefault(name, []).append(f"{finding.rule}: {finding.message}")
    return notes


def _table(sheet: Any, table: str, given: Given, notes: Notes, styles: dict[str, Any]) -> None:
    names = given.sheet.header
    _write(sheet, 0, ["line", *names], styles["head"])
    columns = {position: name for name, position in given.recognised.positions.items()}
    for written, (row, cells) in enumerate(islice(given.sheet.rows(), ROW_LIMIT), start=1):
        sheet.write_string(written, 0, str(given.sheet.line(row)))
        at = notes.get((table, row), {})
        for position, text in enumerate(cells):
            said = at.get(columns.get(position, ""), [])
            sheet.write_string(written, position + 1, text, styles["fault"] if said else None)
            if said:
                sheet.write_comment(written, position + 1, "\n".join(dict.fromkeys(said)), {"author": "Fairhold"})
    sheet.freeze_panes(1, 1)
