"""Inspection lists: Ofsted's lists (Annex A) as at a day, a draft, their release, what changed since the last run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.formats import annex_a
from fairhold.returns.annex_a import differing, handing, runs
from fairhold.returns.annex_a.differing import Difference
from fairhold.returns.annex_a.domain import AnnexError
from fairhold.returns.annex_a.runs import Run
from fairhold.vault import VaultError
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Empty, Link, Table

__all__ = ["changes", "difference", "draft", "lists", "run"]

T = TypeVar("T")
AT_MOST = 100  # changes of one list on the page; the workbook has all
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WHAT = {"entered": "Entered", "left": "Left", "changed": "Changed"}


@page("page.annex-a", "annex_a/lists.html", posts=True)
def lists(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """Every run, and the form that makes a new one."""
    form = {name: request.POST.get(name, "").strip() for name in ("on", "reference", "la")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        on = _day(form["on"])
        if on is None:
            errors["on"] = "Enter the day of the inspection, such as 2026-11-23."
        if form["la"] and not (len(form["la"]) == 9 and form["la"][:1] in "EWSN" and form["la"][1:].isdecimal()):
            errors["la"] = "Enter the authority's GSS code, such as E09000031, or leave it blank."
        if on is not None and not errors:
            try:
                number = runs.build(scope, day=on, la=form["la"], reference=form["reference"])
            except AnnexError as error:
                errors["reference" if form["reference"] else "on"] = error.sentence
            else:
                visits.tell(request.visit, "The lists are made.")
                return back("annex-a-run", number)
    form["on"] = form["on"] or scope.day.isoformat()
    return {
        "title": "Inspection lists",
        "form": form,
        "errors": errors,
        "may_make": door("annex-a.build").opens_for(scope.purpose.slug),
        "table": _runs(runs.runs(scope)),
    }


@page("page.annex-a", "annex_a/run.html", posts=True)
def run(request: HttpRequest, scope: Scope, number: int) -> dict[str, Any] | HttpResponse:
    """One run: rows by list, the draft, and the form that releases it to Ofsted."""
    found = _or_not_found(lambda: runs.run(scope, number=number))
    errors: dict[str, str] = {}
    reference = request.POST.get("reference", found.reference).strip()
    if request.method == "POST":
        try:
            handed = handing.release(scope, run=number, reference=reference)
        except (AnnexError, VaultError) as error:
            errors["reference"] = error.sentence
        else:
            return _workbook(handed.data, f"annex-a-{number}-official-sensitive.xlsx")
    return {
        "title": f"Lists as at {found.on_day.day} {found.on_day:%B %Y}",
        "crumbs": [{"text": "Inspection lists", "href": reverse("annex-a")}],
        "run": found,
        "reference": reference,
        "errors": errors,
        "table": _by_list(found),
    }


@page("page.annex-a", "annex_a/difference.html")
def difference(request: HttpRequest, scope: Scope, number: int) -> dict[str, Any]:
    """What differs between a run and the one before it."""
    found = _or_not_found(lambda: differing.difference(scope, after=number))
    return {
        "title": "What changed",
        "crumbs": [
            {"text": "Inspection lists", "href": reverse("annex-a")},
            {"text": f"Run {number}", "href": reverse("annex-a-run", args=[number])},
        ],
        "found": found,
        "reckoning": _reckoning(found),
        "changes": [_changes(found, key) for key in annex_a.lists() if any(c.table == key for c in found.changes)],
    }


@page("export.annex-a")
def draft(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    """A draft of what one may see."""
    handed = _or_not_found(lambda: handing.draft(scope, run=number))
    return _workbook(handed.data, f"annex-a-{number}-draft-official-sensitive.xlsx")


@page("export.annex-a")
def changes(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    """The difference to the run before as a workbook."""
    _, data = _or_not_found(lambda: differing.export_difference(scope, after=number))
    return _workbook(data, f"annex-a-{number}-changes-official-sensitive.xlsx")


def _workbook(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=EXCEL)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _or_not_found(look: Callable[[], T]) -> T:
    try:
        return look()
    except (AnnexError, VaultError):  # no such run, or the time of its lists was up
        raise Http404 from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _runs(found: list[Run]) -> Table:
    return Table(
        "Runs",
        ["Run", "Made", Column("Rows", "number"), "Reference", "Kept until"],
        [
            [
                Link(f"As at {run.on_day.day} {run.on_day:%B %Y}, run {run.id}", reverse("annex-a-run", args=[run.id])),
                *(run.made_at, sum(run.rows.values()), run.reference or "none yet", run.due),
            ]
            for run in found
        ],
        Empty("No lists were made.", "They are made out of the record, as at the day of the inspection."),
    )


def _by_list(run: Run) -> Table:
    titles = {key: of.title for key, of in annex_a.lists().items()}
    rows = [
        [f"List {key}", titles[key], count, sum(run.outside.get(key, {}).values())] for key, count in run.rows.items()
    ]
    heads: list[str | Column] = ["List", Column("What is in it", "half"), Column("Rows", "number")]
    return Table("Rows by list, over every child", [*heads, Column("Values no code stands for", "number")], rows)


def _reckoning(found: Difference) -> Table:
    heads = [Column(name, "number") for name in ("Before", "Left", "Entered", "Changed", "Same", "After")]
    rows = [
        [differing.name_of(b.what).capitalize(), b.before, b.left, b.entered, b.changed, b.same, b.after]
        for b in found.balances
    ]
    return Table("Rows before and after", ["List", *heads], rows)


def _changes(found: Difference, key: str) -> Table:
    of_list = [change for change in found.changes if change.table == key]
    more = f" (the first {AT_MOST} of {len(of_list):,}; the workbook has all)" if len(of_list) > AT_MOST else ""
    return Table(
        f"List {key}: {annex_a.lists()[key].title}{more}",
        ["Child", "What", Column("Column", "third"), "Before", "After"],
        [[c.child, _WHAT[c.what], c.column, c.before, c.after] for c in of_list[:AT_MOST]],
        caption_size="s",
    )
