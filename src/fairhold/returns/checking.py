"""Check the files of a return against its rules: read, load, run, and say what was found and what was not run."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from fairhold.returns import MODULES, declared
from fairhold.returns.files import CannotRun, SetAside
from fairhold.returns.findings import FAULTY, Finding, Rows, findings
from fairhold.returns.loading import Given, load
from fairhold.returns.reading import Inputs, ReadXml
from fairhold.returns.workbench import cores, open_bench
from fairhold.rulebook.compiled import load as load_rules
from fairhold.rulebook.domain import LAST, Outcome, RuleSet
from fairhold.rulebook.running import Context, Supplied, run, runnable, wanted


@dataclass
class Checked:
    """What a check gave. `given` are the tables with their rows as sent; `seconds` is wall time."""

    name: str
    year: int
    la: str
    rules: RuleSet
    given: dict[str, Given]
    outcome: Outcome
    findings: list[Finding]
    rows: dict[str, int]
    set_aside: list[SetAside]
    extra_columns: dict[str, list[str]]
    seconds: float = 0.0

    @property
    def child(self) -> str:
        """The column that names the child."""
        return declared(self.name).child

    @property
    def faulty(self) -> bool:
        """Whether some finding counts as an error."""
        return any(finding.severity in FAULTY for finding in self.findings)

    def summary(self) -> dict[str, Any]:
        """The summary as the contract has it; a finding that ties several rows counts once."""
        faults = Counter(fault.code for fault in self.outcome.faults)
        return {
            "return": self.name,
            "year": self.year,
            "la": self.la,
            "rules_run": self.outcome.ran,
            "rules_not_run": self.outcome.not_run,
            "findings": dict(sorted(faults.items())),
            "rows": self.rows,
            "set_aside": [vars(item) for item in self.set_aside],
            "extra_columns": self.extra_columns,
            "seconds": round(self.seconds, 3),
        }


class Module(Protocol):
    """What a return's module offers beside its declaration RETURN."""

    read_xml: ReadXml

    def supplied(self, given: Supplied) -> dict[str, frozenset[str]]:
        """What was given, with the columns that can be worked out from it."""

    def needs(self, given: Supplied) -> dict[str, set[str]]:
        """Columns to load beyond those rules read."""

    def derive(self, con: Any, given: Supplied, wanted: Mapping[str, set[str]]) -> dict[str, str]:
        """Fill derived columns that rules want; returns table to column."""


def check(name: str, year: int, la: str, paths: list[Path], *, previous: list[Path]) -> Checked:
    """Run every rule of the return that is in force in `year` over files of this year and, where given, of last year.

    Raises CannotRun with one sentence when there is nothing to check.
    """
    began = time.perf_counter()
    rules, module = _prepare(name, year)
    inputs = Inputs(declared(name))
    inputs.read(paths, rules.tables, module.read_xml)
    inputs.read(previous, rules.tables, module.read_xml, LAST)
    if not inputs.has_this_year():
        left = inputs.set_aside[0] if inputs.set_aside else None
        why = f": {left.file} {left.reason}" if left else ""
        raise CannotRun(f"No table of {name} was found in what was given{why}; check the paths.")
    checked = _check(rules, module, year, la, inputs)
    checked.seconds = time.perf_counter() - began
    return checked


def _prepare(name: str, year: int) -> tuple[RuleSet, Module]:
    rules = load_rules(declared(name)).year(year)
    if not rules.rules:
        raise CannotRun(f"No rule of {name} is in force in {year}; check the year.")
    module: Module = import_module(MODULES[name])
    return rules, module


def check_tables(name: str, year: int, la: str, inputs: Inputs) -> Checked:
    """Run the rules over tables that were already taken in, from files or from a store."""
    rules, module = _prepare(name, year)
    return _check(rules, module, year, la, inputs)


def _check(rules: RuleSet, module: Module, year: int, la: str, inputs: Inputs) -> Checked:
    of, given = inputs.of, inputs.given
    supplied = {table: source.columns for table, source in given.items()}
    con = open_bench()
    try:
        can, reasons = runnable(rules, module.supplied(supplied))
        columns = wanted(can)
        loaded = {table: columns.get(table, set()) | module.needs(supplied).get(table, set()) for table in given}
        rows = load(con, rules.all_tables().values(), given, wanted=loaded, sent=rules.sent, threads=cores())
        derived = module.derive(con, supplied, columns)
        outcome = run(con, rules, can, reasons, Context(year, la, threads=cores()))
        worked_out = _worked_out(con, derived, outcome)
    finally:
        con.close()
    inputs.finish()
    lookup = Rows(
        child=of.child,
        line=lambda table, row: given[table].sheet.line(row),
        value=lambda table, row, column: worked_out.get((table, column, row)) or given[table].value(row, column),
    )
    extra = {table: list(source.recognised.extra) for table, source in given.items() if source.recognised.extra}
    return Checked(
        name=rules.name,
        year=year,
        la=la,
        rules=rules,
        given=given,
        outcome=outcome,
        findings=findings(outcome.faults, rules.rules, lookup),
        rows=dict(sorted(rows.items())),
        set_aside=inputs.set_aside,
        extra_columns=dict(sorted(extra.items())),
    )


def _worked_out(con: Any, derived: Mapping[str, str], outcome: Outcome) -> dict[tuple[str, str, int], str]:
    """The derived values of rows at fault, so that findings show them."""
    found = {}
    at_fault = {place for fault in outcome.faults for place in fault.rows}
    for table, column in derived.items():
        rows = [row for of_table, row in at_fault if of_table == table]
        if rows:
            values = con.execute(f'select row, "{column}" from "{table}" where list_contains(?, row)', [rows])
            found.update({(table, column, row): value or "" for row, value in values.fetchall()})
    return found
