"""Runs compiled rules over tables that lie in DuckDB. Every rule ends as run or as not run with its reason.

All conditions over one table are one scan; queries run side by side. What an engine says about a failure may quote
values, so only its kind is reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final

from fairhold.rulebook.beside import Job, side_by_side
from fairhold.rulebook.domain import LAST, CompiledRule, CompiledView, Fault, Outcome, RuleSet
from fairhold.rulebook.functions import BY_NAME, definitions

Supplied = Mapping[str, frozenset[str]]
WORKING_DAYS: Final = "working_days_between"
ON_DAY: Final = "on_day()"
CHECK: Final = "check whether many children have one number"
GIVEN_UP: Final = {
    "INTERRUPT Error": f"it took too long; {CHECK}",
    "Out of Memory Error": f"it needed too much memory; {CHECK}",
}
Place = tuple[tuple[str, int], ...]  # the rows of one fault
_CALL: Final = re.compile(r"\b([a-z_]+)\(")


@dataclass(frozen=True)
class Context:
    """What a run is about: the collection year, the authority's code, bank holidays as ISO dates, threads to use.

    `day` is the day as at which lists are checked, for returns that are made as at a day. A rule that takes longer than
    `patience` (seconds), or finds more faults than `most`, is given up: rows that should name a few thousand children
    name one, and would be tied to one another by the million.
    """

    year: int
    la: str
    holidays: tuple[str, ...] = ()
    threads: int = 2
    day: date | None = None
    patience: float = 20.0
    most: int = 1_000_000


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
    able = _prepare(con, rules, can, context, outcome)
    running = _Running(outcome, context.most)
    jobs = [*running.views(rules.views, {view for rule in able for view in rule.views}), *running.rules(able)]
    side_by_side(con, jobs, context.threads, context.patience)
    outcome.ran = sorted(code for code in running.found if code not in outcome.not_run)
    outcome.faults = [Fault(code, rows) for code in outcome.ran for rows in sorted(running.found[code])]
    outcome.not_run = dict(sorted(outcome.not_run.items()))
    return outcome


def ask(
    con: Any,
    rules: RuleSet,
    measures: Iterable[CompiledRule],
    context: Context,
    *,
    statement: Callable[[CompiledRule], str],
    also: Iterable[str] = (),
) -> dict[str, str]:
    """Execute `statement(measure)` for each measure, after its views and the views `also`, which get all their columns.

    Returns those that could not be answered, each with its reason.
    """
    outcome = Outcome()
    able = _prepare(con, rules, measures, context, outcome)
    running = _Running(outcome, context.most)
    used = {*also, *(name for measure in able for name in measure.views)}
    used |= {name for view in rules.views if view.name in used for name in view.uses}
    whole = [replace(view, columns=()) if view.name in set(also) else view for view in rules.views]
    jobs = running.views(whole, used)
    asked = (
        Job(partial(running.execute, measure, statement(measure)), after=(*also, *measure.views)) for measure in able
    )
    side_by_side(con, [*jobs, *asked], context.threads)
    return dict(sorted(outcome.not_run.items()))


def _prepare(
    con: Any, rules: RuleSet, can: Iterable[CompiledRule], context: Context, outcome: Outcome
) -> list[CompiledRule]:
    """Define the functions, and return the rules that can be run in this context; the others are noted."""
    able = list(can)
    if not context.holidays:  # working days counted without them would be wrong
        reason = "it counts working days, and no bank holidays were given"
        able = _leave_out(able, rules.views, WORKING_DAYS, reason, outcome)
    if context.day is None:
        able = _leave_out(able, rules.views, ON_DAY, "it needs the day of the lists, which was not given", outcome)
    con.execute(_functions(able, rules.views, context))
    return able


def _functions(rules: list[CompiledRule], views: Iterable[CompiledView], context: Context) -> str:
    texts = [rule.sql for rule in rules] + [view.sql for view in views]
    used = {name for text in texts for name in _CALL.findall(text) if name in BY_NAME}
    said = definitions("duckdb", used, year=context.year, la=context.la, holidays=context.holidays, day=context.day)
    return said or "select 1"


def _leave_out(
    rules: list[CompiledRule], views: Iterable[CompiledView], asked: str, reason: str, outcome: Outcome
) -> list[CompiledRule]:
    """The rules that do not ask for `asked`, in their own SQL or through a view; the others are noted as not run."""
    asking = {view.name for view in views if asked in view.sql}
    able = [rule for rule in rules if asked not in rule.sql and not asking & set(rule.views)]
    missed = {rule.code for rule in rules} - {rule.code for rule in able}
    outcome.not_run.update(dict.fromkeys(missed, reason))
    return able


def _kind(error: Exception) -> str:
    """The kind of an engine's error, without what it quotes."""
    kind = str(error).partition(":")[0].strip()
    if kind in GIVEN_UP:
        return GIVEN_UP[kind]
    return kind if re.fullmatch(r"[A-Za-z ]{1,40}", kind) else type(error).__name__


class _Running:
    """The jobs of one run: they fill `found` (rows of the faults by rule) and note in `outcome` what could not run."""

    def __init__(self, outcome: Outcome, most: int) -> None:
        self.outcome, self.most = outcome, most
        self.found: dict[str, set[Place]] = {}
        self.broken: dict[str, str] = {}

    def views(self, views: Iterable[CompiledView], used: set[str]) -> list[Job]:
        """Make the views in use, each after those it uses."""
        todo, ordered = [view for view in views if view.name in used], []
        while todo:
            waiting = {view.name for view in todo}
            ordered += [view for view in todo if not waiting & set(view.uses)]
            todo = [view for view in todo if view not in ordered]
        return [Job(partial(self._make_view, view), view.name, view.uses) for view in ordered]

    def _make_view(self, view: CompiledView, con: Any) -> None:
        reason = self._reason(view.uses)
        if reason is None:
            try:
                con.execute(view.making())
                return
            except Exception as error:  # whatever the engine says, the rules that use it are not run
                reason = f"the view {view.name} could not be made ({_kind(error)})"
        self.broken[view.name] = reason

    def _reason(self, views: Iterable[str]) -> str | None:
        return next((self.broken[view] for view in views if view in self.broken), None)

    def rules(self, rules: Iterable[CompiledRule]) -> list[Job]:
        """All conditions over one table that need no view in one job, and each other rule in its own."""
        scans: dict[str, list[CompiledRule]] = {}
        alone = []
        for rule in rules:
            self.found[rule.code] = set()
            if rule.table and not rule.views:
                scans.setdefault(rule.table, []).append(rule)
            else:
                alone.append(rule)
        alone.sort(key=lambda rule: bool(rule.views))
        jobs = [Job(partial(self._scan, table, of_table)) for table, of_table in scans.items()]
        return jobs + [Job(partial(self._query, rule), after=rule.views) for rule in alone]

    def _scan(self, table: str, rules: list[CompiledRule], con: Any) -> None:
        columns = ", ".join(f"({rule.sql}) as c{i}" for i, rule in enumerate(rules))
        lists = ", ".join(f'list("row") filter (c{i})' for i in range(len(rules)))
        try:
            hits = con.execute(f'select {lists} from (select "row", {columns} from "{table}")').fetchone()
        except Exception:  # one of them is broken: each runs for itself, and says so if it is the one
            for rule in rules:
                self._query(rule, con)
            return
        for rule, rows in zip(rules, hits, strict=True):
            self.found[rule.code].update(((table, row),) for row in rows or ())

    def execute(self, rule: CompiledRule, statement: str, con: Any) -> None:
        """Execute a statement made of a rule's query, or note why it could not be."""
        reason = self._reason(rule.views)
        if reason is None:
            try:
                con.execute(statement)
                return
            except Exception as error:
                reason = f"its query could not run ({_kind(error)})"
        self.outcome.not_run[rule.code] = reason

    def _query(self, rule: CompiledRule, con: Any) -> None:
        sql = f'select "row" from "{rule.table}" where {rule.sql}' if rule.table else rule.sql
        outputs = (rule.table,) if rule.table else rule.outputs
        reason = self._reason(rule.views)
        if reason is None:
            try:
                results = con.execute(sql).fetchmany(self.most + 1)
                if len(results) <= self.most:
                    self.found[rule.code].update(_places(outputs, results))
                    return
                reason = f"it found more than {self.most:,} faults; {CHECK}"
            except Exception as error:
                reason = f"its {'condition' if rule.table else 'query'} could not run ({_kind(error)})"
        self.outcome.not_run[rule.code] = reason


def _places(outputs: tuple[str, ...], results: Iterable[tuple[Any, ...]]) -> Iterator[Place]:
    """The rows that each line of a result ties together. A column holds a row number, a list of them, or nothing."""
    if not outputs:  # a rule about the whole return
        yield from (() for _ in results)
        return
    for result in results:
        rows: set[tuple[str, int]] = set()
        for table, value in zip(outputs, result, strict=True):
            if isinstance(value, list):
                rows.update((table, row) for row in value if row is not None)
            elif value is not None:
                rows.add((table, value))
        if rows:
            yield tuple(sorted(rows))
