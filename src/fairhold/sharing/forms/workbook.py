"""Excel: one visible sheet of texts, and nothing that tells who made it, where or when."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from xml.etree import ElementTree

from fairhold.sharing.forms.domain import About, Row, Table, cells, wrong

SHEET = "rows"
_STAMP = (1980, 1, 1, 0, 0, 0)  # an archive tells no times of ours
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PARTS = (
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/theme/theme1.xml",
    "xl/workbook.xml",
    "xl/worksheets/sheet1.xml",
)
# What a sheet of plain texts is made of; hidden columns, filters, remarks, formulas and links are made of other things.
_SHEET_TAGS = {"worksheet", "dimension", "sheetViews", "sheetView", "sheetFormatPr", "sheetData", "row", "c", "v"}
_SHEET_TAGS |= {"pageMargins"}
_BOOK_TAGS = {"workbook", "fileVersion", "workbookPr", "bookViews", "workbookView", "sheets", "sheet", "calcPr"}
_ROW, _CELL = {"r", "spans"}, {"r", "t"}
_DOCUMENT = re.compile(rb'<(?:Override|Relationship) [^>]*="/?docProps/[^>]*/>')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def write(columns: Sequence[str], rows: Sequence[Row], about: About) -> bytes:
    """The bytes of the workbook, without the parts that name an author, a company and times."""
    import xlsxwriter  # noqa: PLC0415 (only when a workbook leaves)

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet(SHEET)
    for number, line in enumerate([list(columns), *(cells(columns, row) for row in rows)]):
        for place, text in enumerate(line):
            if text:
                sheet.write_string(number, place, text)
    book.close()
    return _bare(stream.getvalue())


def _bare(made: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bare:
        for name in sorted(set(book.namelist()) & set(_PARTS)):
            bare.writestr(zipfile.ZipInfo(name, _STAMP), _DOCUMENT.sub(b"", book.read(name)), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def read(data: bytes, about: About) -> Table:
    """The table in the bytes, read out of the parts themselves; raises where there is a part, a sheet, or a thing on
    the sheet that a plain table does not have."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        if sorted(book.namelist()) != sorted(_PARTS) or book.comment:
            raise wrong("the workbook has parts that a plain table does not have")
        if any(one.date_time != _STAMP or one.comment or one.extra for one in book.infolist()):
            raise wrong("the workbook tells when it was made")
        parts = {name: ElementTree.fromstring(book.read(name)) for name in _PARTS}  # noqa: S314 (made a moment ago)
    if b"docProps" in b"".join(ElementTree.tostring(part) for part in parts.values()):
        raise wrong("the workbook tells who made it")
    _check_book(parts["xl/workbook.xml"])
    texts = ["".join(one.itertext()) for one in parts["xl/sharedStrings.xml"].findall(f"{_MAIN}si")]
    lines = [_line(row, texts) for row in _rows(parts["xl/worksheets/sheet1.xml"])]
    header = lines[0] if lines else {}
    columns = [header.get(place, "") for place in range(len(header))]
    if not all(columns) or any(not line.keys() <= header.keys() for line in lines):
        raise wrong("a cell stands outside the table")
    rows = ({columns[place]: text for place, text in line.items()} for line in lines[1:])
    return Table(tuple(columns), tuple(rows))


def _check_book(book: ElementTree.Element) -> None:
    sheets = book.findall(f"{_MAIN}sheets/{_MAIN}sheet")
    if {_tag(one) for one in book.iter()} - _BOOK_TAGS or len(sheets) != 1 or sheets[0].get("state"):
        raise wrong("the workbook has another sheet, or a hidden one")


def _rows(sheet: ElementTree.Element) -> list[ElementTree.Element]:
    things = list(sheet.iter())
    odd = {_tag(one) for one in things} - _SHEET_TAGS
    rows = sheet.findall(f"{_MAIN}sheetData/{_MAIN}row")
    hidden = any(set(row.keys()) - _ROW or any(set(one.keys()) - _CELL for one in row) for row in rows)
    if odd or hidden or any(one.get("zeroHeight") for one in sheet):
        raise wrong("something on the sheet is hidden or is no plain text")
    return rows


def _line(row: ElementTree.Element, texts: list[str]) -> dict[int, str]:
    found = {}
    for cell in row:
        place, value = re.sub(r"\d", "", cell.get("r", "")), cell.findtext(f"{_MAIN}v")
        if cell.get("t") != "s" or value is None:
            raise wrong("something on the sheet is hidden or is no plain text")
        found[_column(place)] = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), texts[int(value)])
    return found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _tag(one: ElementTree.Element) -> str:
    return one.tag.removeprefix(_MAIN)
