"""Rows of one file as they were sent, with the physical line each stands on, ready to be split by the columns engine.

A file without quotation marks is kept as it is: splitting its lines is the engine's work. Only a file with them goes
through a CSV parser, which knows about commas and line breaks inside quotes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

RECORD: Final = "\x1e"
CELL: Final = "\x1f"


@dataclass
class TextSheet:
    """A sheet held as text; rows are numbered from 1 as the engine numbers them.

    `wrong` are lines left out, with the number of cells they had.
    """

    label: str
    header: list[str]
    records: list[str]
    cell_mark: str
    record_mark: str
    lines: Sequence[int] | None
    first_line: int = 2
    wrong: list[tuple[int, int]] = field(default_factory=list)

    def line(self, row: int) -> int:
        """The physical line a row starts on."""
        return self.first_line + row - 1 if self.lines is None else self.lines[row - 1]

    def cell(self, row: int, position: int) -> str:
        """A value as sent."""
        return self.records[row - 1].split(self.cell_mark)[position]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row that is one, with its number, split into its cells."""
        for row, record in enumerate(self.records, start=1):
            cells = record.split(self.cell_mark)
            if record and len(cells) == len(self.header):
                yield row, cells

    def body(self) -> str:
        """All rows as one text for the engine to split."""
        return self.record_mark.join(self.records)

    def find_wrong(self) -> None:
        """Note the lines with another number of cells than the header; blank lines are no rows."""
        commas = len(self.header) - 1
        for row, record in enumerate(self.records, start=1):
            if record and record.count(self.cell_mark) != commas:
                self.wrong.append((self.line(row), record.count(self.cell_mark) + 1))


def read_csv(label: str, text: str) -> TextSheet | None:
    """The rows of a CSV text; None when it holds nothing but blank lines."""
    if not text.strip():
        return None
    return _quoted(label, text) if '"' in text else _unquoted(label, text)


def from_rows(label: str, header: list[str], rows: Sequence[Sequence[str]], lines: Sequence[int]) -> TextSheet:
    """A sheet of rows that are already apart, with the line of each."""
    record, cell = _marks("".join(value for row in rows for value in row))
    return TextSheet(label, header, [cell.join(row) for row in rows], cell, record, lines)


def _unquoted(label: str, text: str) -> TextSheet:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    start = next(i for i, line in enumerate(lines) if line.strip())
    if lines[-1] == "":
        lines.pop()
    return TextSheet(label, lines[start].split(","), lines[start + 1 :], ",", "\n", None, first_line=start + 2)


def _quoted(label: str, text: str) -> TextSheet:
    records = _records(io.StringIO(text, newline="").readlines())
    _, header, _ = next(records)
    sheet = TextSheet(label, header, [], "", "", [])
    sheet.record_mark, sheet.cell_mark = _marks(text)
    lines: list[int] = []
    for line, cells, whole in records:
        if whole and len(cells) == len(header):
            sheet.records.append(sheet.cell_mark.join(cells))
            lines.append(line)
        else:
            sheet.wrong.append((line, len(cells)))
    sheet.lines = lines
    return sheet


def _records(lines: list[str]) -> Iterator[tuple[int, list[str], bool]]:
    """Line, cells and "is whole" of each record that is not blank.

    A record over several lines that is not as it should be (text after a closing quotation mark, no closing one, or
    another number of cells than the header) is most likely a stray mark that swallowed good rows: only its first line
    is given up, and reading goes on at the next one.
    """
    at, width = 0, 0
    while at < len(lines):
        reader = csv.reader(map(lines.__getitem__, range(at, len(lines))), strict=True)
        began = at
        try:
            for cells in reader:
                line, spans = began + 1, at + reader.line_num - began
                if spans > 1 and width and len(cells) != width:
                    raise csv.Error
                began = at + reader.line_num
                if cells:
                    width = width or len(cells)
                    yield line, cells, True
            return
        except csv.Error:
            yield began + 1, lines[began].split(","), False
            at = began + 1


def _marks(text: str) -> tuple[str, str]:
    """Two characters that the text does not hold."""
    if RECORD not in text and CELL not in text:
        return RECORD, CELL
    free = (chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in text)
    return next(free), next(free)
