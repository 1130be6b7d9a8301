"""Findings: what the rules of a return say about what was delivered, run by run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import returns
from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.errors import PlainError
from fairhold.returns.workspace import books, runs
from fairhold.returns.workspace import findings as found_in
from fairhold.returns.workspace.domain import Counts as Totals
from fairhold.returns.workspace.domain import RuleCount, Run, State, WorkspaceError, counted
from fairhold.returns.workspace.findings import Page, Shown
from fairhold.web import visits
from fairhold.web.findings.rules import SEVERITY, rule
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Count, Counts, Empty, Link, Table, Tag

__all__ = ["checks", "findings", "rule", "workbook"]

T = TypeVar("T")
_STATE = {
    State.NEW: Tag("New", "blue"),
    State.OPEN: Tag("Open", "yellow"),
    State.FIXED: Tag("Fixed", "green"),
    State.EXPLAINED: Tag("Explained", "grey"),
}
AT_MOST = 25  # rows of one rule on the page; the workbook has all
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("page.findings", "findings/checks.html", posts=True)
def checks(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """Every run, and the form that makes a new one."""
    form = {name: request.POST.get(name, "").strip() for name in ("name", "year", "la")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _errors(form)
        if not errors:
            try:
                number = runs.check(scope, name=form["name"], year=int(form["year"]), la=form["la"])
            except PlainError as error:
                errors = {"year": error.sentence}
            else:
                visits.tell(request.visit, "The return is checked.")
                return back("findings", number)
    form["year"] = form["year"] or str(_year(scope.day))
    return {
        "title": "Findings",
        "form": form,
        "errors": errors,
        "names": [(name, name.upper()) for name in returns.of_years()],
        "may_check": door("returns.check").opens_for(scope.purpose.slug),
        "table": _checks(runs.runs(scope)),
    }


@page("page.findings", "findings/findings.html")
def findings(request: HttpRequest, scope: Scope, number: int) -> dict[str, Any]:
    """One run: counts by rule, the findings under each, and what was not run."""
    run, counts = _or_not_found(lambda: runs.run(scope, number=number))
    shown = found_in.findings(scope, run=number, per_rule=AT_MOST)
    by_rule = [
        (code, rows[0].title, _findings(rows))
        for code, rows in ((code, list(group)) for code, group in groupby(shown.rows, key=lambda row: row.rule))
    ]
    return {
        "title": f"{run.name.upper()}, year to 31 March {run.year}",
        "crumbs": [{"text": "Findings", "href": reverse("findings-all")}],
        "number": number,
        "name": run.name,
        "year": run.year,
        "may_trend": door("page.trend").opens_for(scope.purpose.slug),
        "counts": _counts(counted(counts, len(run.set_aside))),
        "rules": _rules(counts, shown),
        "by_rule": by_rule,
        "not_run": _not_run(counts),
        "left_out": _left_out(run),
        "may_take": door("export.findings").opens_for(scope.purpose.slug),
        "withheld": shown.withheld,
    }


@page("export.findings")
def workbook(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    """The tables as checked. The file's name says the run and nothing about any child."""
    answer = HttpResponse(_or_not_found(lambda: books.export_tables(scope, run=number)), content_type=EXCEL)
    answer.headers["Content-Disposition"] = f'attachment; filename="findings-{number}-official-sensitive.xlsx"'
    return answer


def _or_not_found(look: Callable[[], T]) -> T:
    try:
        return look()
    except WorkspaceError:
        raise Http404 from None


def _year(day: date) -> int:
    """The collection year that is running: 2027 is the year to 31 March 2027."""
    return day.year + (day.month > 3)


def _errors(form: dict[str, str]) -> dict[str, str]:
    errors = {}
    if form["name"] not in returns.of_years():
        errors["name"] = "Choose a return."
    if not (form["year"].isdecimal() and len(form["year"]) == 4):
        errors["year"] = "Enter the collection year, such as 2027 for the year to 31 March 2027."
    if not (len(form["la"]) == 9 and form["la"][:1] in "EWSN" and form["la"][1:].isdecimal()):
        errors["la"] = "Enter the authority's GSS code, such as E09000031."
    return errors


def _checks(found: list[tuple[Run, Totals]]) -> Table:
    return Table(
        "Runs",
        [
            "Run",
            "Made",
            Column("Open", "number"),
            Column("Explained", "number"),
            Column("Fixed", "number"),
            "Kept until",
        ],
        [
            [
                Link(f"{run.name.upper()} {run.year}, run {run.id}", reverse("findings", args=[run.id])),
                *(run.made_at, counts.open, counts.explained, counts.fixed, run.due),
            ]
            for run, counts in found
        ],
        Empty("No return was checked.", "A check reads the newest delivered file of each table."),
    )


def _counts(counts: Totals) -> Counts:
    by_severity = {
        "error": (counts.errors, "faults in error"),
        "unverified": (counts.unverified, "faults to verify"),
        "query": (counts.queries, "faults to ask about"),
        "warning": (counts.warnings, "faults to look at"),
    }
    shown = [Count(many, what, colour=SEVERITY[name].colour) for name, (many, what) in by_severity.items() if many]
    return Counts([*shown, Count(counts.rules_run, "rules run"), Count(counts.not_run, "rules not run", colour="grey")])


def _rules(counts: list[RuleCount], shown: Page) -> Table:
    below = {row.rule for row in shown.rows}
    heads: list[str | Column] = ["Rule", Column("What is wrong", "half"), "Severity"]
    heads += [Column(name, "number") for name in ("Faults", "New", "Explained", "Fixed")]
    rows = [
        [
            Link(f"Rule {one.rule}", f"#rule-{one.rule}") if one.rule in below else f"Rule {one.rule}",
            *(one.title, SEVERITY[one.severity], one.faults, one.new, one.explained, one.fixed),
        ]
        for one in counts
        if one.faults or one.fixed
    ]
    return Table(
        "Faults by rule", heads, rows, Empty("No rule found a fault.", "Every rule that could be run was run.")
    )


def _findings(rows: list[Shown]) -> Table:
    more = f" (the first {AT_MOST}; the workbook has all)" if len(rows) == AT_MOST else ""
    return Table(
        f"Rows at fault{more}",
        ["Child", "Table", Column("Line", "number"), "Values as sent", Column("Group", "number"), "State"],
        [[row.child, row.table, row.line or "", _values(row), row.group, _STATE[row.state]] for row in rows],
        caption_size="s",
    )


def _values(row: Shown) -> str:
    pairs = zip(row.fields, row.values, strict=False)  # a fault of the return as a whole has no values
    return ", ".join(f"{field} {value or 'blank'}" for field, value in pairs)


def _not_run(counts: list[RuleCount]) -> Table | None:
    rows = [[f"Rule {one.rule}", one.title, one.not_run] for one in counts if one.not_run]
    heads: list[str | Column] = ["Rule", Column("What it looks for", "half"), "Why"]
    return Table("Rules that were not run, and why", heads, rows) if rows else None


def _left_out(run: Run) -> Table | None:
    rows = [[each["file"], each["line"] or "", each["table"], each["reason"]] for each in run.set_aside]
    return Table("Left out", ["File", Column("Line", "number"), "Table", "Why"], rows) if rows else None
