"""What happens to a file before the database: read it, judge its year, encode its rows. Runs in a process of its own.

The rows of a pupil set aside whole are not encoded; a value set aside alone is left out of its pupil.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from fairhold import formats
from fairhold.dates import clock
from fairhold.facts import Encoder
from fairhold.facts.convert import british_date
from fairhold.formats.csvread import CsvReading
from fairhold.formats.domain import Reading, Row
from fairhold.formats.domain import SetAside as Fault
from fairhold.intake import registers
from fairhold.intake.domain import Aside, Prepared, Sender, collection_year, wrong_year
from fairhold.intake.keys import pupil_keys

TRANSFER, RETURN = "ctf", "ssda903"
CASE_SYSTEM, REGISTER = Sender("case-system"), Sender("register")
_SAME_KEY = "Two items of one child claim the same place or date, with different values: the first is in."
_SAME_PUPIL = "Another pupil of this file has the same names and birth date, and neither a UPN: the first is in."
_NOT_OF_THE_YEAR = frozenset({"DOB", "MC_DOB"})


@dataclass(frozen=True)
class File:
    """One file to prepare: the caller's word for it, its bytes, and a number that is its own in this run."""

    label: str
    data: bytes
    number: int


@dataclass(frozen=True)
class Settings:
    """What a file is judged by: numbers of the fact tables, and a collection year where a person gave one."""

    tables: Mapping[str, int]
    year: str | None = None
    only_row: int | None = None


def prepare(files: Sequence[File], settings: Settings) -> list[Prepared]:
    """Prepare files that came together, such as the tables of one return: they share a collection year."""
    readings = [(file, _open(file)) for file in files]
    returns = {file.number: list(reading) for file, reading in readings if reading and _is_return(reading)}
    year = settings.year or collection_year(_days(returns.values()), clock.today())
    judged = replace(settings, year=year)
    return [_prepare(file, reading, returns.get(file.number), judged) for file, reading in readings]


def _open(file: File) -> Reading | None:
    return None if registers.recognise(file.data) else formats.open(file.data)


def _is_return(reading: Reading) -> bool:
    return reading.refused is None and reading.kind == RETURN


def _prepare(file: File, reading: Reading | None, rows: list[Row] | None, settings: Settings) -> Prepared:
    made = Prepared(file.label, hashlib.sha256(file.data).hexdigest(), len(file.data))
    if reading is None:
        return _register(made, file.data)
    made.kind, made.version = reading.kind, reading.version
    if reading.refused is not None:
        made.refused = (reading.refused.kind, reading.refused.reason)
    elif rows is not None:
        _return(made, reading, rows, file.number, settings)
    elif reading.kind == TRANSFER:
        _transfer(made, reading, file.number, settings)
    else:
        made.refused = ("not-taken-in", f"Files of the kind “{reading.kind}” are read but not yet taken in.")
    return made


def _register(made: Prepared, data: bytes) -> Prepared:
    made.kind, made.sender = registers.KIND, REGISTER
    made.at = datetime.combine(clock.today(), time())
    made.protected, made.aside = registers.read(data)
    made.rows = len(made.protected) + len(made.aside)
    return made


def _transfer(made: Prepared, reading: Reading, number: int, settings: Settings) -> None:
    made.refused = _header(made, reading.header)
    if made.refused is not None:
        return
    encoder, last = Encoder(number, settings.tables), 0
    for batch in reading.batches():
        for row in batch:
            last = row.row
            if settings.only_row in {None, row.row}:
                key, also = pupil_keys(row.values)
                encoder.pupil(row.row, row.line, key, also, row.values)
    _finish(made, reading, encoder, last)


def _header(made: Prepared, header: Mapping[str, str]) -> tuple[str, str] | None:
    """Fill in sender and instant from a transfer file's header; returns why the file is refused, or None."""
    made.sender = Sender("school", header.get("SourceSchool/LEA"), header.get("SourceSchool/Estab"))
    try:
        made.at = datetime.fromisoformat(header.get("DateTime", "")).replace(tzinfo=None)
    except ValueError:
        return "no-date", "The header's DateTime is missing or is no date: ask the sender to export the file again."
    reason = wrong_year(header.get("SourceSchool/AcademicYear"), made.at, clock.today())
    return ("wrong-year", reason) if reason else None


def _return(made: Prepared, reading: Reading, rows: list[Row], number: int, settings: Settings) -> None:
    made.sender, made.element = CASE_SYSTEM, reading.table if isinstance(reading, CsvReading) else None
    year = settings.year
    if year is None:
        made.refused = (
            "no-year",
            "Nothing in these files shows their collection year: send the return's tables together, or name the year.",
        )
        return
    made.year = year
    made.at = datetime.combine(min(date(int(year), 3, 31), clock.today()), time())
    encoder = Encoder(number, settings.tables, year=year)
    for row in rows:
        if settings.only_row in {None, row.row}:
            encoder.record(row.row, row.line, row.element, row.values)
    _finish(made, reading, encoder, rows[-1].row if rows else 0)


def _days(tables: Iterable[list[Row]]) -> list[date]:
    return [
        date.fromisoformat(day)
        for rows in tables
        for row in rows
        for name, text in row.values.items()
        if name not in _NOT_OF_THE_YEAR and "/" in text and (day := british_date(text))
    ]


def _finish(made: Prepared, reading: Reading, encoder: Encoder, last: int) -> None:
    made.encoded = encoder.finish()
    made.aside = [_aside(fault) for fault in reading.set_aside]
    made.aside += [
        Aside(one.row, one.line, one.table, "same-key", _SAME_KEY if one.table else _SAME_PUPIL)
        for one in made.encoded.repeated
    ]
    made.unknown = [tuple(one) for one in reading.unknown]  # type: ignore[misc]
    made.rows = max([last, *(one.row or 0 for one in made.aside)])


def _aside(fault: Fault) -> Aside:
    return Aside(fault.row, fault.line, fault.path, fault.kind, fault.reason)
