"""Drawn examples run as tests: each page proves its own SQL, and says where its examples are too thin."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from fairhold.rulebook.domain import (
    DATE,
    MEASURE,
    RETURN,
    ROW,
    TEXT,
    CompiledRule,
    Document,
    Drawing,
    DrawnRow,
    RuleSet,
    Table,
)
from fairhold.rulebook.functions import BY_NAME, SENT_SUFFIX, definitions
from fairhold.rulebook.running import Context, ask, run

AUTHORITY: Final = "E09000031"
# Drawn examples count working days with these bank holidays and no others, whatever list a check is given.
HOLIDAYS: Final = (
    "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28",
    "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31", "2027-08-30", "2027-12-27", "2027-12-28",
)  # fmt: skip
_SENT_DATE: Final = re.compile(r"(\d\d)/(\d\d)/(\d{4})")
ON_DAY: Final = "-11-23"  # of their year: the day as at which drawn examples of lists are checked
LAST_DAY: Final = "-03-31"  # and the one up to which those of measures are counted
COUNTED_AS: Final = ("met", "amount", "category")  # the column of a measure's query that says what a row comes out as
Faults = frozenset[frozenset[tuple[str, int]]]


def check_rule(con: Any, rules: RuleSet, document: Document) -> list[str]:
    """Run a rule's drawn examples in a DuckDB connection of their own; a sentence for each that comes out otherwise."""
    rule = next(r for r in rules.rules if (r.code, r.first) == (document.code, document.first))
    complaints = []
    for number, drawing in enumerate(document.drawings, start=1):
        _lay_out(con, rules, drawing, {*rule.reads, *rule.optional})
        year = rules.year(document.examples)
        outcome = run(con, year, [rule], {}, context(document.examples))
        if outcome.not_run:
            complaints.append(f"{document.path.name}: example {number} was not run: {outcome.not_run[rule.code]}.")
            continue
        found = frozenset(frozenset(fault.rows) for fault in outcome.faults)
        complaints += _differences(document, number, drawn_faults(drawing, document.level), found)
    return complaints


def check_view(con: Any, rules: RuleSet, document: Document, day: str = ON_DAY) -> list[str]:
    """Run a shared view's drawn examples; a sentence for each whose rows come out otherwise than drawn.

    `day` is the day of their year as at which they are run: LAST_DAY for views of measures.
    """
    complaints = []
    known = rules.all_tables()
    for number, drawing in enumerate(document.drawings, start=1):
        _lay_out(con, rules, drawing, set(known))
        of = context(document.examples, day)
        con.execute(definitions("duckdb", BY_NAME, year=of.year, la=of.la, holidays=of.holidays, day=of.day))
        for view in rules.year(document.examples).views:
            con.execute(f'create or replace table "{view.name}" as {view.sql}')
        columns = drawing.columns.get(document.code, ())
        listed = ", ".join(f'"{name}"' for name in columns)
        found = con.execute(f'select {listed} from "{document.code}"').fetchall()
        wanted = [tuple(r.cells.get(c, "") for c in columns) for r in drawing.rows if r.table == document.code]
        shown = sorted(tuple("" if value is None else str(value) for value in row) for row in found)
        if shown != sorted(wanted):
            complaints.append(f"{document.path.name}: example {number} gives {shown}, drawn are {sorted(wanted)}.")
    return complaints


def check_measure(con: Any, rules: RuleSet, document: Document) -> list[str]:
    """Count a measure's drawn examples, to the last day of their year; a sentence for each that comes out otherwise."""
    measure = next(m for m in rules.rules if (m.code, m.first) == (document.code, document.first))
    table, of = document.told["counts"], context(document.examples, LAST_DAY)
    complaints = []
    for number, drawing in enumerate(document.drawings, start=1):
        _lay_out(con, rules, drawing, {*measure.reads, *measure.optional, table})
        refused = ask(con, rules.year(document.examples), [measure], of, statement=_as_table)
        if refused:
            complaints.append(f"{document.path.name}: example {number} was not run: {refused[measure.code]}.")
            continue
        said = next((f'"{name}"' for name in COUNTED_AS if name in measure.outputs), "true")
        rows = con.execute(f'select "{table}", {said} from counted').fetchall()
        found = sorted((int(row), _as_drawn(value)) for row, value in rows)
        drawn = sorted((n, mark) for row, n in _numbered(drawing) if row.table == table for mark in row.marks)
        if found != drawn:
            complaints.append(f"{document.path.name}: example {number} counts {found}, drawn are {drawn}.")
    return complaints


def _as_table(measure: CompiledRule) -> str:
    return f"create or replace table counted as select * from ({measure.sql})"


def _as_drawn(value: object) -> str:
    """How a drawing says what a row comes out as: yes or no for a condition, else the value itself."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "unknown" if value is None else str(value)


def context(year: int, day: str = ON_DAY) -> Context:
    """What drawn examples of a year are run with."""
    return Context(year, AUTHORITY, HOLIDAYS, day=date.fromisoformat(f"{year}{day}"))


def drawn_faults(drawing: Drawing, level: str = ROW) -> Faults:
    """The faults a drawing shows: for each mark the rows that carry it, rows numbered within their table.

    For a rule about the return as a whole any mark means that the return is at fault.
    """
    if level == RETURN:
        return frozenset({frozenset()} if any(row.marks for row in drawing.rows) else ())
    marked: dict[str, set[tuple[str, int]]] = {}
    for row, number in _numbered(drawing):
        for mark in row.marks:
            marked.setdefault(mark, set()).add((row.table, number))
    return frozenset(frozenset(rows) for rows in marked.values())


def weaknesses(rule: CompiledRule, document: Document) -> list[str]:
    """What a rule's examples do not show: a fault, a row without one, a blank in each field, a column read."""
    name = document.path.name
    rows = [row for drawing in document.drawings for row in drawing.rows]
    said = []
    if not any(row.marks for row in rows):
        said.append(f"{name}: no example shows a fault.")
    at_fault = {row.table for row in rows if row.marks}
    if document.level == RETURN:
        if all(drawn_faults(drawing, RETURN) for drawing in document.drawings):
            said.append(f"{name}: no example shows a return without a fault.")
    elif not any(not row.marks for row in rows if row.table in at_fault):
        said.append(f"{name}: no example shows a row without a fault.")
    for table, column in document.fields:
        if not any(r.table == table and column in _drawn(document, table) and column not in r.cells for r in rows):
            said.append(f"{name}: no example shows {table}.{column} blank.")
    for table, columns in rule.reads.items():
        missing = [column for column in columns if column not in _drawn(document, table)]
        if missing:
            said.append(f"{name}: reads {', '.join(missing)} of {table}, which no example draws.")
    return said


def _drawn(document: Document, table: str) -> set[str]:
    return {column for drawing in document.drawings for column in drawing.columns.get(table, ())}


def _numbered(drawing: Drawing) -> list[tuple[DrawnRow, int]]:
    counts: dict[str, int] = {}
    numbered = []
    for row in drawing.rows:
        counts[row.table] = counts.get(row.table, 0) + 1
        numbered.append((row, counts[row.table]))
    return numbered


def _differences(document: Document, number: int, drawn: Faults, found: Faults) -> list[str]:
    said = []
    sides = {"draws a fault that is not found": drawn - found, "finds a fault not drawn": found - drawn}
    for words, faults in sides.items():
        said += [f"{document.path.name}: example {number} {words}: {sorted(rows)}." for rows in faults]
    return sorted(said)


def _lay_out(con: Any, rules: RuleSet, drawing: Drawing, tables: set[str]) -> None:
    """Make the tables and fill in the drawn rows. Names that are no table (`Table.COLUMN`) are passed over."""
    known = rules.all_tables()
    tables = tables & known.keys()
    sent = set(rules.sent)
    filled: dict[str, list[str]] = {}
    for row, number in _numbered(drawing):
        if row.table in tables:
            filled.setdefault(row.table, []).append(_values(known[row.table], row.cells, number, sent))
    for name in sorted(tables):
        con.execute(f'create or replace table "{name}" ({_columns(known[name], sent)})')
        if name in filled:
            con.execute(f'insert into "{name}" values {", ".join(filled[name])}')


def _columns(table: Table, sent: set[tuple[str, str]]) -> str:
    columns = ["row integer"]
    for column in table.columns:
        columns.append(f'"{column.name}" {"varchar" if column.type == TEXT else column.type}')
        if (table.name, column.name) in sent:
            columns.append(f'"{column.name}{SENT_SUFFIX}" varchar')
    return ", ".join(columns)


def _values(table: Table, cells: Mapping[str, str], number: int, sent: set[tuple[str, str]]) -> str:
    """A drawn row as SQL values, in the order of `_columns`."""
    drawn = {}
    for name, text in cells.items():
        column = table.column(name)
        if column is None:
            raise ValueError(f"{table.name} has no column {name}")
        drawn[column.name] = text
    values = [str(number)]
    for column in table.columns:
        shown = drawn.get(column.name)
        day = _day(shown) if shown is not None and column.type == DATE else None
        values.append(_literal(day if column.type == DATE else shown and shown.upper()))
        if (table.name, column.name) in sent:
            values.append(_literal(shown and shown.upper()))
    return f"({', '.join(values)})"


def _literal(value: str | None) -> str:
    return "null" if value is None else "'" + value.replace("'", "''") + "'"


def _day(text: str) -> str | None:
    """A drawn date: ISO as drawings write it, or dd/mm/yyyy as files do; anything else is no date."""
    sent = _SENT_DATE.fullmatch(text)
    try:
        return date.fromisoformat("-".join(reversed(sent.groups())) if sent else text).isoformat()
    except ValueError:
        return None


def clear(con: Any) -> None:
    """Drop every table, so that another page finds only its own."""
    tables = con.execute("show tables").fetchall()
    con.execute("".join(f'drop table "{table}";' for (table,) in tables) or "select 1")


def failures(con: Any, rules: RuleSet, documents: Sequence[Document], day: str = ON_DAY) -> list[str]:
    """Every complaint about the examples of these pages; `day` as in `check_view`."""
    said = []
    for document in documents:
        if document.is_view:
            said += check_view(con, rules, document, day)
        else:
            said += (check_measure if document.level == MEASURE else check_rule)(con, rules, document)
    return said
