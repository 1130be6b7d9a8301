"""List 11, the adopters: it comes in a file of its own, for no case system of children holds them.

The file is told by its columns, as CSV or workbook; its codes may stand with or without Ofsted's letter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from fairhold.formats import annex_a
from fairhold.returns.annex_a.domain import ADOPTERS, AnnexError, Made
from fairhold.returns.annex_a.making import months_back
from fairhold.returns.files import CannotRun
from fairhold.returns.reading import Inputs
from fairhold.rulebook.domain import DATE, ISO, TEXT, UK, Column, Return, Table

_ID, _LEFT, _ADOPTED = (
    "Individual adopter identifier",
    "Date of leaving adoption process",
    "Date of Adoption Order",
)


@dataclass
class Adopters:
    """The list, and how many rows were left out: without an identifier, or of people who left before the year."""

    made: Made
    nameless: int = 0
    earlier: int = 0
    extra: tuple[str, ...] = field(default_factory=tuple)

    @property
    def sentence(self) -> str:
        """What came of the file, for people."""
        ignored = f" Columns not in the list: {', '.join(self.extra)}." if self.extra else ""
        return (
            f"Rows taken in: {len(self.made.rows):,}; left out without an identifier: {self.nameless:,}, of people who"
            f" left before the year: {self.earlier:,}.{ignored}"
        )


def _table() -> Table:
    columns = annex_a.lists()[ADOPTERS].columns
    return Table(ADOPTERS, tuple(Column(c.name, DATE if c.form == annex_a.DATE else TEXT) for c in columns))


def _declared() -> Return:
    return Return(
        name="annex-a",
        title="Adopters",
        module=__name__,
        folder=Path(__file__).parent,
        tables=lambda: (_table(),),
        child=_ID,
        dates=(UK, ISO),
        workbooks=True,
    )


def read(label: str, data: bytes, day: date) -> Adopters:
    """The adopters of a file who were with the agency in the twelve months to the day; AnnexError if it is none."""
    inputs = Inputs(_declared())
    try:
        inputs.take(label, data, (_table(),), None)
    except CannotRun as error:
        raise AnnexError(error.sentence) from None
    given = inputs.given.get(ADOPTERS)
    if given is None:
        raise AnnexError(f"{label} is no list of adopters: its columns are named as in list 11, such as “{_ID}”.")
    found = Adopters(Made(ADOPTERS, []), extra=given.recognised.extra)
    positions = given.recognised.positions
    for _, cells in given.sheet.rows():
        said = {name: cells[at].strip() for name, at in positions.items()}
        _take(found, said, day)
    found.made.rows.sort()
    return found


def _take(found: Adopters, said: dict[str, str], day: date) -> None:
    if not said.get(_ID):
        found.nameless += any(said.values())
        return
    days = [_day(text) for text in (said.get(_LEFT, ""), said.get(_ADOPTED, "")) if text]
    if any(one and one < months_back(day, 12) for one in days):
        found.earlier += 1
        return
    found.made.rows.append(
        tuple(_cell(found.made, column, said.get(column.name, "")) for column in found.made.of.columns)
    )


def _cell(made: Made, column: annex_a.Column, text: str) -> str:
    """What the workbook holds; what cannot be read is blank and counted."""
    if not text:
        return ""
    read_as: Callable[[str], str] = _AS.get(column.form, str)
    written = (
        annex_a.lettered(column.codes).get(text.partition(") ")[2].upper() or text.upper(), "")
        if column.codes
        else read_as(text)
    )
    if not written:
        made.outside[column.name] = made.outside.get(column.name, 0) + 1
    return written


def _day(text: str) -> date | None:
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return None


def _as_day(text: str) -> str:
    day = _day(text)
    return day.strftime("%d/%m/%Y") if day else ""


_AS: dict[str, Callable[[str], str]] = {
    annex_a.DATE: _as_day,
    annex_a.COUNT: lambda text: text if text.isdecimal() else "",
}
