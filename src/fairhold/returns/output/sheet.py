"""A worksheet whose rows are written as text, many times faster than cell by cell. Every value stays text.

`xlsxwriter` makes the workbook around it: styles, comments, and all that readers of workbooks are strict about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

ROW_LIMIT: Final = 1_048_575  # rows below the heading
CELL_LIMIT: Final = 32_767  # characters
_NOT_XML: Final = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CODED: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # would be read as the code of a character
_ODD: Final = re.compile(f"[&<>\r]|{_NOT_XML.pattern}|{_CODED.pattern}")
Row = tuple[Sequence[str], Mapping[int, object]]  # the cells, and the places of those that are marked


class TextSheet(Worksheet):  # type: ignore[misc]
    """A worksheet of text: a heading, rows, and cells that are marked."""

    def hold(self, heading: Sequence[str], rows: Iterable[Row], *, head: int, marked: int) -> None:
        """Write these when the workbook is closed. `head` and `marked` are the numbers of the styles to use."""
        self._content = heading, rows, head, marked
        self._check_dimensions(0, len(heading) - 1)
        self.freeze_panes(1, 0)

    def _write_rows(self) -> None:
        """Where rows are written; called by the base class when the workbook is closed."""
        self.fh.writelines(_lines(*self._content))


def _lines(heading: Sequence[str], rows: Iterable[Row], head: int, marked: int) -> Iterator[str]:
    names = [xl_col_to_name(i) for i in range(len(heading))]
    yield _line(names, 1, heading, dict.fromkeys(range(len(heading))), head)
    for number, (cells, marks) in enumerate(islice(rows, ROW_LIMIT), start=2):
        yield _line(names, number, cells, marks, marked)


def _line(names: list[str], number: int, cells: Sequence[str], marks: Mapping[int, object], style: int) -> str:
    whole = "".join(cells)
    if len(whole) > CELL_LIMIT or _ODD.search(whole):
        cells = [_safe(text) for text in cells]
    if marks:
        styled = [f' s="{style}"' if i in marks else "" for i in range(len(cells))]
        written = "".join(
            f'<c r="{name}{number}"{s} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
            for name, text, s in zip(names, cells, styled, strict=True)
            if text or s
        )
    else:
        written = "".join(
            [
                f'<c r="{name}{number}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
                for name, text in zip(names, cells, strict=True)
                if text
            ]
        )
    return f'<row r="{number}">{written}</row>'


def _safe(text: str) -> str:
    """Text as a cell can hold it: cut to the longest that fits, what XML cannot carry written as codes."""
    text = escape(_CODED.sub("_x005F_", text[:CELL_LIMIT])).replace("\r", "_x000D_")
    return _NOT_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
