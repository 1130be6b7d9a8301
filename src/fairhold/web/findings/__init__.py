"""Findings: what the rules of a return say about the files that were delivered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import returns, vault
from fairhold.access import Scope
from fairhold.errors import PlainError
from fairhold.returns import kept
from fairhold.web import visits
from fairhold.web.findings.rules import SEVERITY, rule
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Count, Counts, Empty, Link, Table

__all__ = ["checks", "findings", "rule", "workbook"]

T = TypeVar("T")
_ROWS = {
    "error": "rows in error",
    "unverified": "rows to verify",
    "query": "rows to ask about",
    "warning": "rows to look at",
}
AT_MOST = 100  # findings of one rule on the page; the workbook has all
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("page.findings", "findings/checks.html", posts=True)
def checks(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """Every check that is kept, and the form that makes a new one."""
    form = {name: request.POST.get(name, "").strip() for name in ("name", "year", "la")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _errors(form)
        if not errors:
            try:
                number = kept.check_delivered(scope, name=form["name"], year=int(form["year"]), la=form["la"])
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
        "names": [(name, name.upper()) for name in returns.MODULES],
        "table": _checks(kept.checks(scope)),
    }


@page("page.findings", "findings/findings.html")
def findings(request: HttpRequest, scope: Scope, number: int) -> dict[str, Any]:
    """One check: counts by rule, the findings under each, and what was not run."""
    shown = _or_not_found(lambda: kept.read(scope, number=number))
    by_rule = [
        (code, shown.titles.get(code, ""), _findings(code, list(group)))
        for code, group in groupby(shown.findings, key=lambda finding: finding["rule"])
    ]
    return {
        "title": f"{shown.summary['return'].upper()}, year to 31 March {shown.summary['year']}",
        "crumbs": [{"text": "Findings", "href": reverse("findings-all")}],
        "number": number,
        "name": shown.summary["return"],
        "counts": _counts(shown),
        "rules": _rules(shown),
        "by_rule": by_rule,
        "not_run": _not_run(shown),
        "left_out": _left_out(shown),
        "withheld": shown.withheld,
    }


@page("export.findings")
def workbook(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    """The workbook. Its name says the return's check and nothing about any child."""
    answer = HttpResponse(_or_not_found(lambda: kept.workbook(scope, number=number)), content_type=EXCEL)
    answer.headers["Content-Disposition"] = f'attachment; filename="findings-{number}-official-sensitive.xlsx"'
    return answer


def _or_not_found(look: Callable[[], T]) -> T:
    try:
        return look()
    except vault.VaultError:
        raise Http404 from None


def _year(day: date) -> int:
    """The collection year that is running: 2027 is the year to 31 March 2027."""
    return day.year + (day.month > 3)


def _errors(form: dict[str, str]) -> dict[str, str]:
    errors = {}
    if form["name"] not in returns.MODULES:
        errors["name"] = "Choose a return."
    if not (form["year"].isdecimal() and len(form["year"]) == 4):
        errors["year"] = "Enter the collection year, such as 2027 for the year to 31 March 2027."
    if not (len(form["la"]) == 9 and form["la"][:1] in "EWSN" and form["la"][1:].isdecimal()):
        errors["la"] = "Enter the authority's GSS code, such as E09000031."
    return errors


def _checks(found: list[kept.Kept]) -> Table:
    return Table(
        "Checks that are kept",
        ["Check", "Made", "Kept until"],
        [[Link(f"Check {each.number}", reverse("findings", args=[each.number])), each.at, each.due] for each in found],
        Empty("No check is kept.", "Make one above: it reads the newest delivered file of each table."),
    )


def _counts(shown: kept.Shown) -> Counts:
    by_severity = Counter(finding["severity"] for finding in shown.findings)
    counts = [
        Count(by_severity[name], _ROWS[name], colour=tag.colour) for name, tag in SEVERITY.items() if by_severity[name]
    ]
    summary = shown.summary
    counts += [
        Count(len(summary["rules_run"]), "rules run"),
        Count(len(summary["rules_not_run"]), "rules not run", colour="grey"),
    ]
    return Counts(counts)


def _rules(shown: kept.Shown) -> Table:
    severity = {finding["rule"]: finding["severity"] for finding in shown.findings}
    return Table(
        "Findings by rule",
        ["Rule", Column("What is wrong", "half"), "Severity", Column("Findings", "number")],
        [
            [
                Link(f"Rule {code}", f"#rule-{code}") if code in severity else f"Rule {code}",
                shown.titles.get(code, ""),
                SEVERITY.get(severity.get(code, "")),
                count,
            ]
            for code, count in shown.summary["findings"].items()
        ],
        Empty("No rule found a fault.", "Every rule that could be run was run."),
    )


def _findings(code: str, found: list[dict[str, Any]]) -> Table:
    more = f" (the first {AT_MOST} of {len(found):,}; the workbook has all)" if len(found) > AT_MOST else ""
    return Table(
        f"Rows at fault{more}",
        ["Child", "Table", Column("Line", "number"), "Values as sent", Column("Group", "number")],
        [[each["child"], each["table"], each["line"], _values(each), each["group"]] for each in found[:AT_MOST]],
        caption_size="s",
    )


def _values(finding: dict[str, Any]) -> str:
    pairs = zip(finding["fields"], finding["values"], strict=True)
    return ", ".join(f"{field} {value or 'blank'}" for field, value in pairs)


def _not_run(shown: kept.Shown) -> Table | None:
    rows = [
        [f"Rule {code}", shown.titles.get(code, ""), reason] for code, reason in shown.summary["rules_not_run"].items()
    ]
    return (
        Table("Rules that were not run, and why", ["Rule", Column("What it looks for", "half"), "Why"], rows)
        if rows
        else None
    )


def _left_out(shown: kept.Shown) -> Table | None:
    rows = [[each["file"], each["line"] or "", each["table"], each["reason"]] for each in shown.summary["set_aside"]]
    return Table("Left out", ["File", Column("Line", "number"), "Table", "Why"], rows) if rows else None
