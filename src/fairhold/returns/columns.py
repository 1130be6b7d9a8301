"""Run a return's rules over tables that are already in columns: from the store, or from files read elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from fairhold.returns import declared
from fairhold.returns.checking import Checked, check_tables
from fairhold.returns.files import CannotRun
from fairhold.returns.loading import Given
from fairhold.returns.reading import Inputs
from fairhold.returns.recognising import positions_of
from fairhold.returns.sheets import from_rows
from fairhold.rulebook.compiled import load
from fairhold.rulebook.domain import LAST, UK, Return

LINE = "line"


class Columns(Protocol):
    """What is asked of a table in columns; an Arrow table is one."""

    @property
    def column_names(self) -> list[str]:
        """The names of its columns."""

    def column(self, i: int) -> Any:
        """One column, with `to_pylist()`."""


def check_columns(name: str, year: int, la: str, tables: Mapping[str, Columns]) -> Checked:
    """Run every rule in force over tables by their official names; last year's are named `Episodes_last`.

    Columns have their official names, in any case; values are text as sent, or dates. A column `line` says where a row
    stood in its file, else rows count as the lines of a CSV file with a header would. Raises CannotRun for a table that
    the return does not have.
    """
    declaration = declared(name)
    known = {table.name: table for table in load(declaration).tables}
    inputs = Inputs(declaration)
    for table, columns in tables.items():
        of = known.get(table.removesuffix(LAST))
        if of is None:
            raise CannotRun(f"{name} has no table {table}; use its official name.")
        header = [each for each in columns.column_names if each.lower() != LINE]
        values = {
            each: columns.column(i).to_pylist() for i, each in enumerate(columns.column_names) if each.lower() != LINE
        }
        cells = zip(*(values[each] for each in header), strict=True)
        rows = [[_text(value, declaration) for value in row] for row in cells]
        sheet = from_rows(table, header, rows, _lines(columns, len(rows)))
        inputs.given[table] = Given(sheet, positions_of(of, header), declaration.dates)
    return check_tables(name, year, la, inputs)


def _lines(columns: Columns, rows: int) -> Sequence[int]:
    names = [name.lower() for name in columns.column_names]
    if LINE in names:
        lines: list[int] = columns.column(names.index(LINE)).to_pylist()
        return lines
    return range(2, rows + 2)


def _text(value: object, of: Return) -> str:
    """A value as a file of the return writes it."""
    if value is None:
        return ""
    if not isinstance(value, date):
        return str(value)
    return value.strftime("%d/%m/%Y") if of.dates[0] == UK else value.isoformat()
