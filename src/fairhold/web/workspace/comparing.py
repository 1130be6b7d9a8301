"""What differs between two runs or two years of a return: who entered, who left, which value changed."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import returns
from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.returns.workspace import differing, runs
from fairhold.returns.workspace.comparing import CHANGED, CHILDREN, Change
from fairhold.returns.workspace.differing import Difference, OfYear, Side, Where
from fairhold.returns.workspace.domain import WorkspaceError
from fairhold.web.page import page
from fairhold.web.parts import Column, Empty, Table

AT_MOST = 25  # changes of one table on the page; the workbook has all
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WHAT = {"entered": "Entered", "left": "Left", "changed": "Changed"}


@page("page.compare", "workspace/compare.html")
def compare(request: HttpRequest, scope: Scope, name: str) -> dict[str, Any]:
    """Two runs, or two years, side by side; without a choice, last year beside this one."""
    if name not in returns.MODULES:
        raise Http404
    asked = {what: request.GET.get(what, "").strip() for what in ("before", "after")}
    found, error = None, ""
    if all(asked.values()):
        try:
            found = differing.difference(
                scope, before=_where(name, asked["before"]), after=_where(name, asked["after"])
            )
        except WorkspaceError as refused:
            error = refused.sentence
    return {
        "title": f"Compare {name.upper()}",
        "crumbs": [{"text": "Findings", "href": reverse("findings-all")}],
        "name": name,
        "asked": asked,
        "error": error,
        "choices": _choices(scope, name),
        "found": found,
        "balance": _balance(found) if found else None,
        "changes": _changes(found) if found else [],
        "may_take": door("export.difference").opens_for(scope.purpose.slug),
    }


@page("export.difference")
def changes(request: HttpRequest, scope: Scope, name: str) -> HttpResponse:
    """Every change as an Excel workbook."""
    before, after = (request.GET.get(what, "") for what in ("before", "after"))
    try:
        _, data = differing.export_difference(scope, before=_where(name, before), after=_where(name, after))
    except WorkspaceError:
        raise Http404 from None
    answer = HttpResponse(data, content_type=EXCEL)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-difference-official-sensitive.xlsx"'
    return answer


def _where(name: str, asked: str) -> Where:
    """`run-12` is a run, `year-2027` the newest set of a year."""
    kind, _, number = asked.partition("-")
    if kind not in {"run", "year"} or not number.isdecimal():
        raise WorkspaceError("Choose two runs or two years from the lists.")
    return Side(int(number)) if kind == "run" else OfYear(name, int(number))


def _choices(scope: Scope, name: str) -> list[tuple[str, str]]:
    found = runs.runs(scope, name=name)
    years = sorted({run.year for run, _ in found} | {run.year - 1 for run, _ in found}, reverse=True)
    listed = [(f"year-{year}", f"The year to 31 March {year}") for year in years]
    return listed + [(f"run-{run.id}", f"Run {run.id} of {run.year}, {run.made_at:%d/%m/%Y}") for run, _ in found[:20]]


def _balance(found: Difference) -> Table:
    heads = ("Before", "Left", "Entered", "Changed", "Same", "After")
    return Table(
        "How the one becomes the other",
        ["What", *(Column(head, "number") for head in heads)],
        [
            ["Children" if b.what == CHILDREN else b.what, b.before, b.left, b.entered, b.changed, b.same, b.after]
            for b in found.balances
        ],
    )


def _changes(found: Difference) -> list[Table]:
    ordered = sorted(found.changes, key=lambda change: (change.table, change.what, change.child))
    tables = []
    for table, group in groupby(ordered, key=lambda change: change.table):
        rows = list(group)
        more = f", the first {AT_MOST} of {len(rows):,}" if len(rows) > AT_MOST else ""
        heads: list[str | Column] = ["Child", "What", "Column", "Before", "After", "Lines"]
        cells = [_change(one) for one in rows[:AT_MOST]]
        tables.append(Table(f"{table}{more}", heads, cells, Empty("Nothing."), caption_size="s"))
    return tables


def _change(one: Change) -> list[Any]:
    lines = " → ".join(str(line) for line in (one.line_before, one.line_after) if line)
    values = (one.before or "blank", one.after or "blank") if one.what == CHANGED else ("", "")
    return [one.child or "none", _WHAT[one.what], one.column, *values, lines]
