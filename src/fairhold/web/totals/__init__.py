"""Totals for those who need no child: counts under disclosure control, as pictures and tables."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold.access import Scope
from fairhold.insight import totals as insight
from fairhold.web import charts
from fairhold.web.page import page
from fairhold.web.parts import Column, Empty, Picture, Table

WITHHELD = "withheld"
SHOWN = 25  # rows of a picture; the table has them all


@page("page.totals", "totals/totals.html")
def totals(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """Every total with its picture, its definition and its table."""
    return {"title": "Totals", "totals": [(total, _part(total)) for total in insight.totals(scope)]}


@page("page.totals")
def picture(request: HttpRequest, scope: Scope, view: str) -> HttpResponse:
    """The picture of one total; withheld figures are not drawn."""
    total = next((each for each in insight.totals(scope) if each.view == view), None)
    if total is None:
        raise Http404
    return charts.answer(charts.bars(_drawn(total), across="Children, rounded to the nearest 5"))


def _drawn(total: insight.Total) -> list[tuple[str, int]]:
    return [(label, count) for label, count in total.rows if count is not None][:SHOWN]


def _part(total: insight.Total) -> Picture | Table:
    empty = Empty("Nothing to count yet.", "Figures appear here when the first files have been taken in.")
    rows = [[label, WITHHELD if count is None else count] for label, count in total.rows]
    table = Table(total.title, ["Group", Column("Children", "number")], rows, empty, caption_size="s")
    drawn = _drawn(total)
    if not drawn:
        return table
    text = f"Bar chart. {total.title}: " + ", ".join(f"{label} {count}" for label, count in drawn[:5])
    more = f"The {SHOWN} largest of {len(total.rows)} groups." if len(total.rows) > SHOWN else ""
    return Picture(reverse("totals-picture", args=[total.view]), text, table, more)
