"""The manual page of the measures, made from their documents, so that it cannot say anything else than what runs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from fairhold.insight import domain
from fairhold.insight.domain import Measure
from fairhold.insight.tables import RETURN
from fairhold.rulebook import manual
from fairhold.rulebook.domain import Document

HEAD = """# Measures

Made from the measures' documents by `fairhold docs`; a test compares the two. Each measure is one page in
`src/fairhold/insight/measures/`: what it counts, the query that runs, and drawn examples that run as tests. In the
column `counts` a drawn row comes out as `yes` (counted, and meets the condition), `no` (counted, and does not), a
number, or the group it falls into; a blank row is not counted. How figures are made safe to show:
[Read a measure](../how-to/read-a-measure.md). The functions for dates are those of the
[rules](rules.md#functions-for-dates).
"""


def whole() -> str:
    """The manual page of all measures, the shared views they use, and the indicators that are left out."""
    parts = [HEAD]
    for area, found in groupby(domain.measures().values(), key=lambda one: one.area):
        parts.append(f"\n## {area}\n")
        parts += [_measure(one) for one in found]
    parts.append("\n## Shared views\n")
    parts += [_view(page) for page in manual.documents(RETURN) if page.is_view]
    parts += _left_out()
    return "".join(parts)


def _measure(one: Measure) -> str:
    cuts = ", ".join(domain.breakdowns()[name].title.lower() for name in one.cuts)
    facts = [one.unit_words, domain.PERIODS[one.period], f"counted: {one.numerator}"]
    facts += [f"out of: {one.denominator}"] if one.denominator else []
    facts += [f"by {cuts}"] if cuts else []
    told = f"*{'; '.join(facts)}. {one.document.source}; reviewed {one.document.reviewed}.*"
    return f"\n### {one.code}: {one.title}\n\n{told}\n\n{_body(one.document)}\n"


def _view(page: Document) -> str:
    return f"\n### {page.code}: {page.title}\n\n{_body(page)}\n"


def _body(page: Document) -> str:
    """A page without its front matter."""
    return page.path.read_text("utf-8").split("---\n", 2)[2].strip()


def _left_out() -> Iterator[str]:
    yield "\n## Indicators that are not measured\n\n| Area | Indicator | Why |\n|---|---|---|\n"
    for row in domain.read_csv("indicators"):
        if row["left_out"]:
            yield f"| {row['area']} | {row['kpi']} | {row['left_out']} |\n"
