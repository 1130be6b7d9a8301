"""Drawn examples of a document as tables: one for each table it draws, with what each row comes out as."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from fairhold.rulebook.domain import Document, DrawnRow
from fairhold.web.parts import Table


def examples(document: Document, outcome: Callable[[DrawnRow], str]) -> list[Table]:
    """The drawn rows, a table for each table drawn; `outcome` says in words what a row comes out as."""
    drawn = sorted((row for drawing in document.drawings for row in drawing.rows), key=lambda row: row.table)
    tables = []
    for table, group in groupby(drawn, key=lambda row: row.table):
        rows = list(group)
        heads = list(dict.fromkeys(column for row in rows for column in row.cells))
        cells = [[*(row.cells.get(column, "") for column in heads), outcome(row)] for row in rows]
        tables.append(Table(f"Examples: {table}", [*heads, "Comes out as"], cells, caption_size="s"))
    return tables
