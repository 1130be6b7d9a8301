"""How the faults of a return's year went from run to run: a plot with its table."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import returns
from fairhold.access import Scope
from fairhold.returns.workspace import trend as history
from fairhold.returns.workspace.trend import Point
from fairhold.web import charts
from fairhold.web.page import page
from fairhold.web.parts import Column, Empty, Link, Picture, Table

_LINES = (("Open", "open"), ("Explained", "explained"), ("Fixed since the run before", "fixed"))


@page("page.trend", "workspace/trend.html")
def trend(request: HttpRequest, scope: Scope, name: str, year: int) -> dict[str, Any]:
    """Open, explained and fixed faults, run by run, and the rules that found most."""
    points = _points(scope, name, year)
    table = _table(points)
    newest = points[-1].rules if points else []
    worst = sorted((rule for rule in newest if rule.faults), key=lambda rule: -rule.faults)[:15]
    return {
        "title": f"Trend of {name.upper()} {year}",
        "crumbs": [{"text": "Findings", "href": reverse("findings-all")}],
        "picture": Picture(reverse("trend-picture", args=[name, year]), _told(points), table) if points else table,
        "rules": Table(
            "Rules that found most in the newest run",
            [
                "Rule",
                Column("What is wrong", "half"),
                *(Column(h, "number") for h in ("Faults", "New", "Explained", "Fixed")),
            ],
            [
                [
                    Link(f"Rule {one.rule}", reverse("rule", args=[name, one.rule])),
                    *(one.title, one.faults, one.new, one.explained, one.fixed),
                ]
                for one in worst
            ],
            Empty("No rule found a fault in the newest run."),
        ),
    }


@page("page.trend")
def picture(request: HttpRequest, scope: Scope, name: str, year: int) -> HttpResponse:
    """The plot."""
    points = _points(scope, name, year)
    rows = [(f"Run {p.run}", what, getattr(p.counts, of)) for p in points for what, of in _LINES]
    return charts.answer(charts.lines(rows, across="Run", up="Faults"))


def _points(scope: Scope, name: str, year: int) -> list[Point]:
    if name not in returns.MODULES:
        raise Http404
    return history.trend(scope, name=name, year=year)


def _told(points: list[Point]) -> str:
    first, last = points[0].counts, points[-1].counts
    return f"Line chart over {len(points)} runs. Open faults went from {first.open:,} to {last.open:,}."


def _table(points: list[Point]) -> Table:
    heads = ("Errors", "Queries", "New", "Fixed", "Explained", "Open", "Rules not run", "Left out")
    return Table(
        "Run by run",
        ["Run", "Made", *(Column(head, "number") for head in heads)],
        [
            [
                Link(f"Run {p.run}", reverse("findings", args=[p.run])),
                p.made_at,
                *(p.counts.errors + p.counts.unverified, p.counts.queries, p.counts.new, p.counts.fixed),
                *(p.counts.explained, p.counts.open, p.counts.not_run, p.counts.set_aside),
            ]
            for p in points
        ],
        Empty("The return of this year was not checked yet.", "Check it, and again after each correction."),
    )
