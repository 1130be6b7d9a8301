"""The log of what left, of one child and as a whole, with filters and as Excel; the published counts with a chart."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.facts.convert import british_date
from fairhold.sharing import counts, log, recalls
from fairhold.sharing.counts import Quarter
from fairhold.sharing.log import Filter, Told
from fairhold.web import charts
from fairhold.web.page import page
from fairhold.web.parts import Column, Count, Counts, Empty, Link, Picture, Several, Table, Tag, Text, Why
from fairhold.web.shares import declined as not_shared
from fairhold.web.shares import views

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FEW = 8  # items that are shown at once
WITHHELD = "withheld"
HEADS = ("When", "Who received it", "Kind", "What", "Why", "Basis", "They keep it", "Arrived", "Reference", "Children")


@page("page.child-shares", "shares/child.html")
def of_child(request: HttpRequest, scope: Scope, person: int) -> dict[str, Any]:
    """Who received what about one child; and what was decided about each field, also where nothing left."""
    found = log.of_child(scope, person=person)
    may_see = door("page.child").opens_for(scope.purpose.slug)
    return {
        "title": "What was shared of this child",
        "crumbs": [{"text": "The child's record", "href": reverse("child", args=[person])}] if may_see else [],
        "log": _table(found, "What left about this child", of_child=True),
        "whole": scope.purpose.restricted,
        "person": person,
        "may_recall": bool(found) and door("page.recall-person").opens_for(scope.purpose.slug),
        "declined": not_shared.of_child(scope, person),
        "decisions": views.traces(recalls.trace(scope, persons=[person])),
    }


@page("page.share-log", "shares/log.html")
def whole(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """Everything that left, the newest first, narrowed by recipient, law and days."""
    wanted, asked, errors = _wanted(request)
    every = log.log(scope)
    found = log.log(scope, wanted=wanted) if asked else every
    query = request.GET.urlencode()
    return {
        "title": "What left",
        "crumbs": [{"text": "Shares", "href": reverse("shares")}],
        "table": _table(found, f"What left: {len(found):,} of {len(every):,}" if asked else "What left"),
        "recipients": sorted({(one.recipient, one.name) for one in every}),
        "laws": log.laws(every),
        "asked": {name: request.GET.get(name, "") for name in ("recipient", "basis", "since", "until")},
        "errors": errors,
        "workbook": f"{reverse('share-log-workbook')}{'?' + query if query else ''}",
        "may_count": door("page.share-counts").opens_for(scope.purpose.slug),
    }


@page("export.share-log")
def workbook(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The log as it is narrowed, as an Excel file. It names no child."""
    wanted, _, errors = _wanted(request)
    if errors:
        raise Http404
    answer = HttpResponse(_excel(log.log(scope, wanted=wanted)), content_type=EXCEL)
    answer.headers["Content-Disposition"] = 'attachment; filename="what-left.xlsx"'
    return answer


@page("page.share-counts", "shares/counts.html")
def published(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """The published counts by quarter, with the chart of the newest."""
    quarters, day, bare = counts.counts(scope)
    newest = quarters[0] if quarters else None
    return {
        "title": "How often data was shared",
        "crumbs": [],
        "day": day,
        "bare": bare,
        "figures": _figures(newest) if newest else None,
        "picture": _picture(newest) if newest and _bars(newest) else None,
        "tables": [_counted(one) for one in quarters if one is not newest or not _bars(one)],
        "nothing": Empty("Nothing is published yet.", "An officer publishes it: fairhold share counts --publish."),
    }


@page("page.share-counts")
def picture(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The newest quarter as bars by recipient; what is withheld is not drawn."""
    quarters, _, _ = counts.counts(scope)
    rows = _bars(quarters[0]) if quarters else []
    if not rows:
        raise Http404
    return charts.answer(charts.bars(rows, across="Times a child's data was shared"))


def _wanted(request: HttpRequest) -> tuple[Filter, bool, dict[str, str]]:
    """The filter that the address names; what it cannot be read as is said and left out."""
    recipient, basis = (request.GET.get(name, "")[:200] or None for name in ("recipient", "basis"))
    days: dict[str, date | None] = {}
    errors = {}
    for name in ("since", "until"):
        text = request.GET.get(name, "").strip()
        day = british_date(text) if text else None
        days[name] = date.fromisoformat(day) if day else None
        if text and not day:
            errors[name] = "Enter day, month and year, such as 1/9/2026."
    wanted = Filter(recipient, basis, days["since"], days["until"])
    return wanted, wanted != log.EVERYTHING, errors


def _table(found: Sequence[Told], caption: str, *, of_child: bool = False) -> Table:
    children = [] if of_child else [Column("Children", "number")]
    return Table(
        caption,
        [
            "When",
            "Who received it",
            Column("What", "wide"),
            Column("Why", "wide"),
            Column("On which basis", "wide"),
            "They keep it",
            *children,
        ],
        [
            [
                one.at,
                Several([_who(one), *([Text(f"Reference {one.reference}", "small")] if one.reference else [])]),
                _items(one),
                one.why,
                Several([*map(Text, (basis.words for basis in one.basis))]) if one.basis else Tag("None", "red"),
                one.keeps or "Not agreed with us: ask the recipient",
                *([] if of_child else [one.children]),
            ]
            for one in found
        ],
        Empty("Nothing that your purpose may know of has left."),
    )


def _who(one: Told) -> Several:
    told = Text(one.name) if one.kind != "share" else Link(one.name, reverse("share", args=[one.number]))
    state = f"{one.title}, arrived" if one.arrived else f"{one.title}, no receipt yet"
    return Several([told, Text(state, "small")])


def _items(one: Told) -> Several | str:
    if len(one.items) <= FEW:
        return ", ".join(one.items).replace("_", " ")
    rest = "; ".join(one.items).replace("_", " ")
    return Several([Text(f"{len(one.items)} items"), Why(rest, "Which items?", one.title)])


def _lines(found: Sequence[Told]) -> Iterator[tuple[str | int, ...]]:
    yield HEADS
    for one in found:
        basis = "; ".join(basis.words for basis in one.basis)
        arrived = one.arrived.isoformat() if one.arrived else ""
        told = (f"{one.at:%Y-%m-%d}", one.name, one.title, ", ".join(one.items), one.why, basis, one.keeps, arrived)
        yield (*told, one.reference or "", one.children)


def _excel(found: Sequence[Told]) -> bytes:
    import xlsxwriter  # noqa: PLC0415 (lazy)

    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, sheet = book.add_format({"bold": True}), book.add_worksheet("What left")
    for at, line in enumerate(_lines(found)):
        sheet.write_row(at, 0, line, None if at else bold)
    sheet.freeze_panes(1, 0)
    sheet.autofit(400)
    book.close()
    return data.getvalue()


def _figures(one: Quarter) -> Counts:
    share = WITHHELD if one.protecting is None else f"{one.protecting} %"
    return Counts(
        [
            Count(WITHHELD if one.total is None else one.total, f"times a child's data was shared, {one.label}"),
            Count(share, "of them to keep somebody from harm"),
        ]
    )


def _picture(one: Quarter) -> Picture:
    text = "; ".join(f"{name}: {number:,}" for name, number in _bars(one))
    return Picture(reverse("share-counts-picture"), text, _counted(one), caption=one.label)


def _bars(one: Quarter) -> list[tuple[str, int]]:
    """Recipient → all its shown figures together; one of whose groups is withheld has no bar."""
    found: dict[str, int | None] = {}
    for each in one.figures:
        before = found.get(each.name, 0)
        found[each.name] = None if before is None or each.number is None else before + each.number
    return [(name, number) for name, number in found.items() if number]


def _counted(one: Quarter) -> Table:
    return Table(
        one.label,
        ["Who received it", Column("Why", "third"), Column("On which basis", "third"), Column("Times", "number")],
        [
            [each.name, each.reason, each.basis or Tag("None", "red"), WITHHELD if each.number is None else each.number]
            for each in one.figures
        ],
    )
