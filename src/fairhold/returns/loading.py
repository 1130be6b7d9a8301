"""Recognised sheets become typed tables in the columns engine: text in capitals, dates strict, blanks empty.

Every declared table is made, so shared views always find theirs; tables that were not given are empty, and columns
that no rule reads stay empty. Which rules may run is decided from what was given, never from what was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fairhold.returns.recognising import Recognised
from fairhold.returns.sheets import TextSheet
from fairhold.rulebook.beside import Job, side_by_side
from fairhold.rulebook.domain import DATE, ISO, UK, Column, Table
from fairhold.rulebook.functions import SENT_SUFFIX

# How a text becomes a date, by the form in which it is written; anything else is no date.
DATES: Final = {
    UK: "when regexp_full_match({0}, '[0-9]{{2}}/[0-9]{{2}}/[0-9]{{4}}') then try_strptime({0}, '%d/%m/%Y')::date",
    ISO: "when regexp_full_match({0}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(T.*|Z)?') then try_cast(left({0}, 10) as date)",
}


@dataclass(frozen=True)
class Given:
    """One table as it was given: its rows, where the declared columns stand in them, and how dates are written."""

    sheet: TextSheet
    recognised: Recognised
    dates: tuple[str, ...] = (UK,)

    @property
    def columns(self) -> frozenset[str]:
        """The declared columns that were given."""
        return frozenset(self.recognised.positions)

    def value(self, row: int, column: str) -> str:
        """A value as sent; blank when the column was not given."""
        position = self.recognised.positions.get(column)
        return "" if position is None else self.sheet.cell(row, position)


def load(
    con: Any,
    tables: Iterable[Table],
    given: Mapping[str, Given],
    *,
    wanted: Mapping[str, set[str]],
    sent: Iterable[tuple[str, str]],
    threads: int = 2,
) -> dict[str, int]:
    """Make every table; returns how many rows each given one holds. `wanted` are the columns to fill, `sent` the date
    columns whose text is kept beside them."""
    texts = set(sent)
    counts: dict[str, int] = {}
    empty: list[str] = []
    jobs: list[tuple[int, Job]] = []
    for table in tables:
        columns = [(column, (table.name, column.name) in texts) for column in table.columns]
        source = given.get(table.name)
        sql = _make(table.name, columns, source, wanted.get(table.name, set()))
        if source is None:
            empty.append(sql)
        else:
            jobs.append(_job(table.name, sql, source, counts))
    con.execute(";".join(empty) or "select 1")
    jobs.sort(key=lambda sized: -sized[0])
    side_by_side(con, [job for _, job in jobs], threads)
    return counts


def _job(table: str, sql: str, source: Given, counts: dict[str, int]) -> tuple[int, Job]:
    """A job that fills one table, with its size, so that the largest is begun first."""

    def fill(con: Any) -> None:
        counts[table] = con.execute(sql, [source.sheet.body()]).fetchone()[0]
        if counts[table] != len(source.sheet.records):
            source.sheet.find_wrong()

    return len(source.sheet.records), Job(fill)


def _make(table: str, columns: list[tuple[Column, bool]], source: Given | None, filled: set[str]) -> str:
    fields = ["row"]
    for column, keep_text in columns:
        position = source.recognised.positions.get(column.name) if source and column.name in filled else None
        cell = None if position is None else f"c[{position + 1}]"
        fields.append(f'{_typed(column, cell, source.dates if source else ())} as "{column.name}"')
        if keep_text:
            fields.append(f'{_text(cell)} as "{column.name}{SENT_SUFFIX}"')
    return f'create table "{table}" as select {", ".join(fields)} from ({_rows(source)})'


def _rows(source: Given | None) -> str:
    """Rows numbered from 1, each a list of cells; lines with another number of cells than the header are left out."""
    if source is None:
        return "select 0 as row where false"
    record, cell = _literal(source.sheet.record_mark), _literal(source.sheet.cell_mark)
    lines = f"select unnest(l) as x, unnest(range(1, len(l) + 1)) as row from (select string_split(?, {record}) as l)"
    cells = f"select row, string_split(x, {cell}) as c from ({lines}) where x <> ''"
    return f"select row, c from ({cells}) where len(c) = {len(source.sheet.header)}"


def _literal(mark: str) -> str:
    return f"chr({ord(mark)})"


def _text(cell: str | None) -> str:
    return "null::varchar" if cell is None else f"nullif(upper({cell}), '')"


def _typed(column: Column, cell: str | None, dates: Iterable[str]) -> str:
    if column.type != DATE:
        return _text(cell)
    if cell is None:
        return "null::date"
    return f"case {' '.join(DATES[form].format(cell) for form in dates)} end"
