"""What of a check its reader may not see: rows of restricted children, and the postcodes of protected addresses.

The rules run over every row that was sent, or the check would be wrong; only what is shown and taken away is less.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from fairhold import catalogue
from fairhold.returns.checking import Checked
from fairhold.returns.findings import Finding
from fairhold.returns.loading import Given

WITHHELD: Final = "withheld"


@dataclass(frozen=True)
class Sight:
    """The child numbers a purpose may see, and of these the ones whose address it may not. Unknown means no."""

    seen: frozenset[str]
    masked: frozenset[str]


@cache
def address_columns() -> frozenset[tuple[str, str]]:
    """(table, column) of the returns whose values only tables of protected contacts hold."""
    protected: set[tuple[str, str]] = set()
    others: set[tuple[str, str]] = set()
    for table in catalogue.tables():
        kind = protected if table.klass == "protected contact" else others
        kind |= {(table.ssda903, field.ssda903) for field in table.fields if field.ssda903}
    return frozenset(protected - others)


def children(checked: Checked) -> set[str]:
    """Every child number in the tables that were checked."""
    found: set[str] = set()
    for given in checked.given.values():
        at = given.recognised.positions.get(checked.child)
        if at is not None:
            found |= {cells[at].strip() for _, cells in given.sheet.rows()}
    return found - {""}


def of_children(checked: Checked) -> set[str]:
    """The tables whose rows are about children; the others, such as a header, anybody may see whole."""
    return {table for table, given in checked.given.items() if given.recognised.table.column(checked.child) is not None}


def shown(checked: Checked, sight: Sight) -> Checked:
    """The check with only the rows and values that may be seen; counts of rules and rows stay those of all."""
    about = of_children(checked)
    return replace(
        checked,
        given={
            table: _given(table, given, checked.child, sight) if table in about else given
            for table, given in checked.given.items()
        },
        findings=[
            finding(one, sight) for one in checked.findings if one.table not in about or one.child.strip() in sight.seen
        ],
    )


def finding(found: Finding, sight: Sight) -> Finding:
    """A finding without a protected address."""
    return found._replace(values=values(found.table, found.child, found.fields, found.values, sight))


def values(table: str, child: str, fields: tuple[str, ...], given: tuple[str, ...], sight: Sight) -> tuple[str, ...]:
    """The values at fault, those of a protected address withheld."""
    if child.strip() not in sight.masked:
        return given
    return tuple(
        WITHHELD if value and (table, name) in address_columns() else value
        for name, value in zip(fields, given, strict=bool(given))
    )


def _given(table: str, given: Given, child_column: str, sight: Sight) -> Given:
    """The sheet with every row in its place: one that may not be seen is left blank, and so is no row."""
    positions = given.recognised.positions
    at = positions.get(child_column)
    hidden = [position for name, position in positions.items() if (table, name) in address_columns()]
    records = [""] * len(given.sheet.records)
    for row, cells in given.sheet.rows():
        child = "" if at is None else cells[at].strip()
        if child not in sight.seen:
            continue
        for position in hidden if child in sight.masked else ():
            cells[position] = WITHHELD if cells[position] else ""
        records[row - 1] = given.sheet.cell_mark.join(cells)
    return replace(given, sheet=replace(given.sheet, records=records))
