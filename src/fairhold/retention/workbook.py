"""The dry run as an Excel file, for the people who decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from fairhold.errors import PlainError
from fairhold.retention.actions import DryRun, Record
from fairhold.retention.domain import Status
from fairhold.retention.rules import schedule

SHEETS = ((Status.DUE, "Due"), (Status.HELD, "Blocked"), (Status.REVIEW, "Review"), (Status.UNKNOWN, "No day"))
HEADINGS = ("Person", "Class", "Records", "Due", "Rule", "Why", "Last contact", "Evidence", "Blocked by")
WIDTHS = (10, 8, 26, 12, 8, 70, 14, 46, 30)


def write(run: DryRun, path: Path) -> None:
    """Write the dry run to `path`, which must not be there yet. People appear by number alone."""
    try:
        path.open("xb").close()
        book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
        _sheet(
            book,
            "Summary",
            ("Class", "Records", "State", "People", "Earliest day"),
            (8, 26, 18, 10, 14),
            (
                (each.klass, title(each.klass), each.status.value, each.people, _day(each.earliest))
                for each in run.counts
            ),
        )
        for status, name in SHEETS:
            _sheet(book, name, HEADINGS, WIDTHS, map(_row, run.of(status)))
        _sheet(
            book,
            "Files",
            ("File", "Kind", "Rule", "Due", "Blocked by"),
            (8, 16, 8, 12, 30),
            ((each.file, each.kind, each.rule, _day(each.due), "; ".join(each.blocked_by)) for each in run.files),
        )
        book.close()
    except FileExistsError:
        raise PlainError(f"{path} is already there: name another file.") from None
    except OSError as error:
        path.unlink(missing_ok=True)
        raise PlainError(f"{path} cannot be written ({error.strerror}): name another file.") from error


def title(klass: str) -> str:
    """The class in words."""
    return schedule()[klass].title.replace("_", " ")


def _day(day: object) -> str:
    return "" if day is None else str(day)


def _row(record: Record) -> tuple[object, ...]:
    due = record.due
    return (
        record.person,
        record.klass,
        title(record.klass),
        _day(due.date),
        due.rule,
        due.why,
        _day(record.last_contact),
        record.evidence,
        "; ".join(due.blocked_by),
    )


def _sheet(
    book: xlsxwriter.Workbook,
    name: str,
    headings: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[object]],
) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_header("&LOFFICIAL-SENSITIVE&RDisposal dry run: delete after the decision")
    sheet.write_row(0, 0, headings, book.add_format({"bold": True}))
    sheet.freeze_panes(1, 0)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, row)
