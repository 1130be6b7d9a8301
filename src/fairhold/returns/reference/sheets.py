"""Files of lists as rows of cells: a CSV is one sheet, an Excel workbook several."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from fairhold.returns.files import CannotRun, decode, read_bytes

Row = tuple[int, list[object]]


@dataclass(frozen=True)
class Sheet:
    """The rows of one sheet with the line (or row of the workbook) each stands on; `name` is blank for a CSV."""

    file: str
    name: str
    rows: list[Row]


def is_workbook(path: Path) -> bool:
    """Whether a file is named as an Excel workbook."""
    return path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def header(path: Path) -> list[str]:
    """The first line of a text file, split as CSV; empty when it is no text."""
    with path.open("rb") as file:
        start = file.read(65536)
    if b"\0" in start:
        return []
    return next(csv.reader(io.StringIO(decode(start.split(b"\n", 1)[0]))), [])


def read_csv(path: Path) -> Sheet:
    """The sheet of a CSV file, its lines counted from 1."""
    reader = csv.reader(io.StringIO(decode(read_bytes(path)), newline=""))
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            rows.append((line, list(cells)))
            line = reader.line_num + 1
    except csv.Error:
        raise CannotRun(f"{path.name}, line {line}: is no CSV; save the list as CSV or Excel again.") from None
    return Sheet(path.name, "", rows)


def read_workbook(path: Path) -> list[Sheet]:
    """Every sheet of an Excel workbook, its rows counted from 1 as Excel counts them."""
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 (few checks read a workbook)

    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
    except CalamineError:
        raise CannotRun(f"{path.name} cannot be read as an Excel workbook; save it again, or as CSV.") from None
    return [
        Sheet(path.name, name, [(n, list(cells)) for n, cells in enumerate(sheet.to_python(skip_empty_area=False), 1)])
        for name, sheet in sheets
    ]
