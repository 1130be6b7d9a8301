"""Charts as SVG, drawn on the server. Each stands beside the table it draws; see `parts.Picture`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.http import HttpResponse

DEEP, QUIET, LINE = "#1c7a74", "#46545a", "#cdd6d4"
FONT = "Arial, Helvetica, sans-serif"


def bars(rows: Sequence[tuple[str, int]], *, across: str) -> bytes:
    """A horizontal bar a row, in the given order; `across` says what the figures count."""
    return _bars(tuple(rows), across)


@lru_cache(maxsize=64)
def _bars(rows: tuple[tuple[str, int], ...], across: str) -> bytes:
    import altair as alt  # noqa: PLC0415  (takes a second; pages without charts do without)
    import vl_convert  # noqa: PLC0415

    data = alt.InlineData(values=[{"label": label, "count": count} for label, count in rows])
    base = alt.Chart(data, width=620, height=alt.Step(30)).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=260, labelPadding=8)),
        x=alt.X("count:Q", title=across, axis=alt.Axis(tickCount=5, format=",d", tickMinStep=1)),
    )
    bar = base.mark_bar(color=DEEP, height=18)
    text = base.mark_text(align="left", dx=5, color=QUIET).encode(text=alt.Text("count:Q", format=",d"))
    chart = (bar + text).configure(font=FONT).configure_view(stroke=None)
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


def answer(svg: bytes) -> HttpResponse:
    """A picture as an answer."""
    return HttpResponse(svg, content_type="image/svg+xml")
