"""Charts as SVG, drawn on the server. Each stands beside the table it draws; see `parts.Picture`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpResponse

DEEP, QUIET, LINE = "#1c7a74", "#46545a", "#cdd6d4"
FONT = "Arial, Helvetica, sans-serif"


def bars(rows: Sequence[tuple[str, int]], *, across: str) -> bytes:
    """A horizontal bar a row, in the given order; `across` says what the figures count."""
    return _bars(tuple(rows), across)


@lru_cache(maxsize=64)
def _bars(rows: tuple[tuple[str, int], ...], across: str) -> bytes:
    import altair as alt  # noqa: PLC0415  (takes a second; pages without charts do without)

    data = alt.InlineData(values=[{"label": label, "count": count} for label, count in rows])
    base = alt.Chart(data, width=620, height=alt.Step(30)).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=260, labelPadding=8)),
        x=alt.X("count:Q", title=across, axis=alt.Axis(tickCount=5, format=",d", tickMinStep=1)),
    )
    bar = base.mark_bar(color=DEEP, height=18)
    text = base.mark_text(align="left", dx=5, color=QUIET).encode(text=alt.Text("count:Q", format=",d"))
    return _drawn(bar + text)


@dataclass(frozen=True)
class Point:
    """A year of a trend: its label, its figure, its target, and whether it may be compared with the others."""

    label: str
    figure: float
    target: float | None
    comparable: bool


def trend(points: Sequence[Point], *, up: str) -> bytes:
    """A line over years; one that cannot be compared yet is a hollow point. `up` says what the figures are."""
    return _trend(tuple(points), up)


@lru_cache(maxsize=256)
def _trend(points: tuple[Point, ...], up: str) -> bytes:
    import altair as alt  # noqa: PLC0415

    base = alt.Chart(alt.InlineData(values=[vars(point) for point in points]), width=alt.Step(110), height=240).encode(
        x=alt.X("label:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelPadding=8)),
        y=alt.Y("figure:Q", title=up, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=5)),
    )
    whole = base.transform_filter("datum.comparable")
    line = whole.mark_line(color=DEEP, strokeWidth=2.5, point=alt.OverlayMarkDef(color=DEEP, size=60))
    hollow = base.transform_filter("!datum.comparable").mark_point(color=DEEP, size=60, filled=False, strokeWidth=2)
    text = base.mark_text(dy=-14, color=QUIET, fontSize=14).encode(text=alt.Text("figure:Q", format=",~f"))
    aim = base.transform_filter("datum.target !== null").mark_tick(color=QUIET, thickness=2, width=60)
    return _drawn(line + hollow + text + aim.encode(y=alt.Y("target:Q", title=up)))


def _drawn(chart: Any) -> bytes:
    """A chart in the look of all of them, as SVG."""
    import vl_convert  # noqa: PLC0415

    chart = chart.configure(font=FONT).configure_view(stroke=None)
    chart = chart.configure_legend(orient="top", labelFontSize=14, labelLimit=320, symbolSize=160)
    chart = chart.configure_axis(
        labelFontSize=14,
        titleFontSize=14,
        titleFontWeight="normal",
        titleColor=QUIET,
        domain=False,
        ticks=False,
        gridColor=LINE,
        labelColor=QUIET,
    )
    drawn: str = vl_convert.vegalite_to_svg(chart.to_json())
    return drawn.encode()


def lines(rows: Sequence[tuple[str, str, int]], *, across: str, up: str) -> bytes:
    """A line for each kind of figure over steps in the given order: (step, kind, figure)."""
    return _lines(tuple(rows), across, up)


@lru_cache(maxsize=64)
def _lines(rows: tuple[tuple[str, str, int], ...], across: str, up: str) -> bytes:
    import altair as alt  # noqa: PLC0415  (takes a second; pages without charts do without)

    data = alt.InlineData(values=[{"step": step, "kind": kind, "count": count} for step, kind, count in rows])
    kinds = list(dict.fromkeys(kind for _, kind, _ in rows))
    base = alt.Chart(data, width=620, height=260).encode(
        x=alt.X("step:N", sort=None, title=across, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("count:Q", title=up, axis=alt.Axis(tickCount=5, format=",d", tickMinStep=1)),
        color=alt.Color("kind:N", sort=None, title=None, scale=alt.Scale(domain=kinds, range=[DEEP, QUIET, "#b2591b"])),
        strokeDash=alt.StrokeDash("kind:N", sort=None, title=None, scale=alt.Scale(domain=kinds)),
        shape=alt.Shape("kind:N", sort=None, title=None, scale=alt.Scale(domain=kinds)),
    )
    return _drawn(base.mark_line(strokeWidth=2.5) + base.mark_point(size=70, filled=True))


def answer(svg: bytes) -> HttpResponse:
    """A picture as an answer."""
    return HttpResponse(svg, content_type="image/svg+xml")
