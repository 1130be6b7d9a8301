"""Faults become findings: one line per table row at fault, with line, child and values as sent, in one fixed order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from fairhold.returns.loading import Given
from fairhold.rulebook.domain import CompiledRule, Fault

HEADER: Final = ("rule", "severity", "table", "line", "child", "fields", "values", "message", "group")
FAULTY: Final = ("error", "unverified")
OF_RETURN: Final = (("", 0, 0),)  # the place of a fault of the return as a whole
WorkedOut = Mapping[tuple[str, str], Mapping[int, str]]  # by table and column, then by row


class Finding(NamedTuple):
    """One table row of one fault. `values` stand beside `fields`; `row` is the row's number, for marking its cells.

    A fault of the return as a whole has fields, but no table, line, child or values.
    """

    rule: str
    severity: str
    table: str
    line: int
    child: str
    fields: tuple[str, ...]
    values: tuple[str, ...]
    message: str
    group: int
    row: int

    def cells(self) -> tuple[str, ...]:
        """The line of findings.csv."""
        lists = ";".join(self.fields), ";".join(self.values)
        line = str(self.line) if self.table else ""
        return (self.rule, self.severity, self.table, line, self.child, *lists, self.message, str(self.group))


@dataclass(frozen=True)
class Rows:
    """Where rows are looked up: the tables as sent, the column of their child, and values that were worked out."""

    given: Mapping[str, Given]
    child: str
    worked_out: WorkedOut

    def line(self, table: str) -> Callable[[int], int]:
        """What gives the physical line of a row."""
        return self.given[table].sheet.line

    def reader(self, table: str, fields: tuple[str, ...]) -> Callable[[int], tuple[str, tuple[str, ...]]]:
        """What gives a row's child and its values of some columns, as sent; blank when there is none."""
        sheet, positions = self.given[table].sheet, self.given[table].recognised.positions
        records, mark, none = sheet.records, sheet.cell_mark, len(sheet.header)
        child_at = positions.get(self.child, none)
        places = [positions.get(name, none) for name in fields]
        worked_out = [
            (i, self.worked_out[table, name]) for i, name in enumerate(fields) if (table, name) in self.worked_out
        ]

        def read(row: int) -> tuple[str, tuple[str, ...]]:
            cells = records[row - 1].split(mark)
            cells.append("")  # stands where no column was given
            values = [cells[at] for at in places]
            for i, of_row in worked_out:
                values[i] = of_row.get(row) or values[i]
            return cells[child_at], tuple(values)

        return read


def findings(faults: Iterable[Fault], rules: Iterable[CompiledRule], rows: Rows) -> list[Finding]:
    """Every finding, sorted by rule, table, line and group. `faults` come in the order of their rules.

    Groups count from 1 within a rule, in the order of the tables and lines of their rows.
    """
    by_code = {rule.code: rule for rule in rules}
    line = {table: rows.line(table) for table in rows.given}
    found: list[Finding] = []
    for code, of_rule in groupby(faults, key=itemgetter(0)):
        groups = sorted(
            sorted([(table, line[table](row), row) for table, row in places]) if places else OF_RETURN
            for _, places in of_rule
        )
        placed = [(table, at, n, row) for n, places in enumerate(groups, start=1) for table, at, row in places]
        placed.sort()
        found += _of_rule(by_code[code], placed, rows)
    return found


def _of_rule(rule: CompiledRule, placed: list[tuple[str, int, int, int]], rows: Rows) -> Iterator[Finding]:
    """The findings of one rule, from the table, line, group and number of its rows."""
    code, severity, title = rule.code, rule.severity, rule.title
    for table, of_table in groupby(placed, key=itemgetter(0)):
        fields = tuple(column for of, column in rule.fields if not table or of == table)
        read = rows.reader(table, fields) if table else lambda row: ("", ())
        for _, line, group, row in of_table:
            child, values = read(row)
            yield Finding(code, severity, table, line, child, fields, values, title, group, row)
