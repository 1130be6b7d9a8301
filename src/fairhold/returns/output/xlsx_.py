"""Findings as an Excel workbook: every table as sent, with the cells at fault coloured and the rule as a comment.

Every value is written as text: a value that looks like a formula stays a value, a long number keeps its digits.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Final

import xlsxwriter

from fairhold.returns.checking import Checked
from fairhold.returns.findings import HEADER
from fairhold.returns.loading import Given
from fairhold.returns.output.sheet import ROW_LIMIT, Row, TextSheet
from fairhold.rulebook.domain import LAST

Notes = dict[int, dict[int, list[str]]]  # by row and place: the sentences of the rules about a cell
COMMENTS: Final = 10_000  # of a sheet: with many more, Excel hardly opens the workbook
MANY: Final = (
    f"Only the first {COMMENTS:,} cells at fault have comments; look the others up by their lines in Findings."
)
FULL: Final = "More rows than a sheet can hold: the CSV form has them all."
OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
NONE: Final[Mapping[int, object]] = {}


def render(checked: Checked) -> bytes:
    """The whole workbook. The same check gives the same bytes: it carries no time of writing."""
    stream = io.BytesIO()
    book = _Book(xlsxwriter.Workbook(stream, OPTIONS))
    # the date of creation depends on the check alone; Excel knows no zones
    created = datetime(checked.year, 1, 1)  # noqa: DTZ001
    book.book.set_properties({"title": f"Check of {checked.name} {checked.year}", "created": created})
    findings = book.sheet("Findings", HEADER, ((finding.cells(), NONE) for finding in checked.findings))
    findings.autofilter(0, 0, max(len(checked.findings), 1), len(HEADER) - 1)
    book.sheet("Not run", ("rule", "why it was not run"), ((item, NONE) for item in checked.outcome.not_run.items()))
    if checked.set_aside:
        left = ((item.file, str(item.line or ""), item.table, item.reason) for item in checked.set_aside)
        book.sheet("Left out", ("file", "line", "table", "why"), ((item, NONE) for item in left))
    if len(checked.findings) > ROW_LIMIT:
        findings.write_comment(0, 0, FULL, {"author": "Fairhold"})
    for table, given in checked.given.items():
        if not table.endswith(LAST):
            notes = _notes(checked, table, given)
            sheet = book.sheet(table, ["line", *given.sheet.header], _rows(given, notes))
            _comment(sheet, given, notes)
    book.book.close()
    return stream.getvalue()


class _Book:
    """A workbook with the two styles of ours."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})._get_xf_index()
        self.marked = book.add_format({"bg_color": "#FFD966", "border": 1})._get_xf_index()

    def sheet(self, name: str, heading: Iterable[str], rows: Iterable[Row]) -> Any:
        """Add a worksheet with a heading and rows."""
        sheet = self.book.add_worksheet(name, TextSheet)
        sheet.hold(tuple(heading), rows, head=self.head, marked=self.marked)
        return sheet


def _notes(checked: Checked, table: str, given: Given) -> Notes:
    """What is said of the table's cells, whose places count from 1. Where no field was sent it is said of the child."""
    places = {name: at + 1 for name, at in given.recognised.positions.items()}
    notes: Notes = {}
    for finding in checked.findings:
        if finding.table == table:
            said = f"{finding.rule}: {finding.message}"
            of_row = notes.setdefault(finding.row, {})
            sent = [name for name in finding.fields if name in places]
            for name in sent or [name for name in (checked.child,) if name in places]:
                if said not in of_row.setdefault(places[name], []):
                    of_row[places[name]].append(said)
    return notes


def _rows(given: Given, notes: Notes) -> Iterator[Row]:
    line = given.sheet.line
    for row, cells in given.sheet.rows():
        yield [str(line(row)), *cells], notes.get(row, NONE)


def _comment(sheet: Any, given: Given, notes: Notes) -> None:
    """Say at the cells what is wrong. `notes` number the rows as sent, the sheet those that were used."""
    left = COMMENTS
    if len(given.sheet.records) > ROW_LIMIT:
        sheet.write_comment(0, 1, FULL, {"author": "Fairhold"})
    for written, (row, _) in enumerate(islice(given.sheet.rows(), ROW_LIMIT), start=1):
        for place, said in notes.get(row, {}).items():
            if not left:
                sheet.write_comment(0, 0, MANY, {"author": "Fairhold"})
                return
            sheet.write_comment(written, place, "\n".join(said), {"author": "Fairhold"})
            left -= 1
