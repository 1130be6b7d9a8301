"""Check the files of a return against its rules: read, load, run, and say what was found and what was not run."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from fairhold.dates import holidays
from fairhold.returns import MODULES, declared
from fairhold.returns.files import CannotRun, SetAside
from fairhold.returns.findings import FAULTY, Finding, Rows, WorkedOut, findings
from fairhold.returns.loading import Given, load
from fairhold.returns.reading import Inputs, ReadXml
from fairhold.returns.reference.using import attach
from fairhold.returns.workbench import cores, open_engine, seal
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

    read_xml: ReadXml | None

    def supplied(self, given: Supplied) -> dict[str, frozenset[str]]:
        """What was given, reference data among it, with the columns that can be worked out from it."""

    def needs(self, given: Supplied) -> dict[str, set[str]]:
        """Columns to load beyond those rules read."""

    def derive(self, con: Any, given: Supplied, wanted: Mapping[str, set[str]], la: str) -> dict[str, set[str]]:
        """Fill derived columns that rules want; returns those filled, by table. `la` sends the return."""

    def doubts(self, con: Any, given: Mapping[str, Given], year: int, la: str) -> Iterable[SetAside]:
        """Signs that a table is not of the year or authority that was meant; it is used all the same."""


def check(
    name: str,
    year: int,
    la: str,
    paths: list[Path],
    *,
    previous: list[Path],
    reference: Sequence[Path] = (),
    day: date | None = None,
) -> Checked:
    """Run every rule of the return that is in force in `year` over files of this year and, where given, of last year.

    `reference` names reference data; what it does not hold is taken from the built file that every check uses. `day` is
    the day as at which the lists are checked, for a return that is made as at one.
    Raises CannotRun with one sentence when there is nothing to check.
    """
    began = time.perf_counter()
    rules, module = _prepare(name, year)
    inputs = Inputs(declared(name), reference, day)
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
    con = open_engine()
    try:
        used = attach(con, inputs.reference)
        seal(con)
        inputs.set_aside += used.aside
        supplied = used.tables | {table: source.columns for table, source in given.items()}
        can, reasons = runnable(rules, module.supplied(supplied))
        columns = wanted(can)
        loaded = {table: columns.get(table, set()) | module.needs(supplied).get(table, set()) for table in given}
        rows = load(con, rules.all_tables().values(), given, wanted=loaded, sent=rules.sent, threads=cores())
        derived = module.derive(con, supplied, columns, la)
        con.execute("set threads = 1")  # from here on jobs run side by side, each too small to be shared out
        most = max(100_000, 4 * sum(rows.values()))
        context = Context(year, la, holidays.known_in(year), threads=cores(), day=inputs.day, most=most)
        outcome = run(con, rules, can, reasons, context)
        inputs.set_aside += module.doubts(con, given, year, la)
        worked_out = _worked_out(con, derived, rules, outcome)
    finally:
        con.close()
    inputs.finish()
    extra = {table: list(source.recognised.extra) for table, source in given.items() if source.recognised.extra}
    return Checked(
        name=rules.name,
        year=year,
        la=la,
        rules=rules,
        given=given,
        outcome=outcome,
        findings=findings(outcome.faults, rules.rules, Rows(given, of.child, worked_out)),
        rows=dict(sorted(rows.items())),
        set_aside=inputs.set_aside,
        extra_columns=dict(sorted(extra.items())),
    )


def _worked_out(con: Any, derived: Mapping[str, set[str]], rules: RuleSet, outcome: Outcome) -> WorkedOut:
    """The derived values of rows at fault, so that findings show them."""
    found: dict[tuple[str, str], dict[int, str]] = {}
    shown = {field for rule in rules.rules for field in rule.fields}
    for table, columns in derived.items():
        names = sorted(column for column in columns if (table, column) in shown)
        rows = {row for fault in outcome.faults for of, row in fault.rows if of == table} if names else ()
        if rows:
            texts = ", ".join(f"coalesce(cast(\"{name}\" as varchar), '')" for name in names)
            sql = f'select "row", {texts} from "{table}" where "row" in (select unnest(?))'
            numbers, *values = zip(*con.execute(sql, [list(rows)]).fetchall(), strict=True)
            for name, of_name in zip(names, values, strict=True):
                found[table, name] = dict(zip(numbers, of_name, strict=True))
    return found
