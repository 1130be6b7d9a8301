"""Findings and tables of a run as Excel workbooks to take away, holding only what their maker may see."""

from __future__ import annotations

from collections.abc import Sequence

from fairhold import vault
from fairhold.access import Scope, verb
from fairhold.returns import declared, guarded
from fairhold.returns.checking import Checked
from fairhold.returns.findings import Finding
from fairhold.returns.output import render
from fairhold.returns.workspace import findings, runs, tables
from fairhold.returns.workspace.domain import PRODUCTION, RuleCount, Run
from fairhold.returns.workspace.seeing import sight
from fairhold.returns.workspace.selecting import Choice
from fairhold.returns.workspace.taking import keep, workbook
from fairhold.rulebook.compiled import load
from fairhold.rulebook.domain import Outcome

_FINDING = (
    *("rule", "severity", "what is wrong", "child", "table", "line", "fields", "values", "delivery"),
    *("state", "team", "social worker", "due", "explanation", "your answer"),
)


@verb("returns.export-findings")
def export_findings(scope: Scope, *, run: int, choice: Choice | None = None) -> bytes:
    """The findings meant as an Excel sheet to be worked through and sent back."""
    page = findings.look(scope, run=run, choice=choice)
    rows = [
        (
            *(one.rule, one.severity, one.title, one.child, one.table, one.line, "; ".join(one.fields)),
            *("; ".join(one.values), one.delivery, one.state.value, one.team, one.worker, one.due, one.words, ""),
        )
        for one in page.rows
    ]
    head = f"{page.run.name} {page.run.year}, run {page.run.id}"
    data = workbook(head, page.run.year, {"Findings": (_FINDING, rows)})
    scope.tell(run=run, rows=len(rows), file=keep(scope, data, "findings-workbook"))
    return data


@verb("returns.export-tables")
def export_tables(scope: Scope, *, run: int) -> bytes:
    """The checked tables as a workbook, a sheet each as sent, cells at fault coloured with the rule as a comment."""
    of = runs.find(scope, run)
    counts = runs.rules_of(scope, [run])[run]
    found = findings.look(scope, run=run)
    with scope.under(PRODUCTION):
        packed = tables.unpack(vault.open(scope, of.tables_file))
    checked = _as_checked(of, counts, found.rows, packed)
    may, subjects = sight(scope, [of], guarded.children(checked))
    data = render(guarded.shown(checked, may), "xlsx")
    scope.concerns(subjects)
    scope.tell(run=run, file=keep(scope, data, "findings-workbook"))
    return data


def _as_checked(
    run: Run, counts: list[RuleCount], shown: Sequence[findings.Shown], packed: dict[str, tables.Packed]
) -> Checked:
    """A run as the check gave it, with the findings that may be shown."""
    rules = load(declared(run.name)).year(run.year)
    return Checked(
        name=run.name,
        year=run.year,
        la=run.la,
        rules=rules,
        given=tables.as_given(packed, {table.name: table for table in rules.tables}),
        outcome=Outcome(not_run={one.rule: one.not_run for one in counts if one.not_run}),
        findings=[_finding(one) for one in shown],
        rows=run.rows,
        set_aside=[],
        extra_columns=run.extra_columns,
    )


def _finding(one: findings.Shown) -> Finding:
    where = (one.table, one.line, one.child, one.fields, one.values)
    return Finding(one.rule, one.severity, *where, one.title, one.group, one.row)
