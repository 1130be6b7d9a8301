"""Runs compiled rules over tables that lie in DuckDB. Every rule ends as run or as not run with its reason.

All conditions over one table are one scan; queries run side by side. What an engine says about a failure may quote
values, so only its kind is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fairhold.rulebook.beside import Job, side_by_side
from fairhold.rulebook.domain import LAST, CompiledRule, CompiledView, Fault, Outcome, RuleSet
from fairhold.rulebook.functions import BY_NAME, definitions

Supplied = Mapping[str, frozenset[str]]
WORKING_DAYS: Final = "working_days_between"
_CALL: Final = re.compile(r"\b([a-z_]+)\(")


@dataclass(frozen=True)
class Context:
    """What a run is about: the collection year, the authority's code, bank holidays as ISO dates, threads to use."""

    year: int
    la: str
    holidays: tuple[str, ...] = ()
    threads: int = 2


def runnable(rules: RuleSet, supplied: Supplied) -> tuple[list[CompiledRule], dict[str, str]]:
    """Rules whose tables and columns are all there, and for the others the reason why they cannot run."""
    tables = rules.all_tables()
    derived = {(t.name, c.name): c.derived for t in tables.values() for c in t.columns if c.derived}
    can, reasons = [], {}
    for rule in rules.rules:
        reason = _missing(rule, supplied, derived)
        if reason:
            reasons[rule.code] = reason
        else:
            can.append(rule)
    return can, reasons


def _missing(rule: CompiledRule, supplied: Supplied, derived: Mapping[tuple[str, str], str]) -> str:
    for table, columns in rule.reads.items():
        if table not in supplied:
            if table in rule.optional:
                continue
            if table.endswith(LAST):
                return f"last year's {table.removesuffix(LAST)} was not given"
            return f"the table {table} was not given"
        for column in columns:
            if column not in supplied[table] and f"{table}.{column}" not in rule.optional:
                source = derived.get((table, column))
                if source:
                    return f"{column} of {table} is worked out from {source}, which was not given"
                return f"{table} has no column {column}"
    return ""


def wanted(rules: Iterable[CompiledRule]) -> dict[str, set[str]]:
    """The columns that these rules read, by table."""
    found: dict[str, set[str]] = {}
    for rule in rules:
        for table, columns in rule.reads.items():
            found.setdefault(table, set()).update(columns)
    return found


def run(con: Any, rules: RuleSet, can: Iterable[CompiledRule], reasons: Mapping[str, str], context: Context) -> Outcome:
    """Run the rules `can` over a DuckDB connection in which every table of `rules` exists, and add those in `reasons`.

    Views and functions are made in the connection's database.
    """
    outcome = Outcome(not_run=dict(reasons))
    able = _leave_out_without_holidays(list(can), rules.views, context, outcome)
    con.execute(_functions(able, rules.views, context))
    broken = _make_views(con, rules.views, {view for rule in able for view in rule.views}, context.threads)
    able = _leave_out(able, broken, outcome)
    found: dict[str, set[Fault]] = {rule.code: set() for rule in able}
    jobs = [*_scans(able, found, outcome), *_queries(able, found, outcome)]
    side_by_side(con, jobs, context.threads)
    outcome.ran = sorted(code for code in found if code not in outcome.not_run)
    outcome.faults = sorted(
        (f for code in outcome.ran for f in found[code]), key=lambda fault: (fault.code, fault.rows)
    )
    outcome.not_run = dict(sorted(outcome.not_run.items()))
    return outcome


def _functions(rules: list[CompiledRule], views: Iterable[CompiledView], context: Context) -> str:
    texts = [rule.sql for rule in rules] + [view.sql for view in views]
    used = {name for text in texts for name in _CALL.findall(text) if name in BY_NAME}
    return definitions("duckdb", used, year=context.year, la=context.la, holidays=context.holidays) or "select 1"


def _leave_out_without_holidays(
    rules: list[CompiledRule], views: Iterable[CompiledView], context: Context, outcome: Outcome
) -> list[CompiledRule]:
    """Working days counted without the bank holidays would be wrong, so rules that count them are not run."""
    if context.holidays:
        return rules
    counting = {view.name for view in views if WORKING_DAYS in view.sql}
    able = [rule for rule in rules if WORKING_DAYS not in rule.sql and not counting & set(rule.views)]
    missed = {rule.code for rule in rules} - {rule.code for rule in able}
    outcome.not_run.update(dict.fromkeys(missed, "it counts working days, and no bank holidays were given"))
    return able


def _kind(error: Exception) -> str:
    """The kind of an engine's error, without what it quotes."""
    kind = str(error).partition(":")[0].strip()
    return kind if re.fullmatch(r"[A-Za-z ]{1,40}", kind) else type(error).__name__


def _make_views(con: Any, views: Iterable[CompiledView], used: set[str], threads: int) -> dict[str, str]:
    """Make the views in use, each after those it uses; returns the reasons of those that cannot be made."""
    todo = [view for view in views if view.name in used]
    broken: dict[str, str] = {}
    while todo:
        waiting = {view.name for view in todo}
        ready = [view for view in todo if not waiting & set(view.uses)]
        side_by_side(con, [_view_job(view, broken) for view in ready], threads)
        todo = [view for view in todo if view not in ready]
    return broken


def _view_job(view: CompiledView, broken: dict[str, str]) -> Job:
    def job(con: Any) -> None:
        failed = next((broken[name] for name in view.uses if name in broken), None)
        if failed is None:
            try:
                con.execute(f'create or replace table "{view.name}" as {view.sql}')
                return
            except Exception as error:  # whatever the engine says, the rules that use it are not run
                failed = f"the view {view.name} could not be made ({_kind(error)})"
        broken[view.name] = failed

    return job


def _leave_out(rules: list[CompiledRule], broken: Mapping[str, str], outcome: Outcome) -> list[CompiledRule]:
    able = []
    for rule in rules:
        reason = next((broken[view] for view in rule.views if view in broken), None)
        if reason:
            outcome.not_run[rule.code] = reason
        else:
            able.append(rule)
    return able


def _scans(rules: list[CompiledRule], found: dict[str, set[Fault]], outcome: Outcome) -> list[Job]:
    tables: dict[str, list[CompiledRule]] = {}
    for rule in rules:
        if rule.table:
            tables.setdefault(rule.table, []).append(rule)
    return [_scan_job(table, of_table, found, outcome) for table, of_table in tables.items()]


def _scan_job(table: str, rules: list[CompiledRule], found: dict[str, set[Fault]], outcome: Outcome) -> Job:
    def job(con: Any) -> None:
        try:
            hits = _scan(con, table, rules)
        except Exception as error:
            if len(rules) == 1:
                outcome.not_run[rules[0].code] = f"its condition could not run ({_kind(error)})"
                return
            for rule in rules:  # one of them is broken: find out which
                _scan_job(table, [rule], found, outcome)(con)
            return
        for row, *flags in hits:
            for rule, flag in zip(rules, flags, strict=True):
                if flag:
                    found[rule.code].add(Fault(rule.code, ((table, row),)))

    return job


def _scan(con: Any, table: str, rules: list[CompiledRule]) -> list[tuple[Any, ...]]:
    columns = ", ".join(f"({rule.sql}) as c{i}" for i, rule in enumerate(rules))
    any_of = " or ".join(f"c{i}" for i in range(len(rules)))
    sql = f'select * from (select "row", {columns} from "{table}") where {any_of}'
    rows: list[tuple[Any, ...]] = con.execute(sql).fetchall()
    return rows


def _queries(rules: list[CompiledRule], found: dict[str, set[Fault]], outcome: Outcome) -> list[Job]:
    def make(rule: CompiledRule) -> Job:
        def job(con: Any) -> None:
            try:
                for result in con.execute(rule.sql).fetchall():
                    found[rule.code].add(Fault(rule.code, _rows(rule.outputs, result) if rule.outputs else ()))
            except Exception as error:
                found[rule.code].clear()
                outcome.not_run[rule.code] = f"its query could not run ({_kind(error)})"

        return job

    return [make(rule) for rule in rules if not rule.table]


def _rows(outputs: tuple[str, ...], result: tuple[Any, ...]) -> tuple[tuple[str, int], ...]:
    """The rows one line of a result ties together. A column holds a row number, a list of them, or nothing."""
    rows: set[tuple[str, int]] = set()
    for table, value in zip(outputs, result, strict=True):
        if isinstance(value, list):
            rows.update((table, row) for row in value if row is not None)
        elif value is not None:
            rows.add((table, value))
    return tuple(sorted(rows))
