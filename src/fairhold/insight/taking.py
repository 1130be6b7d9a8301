"""Figures of a measure to take away: the same that are shown, as CSV or Excel, with nothing behind them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from fairhold.insight import domain
from fairhold.insight.figures import Figure, Shown, Year

HEADS: Final = (
    "measure",
    "title",
    "year to 31 March",
    "counted up to",
    "breakdown",
    "group",
    "numerator",
    "denominator",
)
WITHHELD: Final = "c"  # confidential, in the government's standard symbols
Line = tuple[str | int | float, ...]


def lines(shown: Shown) -> Iterator[Line]:
    """A heading, then the total of every year, then the groups of the year shown. A withheld figure is “c”."""
    one = shown.series.measure
    yield (*HEADS, "%" if one.is_mix else one.unit_words)
    for year in shown.series.years:
        if year.figure is not None:
            yield _line(shown, year, "All", year.figure)
    for table in shown.tables:
        for figure in table.rows:
            assert shown.year is not None
            yield _line(shown, shown.year, table.title, figure)


def _line(shown: Shown, year: Year, breakdown: str, figure: Figure) -> Line:
    one = shown.series.measure
    until = (year.until or domain.last_day(year.year)).isoformat()
    numbers = (figure.numerator, figure.denominator, None if one.is_mix and not figure.group else figure.value)
    told = (WITHHELD if figure.withheld else "" if number is None else number for number in numbers)
    return (one.code, one.title, year.year, until, breakdown, figure.label, *told)


def as_csv(shown: Shown) -> bytes:
    """A CSV file in UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(lines(shown))
    return text.getvalue().encode()


def as_xlsx(shown: Shown) -> bytes:
    """An Excel workbook of one sheet, with the definition on another."""
    import xlsxwriter  # noqa: PLC0415 (lazy)

    one = shown.series.measure
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Figures")
    for at, line in enumerate(lines(shown)):
        sheet.write_row(at, 0, line, None if at else bold)
    sheet.freeze_panes(1, 0)
    sheet.autofit()
    about = book.add_worksheet("Definition")
    about.set_column(1, 1, 110)
    told = [("Title", one.title), ("Counted", one.numerator), ("Out of", one.denominator or "–")]
    told += [
        ("Period", domain.PERIODS[one.period]),
        ("Source", one.document.source),
        ("Definition", one.document.prose),
    ]
    told += [("Figures", "Rounded to the nearest 5; c: withheld, because few children are behind it.")]
    for at, line in enumerate(told):
        about.write_row(at, 0, line)
    book.close()
    return data.getvalue()
