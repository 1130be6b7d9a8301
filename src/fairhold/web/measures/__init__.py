"""Measures for those who need no child: the list by area, and each with its definition, trend, groups and tests."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold.access import Scope
from fairhold.insight import domain, figures, taking
from fairhold.insight.domain import MeasureError
from fairhold.insight.figures import Figure, Series, Shown, Target, Year
from fairhold.rulebook.domain import DrawnRow
from fairhold.web import charts, words
from fairhold.web.drawn import examples
from fairhold.web.page import page
from fairhold.web.parts import Column, Count, Counts, Empty, Item, Link, Picture, Spark, Summary, Table, Tag

WITHHELD = "withheld"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOTHING = Empty("Nothing is measured yet.", "An analyst computes the measures: fairhold measures compute.")


@page("page.measures", "measures/measures.html")
def measures(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """Every measure by area: its newest figure, how it went, its target; and the indicators left out, with reasons."""
    found, run = figures.overview(scope)
    areas = [
        (area, _area(area, list(of)))
        for area, of in groupby(found, key=lambda one: one.measure.area)
        if run is not None
    ]
    left_out = [row for row in domain.read_csv("indicators") if row["left_out"]]
    return {
        "title": "Measures",
        "run": run,
        "areas": areas,
        "nothing": NOTHING,
        "left_out": Table(
            "Indicators that are not measured",
            ["Area", "Indicator", Column("Why", "half")],
            [[row["area"], row["kpi"], row["left_out"]] for row in left_out],
            caption_size="s",
        ),
    }


@page("page.measure", "measures/measure.html")
def measure(request: HttpRequest, scope: Scope, code: str) -> dict[str, Any]:
    """One measure: what it counts, its trend with the table, its groups in one year, and the examples that test it."""
    shown = _shown(request, scope, code)
    one = shown.series.measure
    return {
        "title": one.title,
        "crumbs": [{"text": "Measures", "href": reverse("measures")}],
        "measure": one,
        "meaning": words.plain(one.document.prose),
        "year": shown.year,
        "period": _period(shown.year) if shown.year else "",
        "counts": _counts(shown),
        "trend": _trend(shown),
        "mix": _mix(shown),
        "tables": [_groups(table, shown) for table in shown.tables if table.name != one.categories],
        "versions": _versions(shown),
        "years": _years(shown),
        "facts": _facts(shown),
        "examples": examples(one.document, _outcome),
    }


@page("page.measure")
def picture(request: HttpRequest, scope: Scope, code: str) -> HttpResponse:
    """The trend of a measure; years without a figure that may be shown are not drawn."""
    series = _shown(request, scope, code).series
    points = [
        charts.Point(_label(year), year.figure.value, _aim(year.target), series.comparable(year))
        for year in series.years
        if year.figure is not None and year.figure.value is not None
    ]
    if not points:
        raise Http404
    return charts.answer(charts.trend(points, up=_capital(series.measure.unit_words)))


@page("page.measure")
def mix(request: HttpRequest, scope: Scope, code: str) -> HttpResponse:
    """The shares of a year as bars; what is withheld is not drawn."""
    shown = _shown(request, scope, code)
    rows = _bars(shown)
    if not rows:
        raise Http404
    return charts.answer(charts.bars(rows, across="% of all"))


@page("export.measure")
def download(request: HttpRequest, scope: Scope, code: str, form: str) -> HttpResponse:
    """The figures that are shown, as a file; it holds nothing behind them."""
    shown = _shown(request, scope, code)
    make, kind = {"csv": (taking.as_csv, "text/csv; charset=utf-8"), "xlsx": (taking.as_xlsx, EXCEL)}[form]
    answer = HttpResponse(make(shown), content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{code}.{form}"'
    return answer


def _shown(request: HttpRequest, scope: Scope, code: str) -> Shown:
    """The measure for the year that the address names; a measure or year that does not exist is not found."""
    asked = request.GET.get("year", "")
    if asked and not (asked.isascii() and asked.isdecimal() and len(asked) == 4):
        raise Http404
    try:
        shown = figures.show(scope, code=code, year=int(asked) if asked else None)
    except MeasureError:
        raise Http404 from None
    if asked and shown.year is None:
        raise Http404
    return shown


def _area(area: str, found: list[Series]) -> Table:
    heads: list[str | Column] = [
        Column("Measure", "half"),
        Column("Newest", "number"),
        "Unit",
        "Year",
        "Trend",
        "Target",
    ]
    return Table(area, heads, [_row(series) for series in found])


def _row(series: Series) -> list[Any]:
    newest, one = series.newest, series.measure
    link = Link(one.title, reverse("measure", args=[one.code]))
    if newest is None or newest.figure is None:
        return [link, None, one.unit_words, "not counted", None, None]
    values = [
        year for year in series.years if year.figure and year.figure.value is not None and series.comparable(year)
    ]
    spark = None
    if len(values) > 1:
        said = ", ".join(f"{_label(year)} {_number(year.figure)}" for year in values)
        spark = Spark([year.figure.value or 0 for year in values if year.figure], said)
    return [link, _number(newest.figure), one.unit_words, _label(newest), spark, _target_tag(newest)]


def _number(figure: Figure | None) -> str | None:
    """A figure as text: withheld, or with as many places as its unit has."""
    if figure is None:
        return None
    if figure.withheld:
        return WITHHELD
    return None if figure.value is None else f"{figure.value:,g}"


def _label(year: Year) -> str:
    """2026/27; a year that runs says so."""
    return f"{year.year - 1}/{year.year % 100:02}" + ("" if year.is_whole or year.figure is None else " so far")


def _period(year: Year) -> str:
    end = domain.last_day(year.year) if year.until is None else year.until
    return f"Year to {end.day} {end:%B %Y}"


def _target_tag(year: Year) -> Tag | None:
    target, value = year.target, year.figure.value if year.figure else None
    if target is None:
        return None
    aim = f"{'at least' if target.better == 'higher' else 'at most'} {target.value:g}"
    if value is None:
        return Tag(aim, "grey")
    return Tag(f"Met: {aim}", "green") if target.met(value) else Tag(f"Not met: {aim}", "red")


def _counts(shown: Shown) -> Counts | None:
    year, one = shown.year, shown.series.measure
    if year is None or year.figure is None:
        return None
    figure = year.figure
    what = one.denominator if one.is_mix else one.numerator if one.is_count else one.unit_words
    items = [Count(_number(figure) or "–", what)]
    if not figure.withheld and not one.is_count:
        items += [Count(figure.numerator, one.numerator)] if figure.numerator is not None and one.denominator else []
        items += [Count(figure.denominator, f"out of: {one.denominator}")] if figure.denominator else []
    return Counts(items)


def _trend(shown: Shown) -> Picture | Table:
    one = shown.series.measure
    heads: list[str | Column] = ["Year", *([] if one.is_count else [Column(_capital(one.unit_words), "number")])]
    heads += [Column("Counted", "number"), Column("Out of", "number", spare=True)]
    heads += ["Up to", Column("Target", spare=True)]
    rows = [
        [
            _label(year),
            *_numbers(year.figure)[1 if one.is_count else 0 :],
            *(year.until or year.not_run, _target_words(year.target)),
        ]
        for year in shown.series.years
    ]
    table = Table("Year by year", heads, rows, NOTHING, caption_size="s")
    values = [year for year in shown.series.years if year.figure is not None and year.figure.value is not None]
    if not values:
        return table
    text = f"Line chart. {shown.series.measure.title}: "
    text += ", ".join(f"{_label(year)} {_number(year.figure)}" for year in values)
    return Picture(reverse("measure-picture", args=[shown.series.measure.code]), text, table)


def _numbers(figure: Figure | None) -> list[Any]:
    if figure is None:
        return [None, None, None]
    if figure.withheld:
        return [WITHHELD, WITHHELD, None]
    return [_number(figure), figure.numerator, figure.denominator]


def _target_words(target: Target | None) -> str | None:
    if target is None:
        return None
    changed = "" if target.same_definition else "; set for an earlier definition"
    return f"{target.value:g} or {target.better}{changed}"


def _aim(target: Target | None) -> float | None:
    return target.value if target else None


def _bars(shown: Shown) -> list[tuple[str, int]]:
    wanted = shown.series.measure.categories
    rows = next((table.rows for table in shown.tables if table.name == wanted), ())
    return [(figure.label, round(figure.value)) for figure in rows if figure.value]


def _mix(shown: Shown) -> Picture | Table | None:
    """The shares, drawn where there is anything to draw."""
    one = shown.series.measure
    table = next((table for table in shown.tables if table.name == one.categories), None)
    if table is None or shown.year is None:
        return None
    groups = _groups(table, shown)
    rows = _bars(shown)
    if not rows:
        return groups
    text = f"Bar chart. {one.title}: " + ", ".join(f"{label} {share} %" for label, share in rows[:6])
    return Picture(f"{reverse('measure-mix', args=[one.code])}?year={shown.year.year}", text, groups)


def _groups(table: figures.Table, shown: Shown) -> Table:
    one = shown.series.measure
    heads: list[str | Column] = [table.title]
    shares = one.is_mix or one.unit == domain.PERCENT  # else the figure of a group is how many were counted
    heads += [Column("%", "number")] if shares else []
    heads += [Column("Counted", "number"), Column("Out of", "number", spare=True)]
    rows = [
        [figure.label, *_numbers(figure)[0 if shares else 1 :]]
        for figure in table.rows
        if figure.group != domain.UNKNOWN or figure.withheld or figure.numerator
    ]
    return Table(f"By {table.title[0].lower()}{table.title[1:]}", heads, rows, caption_size="s")


def _versions(shown: Shown) -> Table | None:
    """How the figure of the year went from run to run, where it changed."""
    if len(shown.versions) < 2:
        return None
    rows = [[each.run.made_at, each.run.on_day, *_numbers(each.figure)] for each in shown.versions]
    heads: list[str | Column] = ["Computed", "Up to", Column("Figure", "number"), Column("Counted", "number")]
    return Table(
        "This year's figure from run to run", [*heads, Column("Out of", "number", spare=True)], rows, caption_size="s"
    )


def _years(shown: Shown) -> list[Link]:
    """The other years whose groups can be looked at."""
    address = reverse("measure", args=[shown.series.measure.code])
    return [
        Link(_label(year), f"{address}?year={year.year}")
        for year in shown.series.years
        if year.figure is not None and year != shown.year
    ]


def _facts(shown: Shown) -> Summary:
    one = shown.series.measure
    population = shown.population
    items = [
        Item("Counted", one.numerator),
        Item("Out of", one.denominator),
        Item("Period", _capital(domain.PERIODS[one.period])),
        Item("Indicator", f"{one.area}: {one.kpi}"),
        Item("Source", one.document.source),
        Item("Reviewed", one.document.reviewed),
        Item("Version of the definition", one.digest[:12]),
    ]
    if one.unit == domain.RATE:
        told = f"{population[0]:,} ({population[1]})" if population else "not entered, so that there is no rate"
        items.insert(2, Item("Children aged 0 to 17", told))
    return Summary([item for item in items if item.value])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _outcome(row: DrawnRow) -> str:
    said = {"yes": "Counted, and meets it", "no": "Counted, and does not"}
    return ", ".join(said.get(mark, f"Counted as {mark}") for mark in row.marks)
