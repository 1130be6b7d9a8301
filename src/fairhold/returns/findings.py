"""Faults become findings: one line per table row at fault, with line, child and values as sent, in one fixed order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from fairhold.rulebook.domain import CompiledRule, Fault

HEADER: Final = ("rule", "severity", "table", "line", "child", "fields", "values", "message", "group")
OF_RETURN: Final = ("", 0, 0)  # the place of a fault of the return as a whole
FAULTY: Final = ("error", "unverified")


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
    """How to look a row up: the column of its child, its line, and a value as sent (blank when there is none)."""

    child: str
    line: Callable[[str, int], int]
    value: Callable[[str, int, str], str]


def findings(faults: Iterable[Fault], rules: Iterable[CompiledRule], rows: Rows) -> list[Finding]:
    """Every finding, sorted by rule, table, line and group. `faults` come in the order of their rules.

    Groups count from 1 within a rule, in the order of the tables and lines of their rows.
    """
    by_code = {rule.code: rule for rule in rules}
    found: list[Finding] = []
    for code, of_rule in groupby(faults, key=lambda fault: fault.code):
        placed = [sorted((table, rows.line(table, row), row) for table, row in fault.rows) for fault in of_rule]
        lines = [
            _finding(by_code[code], place, group, rows)
            for group, places in enumerate(sorted(placed), start=1)
            for place in places or [OF_RETURN]
        ]
        found += sorted(lines, key=lambda f: (f.table, f.line, f.group, f.row))
    return found


def _finding(rule: CompiledRule, place: tuple[str, int, int], group: int, rows: Rows) -> Finding:
    table, line, row = place
    fields = tuple(column for of_table, column in rule.fields if not table or of_table == table)
    return Finding(
        rule=rule.code,
        severity=rule.severity,
        table=table,
        line=line,
        child=rows.value(table, row, rows.child) if table else "",
        fields=fields,
        values=tuple(rows.value(table, row, column) for column in fields if table),
        message=rule.title,
        group=group,
        row=row,
    )
