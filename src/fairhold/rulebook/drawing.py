"""Drawn examples: tables side by side in one Markdown table, with a `fault` column for each table that can be at fault.

A heading `Episodes: CHILD` starts the columns of a table; those after it belong to it until the next. A line whose
cells of a table are all blank draws no row of it. In a `fault` column `x` ties the rows of one drawn line together;
any other mark (a, b) ties all rows that carry it, over several lines. A cell may carry several marks.

In drawn examples of measures the column is called `counts` and says what a row comes out as; a blank is not counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from fairhold.rulebook.domain import Drawing, DrawnRow

Refuse = Callable[[str, str], NoReturn]
FAULT, COUNTED = "fault", "counts"


@dataclass(frozen=True)
class _Segment:
    table: str
    columns: tuple[tuple[int, str], ...]
    fault: int | None


def read_drawings(text: str, refuse: Refuse, marked: str = FAULT) -> tuple[Drawing, ...]:
    """Every drawn table of a text, with its column of marks. `refuse(what, do)` raises for one drawn otherwise."""
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.startswith("|"):
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    drawings = tuple(_drawing(block, refuse, marked) for block in blocks if block)
    if not drawings:
        refuse("has no drawn examples", "draw at least one row with a fault and one without")
    return drawings


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _drawing(lines: list[str], refuse: Refuse, marked: str) -> Drawing:
    head = _cells(lines[0])
    if len(lines) < 3 or set("".join(_cells(lines[1]))) - set("-: "):
        refuse("has a drawn table without a rule line or rows", "put |---| under its heading and rows under that")
    segments = _segments(head, refuse, marked)
    rows: list[DrawnRow] = []
    for number, line in enumerate(lines[2:], start=1):
        cells = _cells(line)
        if len(cells) != len(head):
            refuse(f"has {len(cells)} cells instead of {len(head)} in drawn line {number}", "draw every cell")
        rows.extend(_rows(segments, cells, number))
    return Drawing(tuple(rows), {s.table: tuple(name for _, name in s.columns) for s in segments})


def _segments(head: list[str], refuse: Refuse, marked: str) -> list[_Segment]:
    starts = [i for i, cell in enumerate(head) if ":" in cell]
    if not starts or starts[0] != 0:
        refuse("has a drawn table that does not name its table", "start its heading with Table: COLUMN")
    segments = []
    for start, end in zip(starts, [*starts[1:], len(head)], strict=True):
        table, _, first = head[start].partition(":")
        names = [(start, first.strip()), *((i, head[i]) for i in range(start + 1, end))]
        fault = next((i for i, name in names if name == marked), None)
        segments.append(_Segment(table.strip(), tuple((i, n) for i, n in names if n != marked), fault))
    return segments


def _rows(segments: list[_Segment], cells: list[str], number: int) -> list[DrawnRow]:
    rows = []
    for segment in segments:
        values = {name: cells[i] for i, name in segment.columns if cells[i]}
        marks = cells[segment.fault].split() if segment.fault is not None else []
        if values or marks:
            tied = tuple(f"line {number}" if mark == "x" else mark for mark in marks)
            rows.append(DrawnRow(segment.table, values, tied))
    return rows
