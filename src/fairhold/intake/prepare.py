"""What happens to a file before the database: read it, judge its year, encode its rows. Runs in a process of its own.

The rows of a child set aside whole are not encoded; a value set aside alone is left out of its child.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeGuard

from fairhold import formats
from fairhold.dates import clock
from fairhold.facts import Encoder
from fairhold.formats.csvread import CsvReading
from fairhold.formats.domain import Reading, Row
from fairhold.formats.domain import SetAside as Fault
from fairhold.intake import census, extract, offers, registers, returned, transfer
from fairhold.intake.domain import Aside, Form, Prepared, Sender

REGISTER = Sender("register")
_SAME_KEY = "Two items of one child claim the same place or date, with different values: the first is in."
_NOT_SENT = "The record that this value names did not come with the extract: the row is in without what it leads to."


@dataclass(frozen=True)
class File:
    """One file to prepare: the caller's word for it, its bytes, and a number that is its own in this run."""

    label: str
    data: bytes
    number: int


@dataclass(frozen=True)
class Settings:
    """What a file is judged by: numbers of the fact tables, what a person said of the files, and what is wanted.

    `year`: the collection year of a return; `day`: the day an extract speaks of (today); `only`: number of a file and
    of the one row of it to store.
    """

    tables: Mapping[str, int]
    year: str | None = None
    day: date | None = None
    only: tuple[int, int] | None = None

    def only_of(self, number: int) -> int | None:
        """The one row wanted of a file; None for all of them."""
        return self.only[1] if self.only and self.only[0] == number else None


def prepare(files: Sequence[File], settings: Settings) -> list[Prepared]:
    """Prepare files that came together: the tables of one return share a collection year, those of one extract name
    each other's records."""
    readings = {file.number: _open(file) for file in files}
    tables = {number: list(reading) for number, reading in readings.items() if _is(reading, returned.KIND)}
    year = settings.year or returned.year_of(tables.values(), clock.today())
    parts = extract.Extract(reading for reading in readings.values() if _is(reading, extract.KIND))
    made = {}
    for file in sorted(files, key=lambda file: parts.place(readings[file.number])):
        reading = readings[file.number]
        one = made[file.number] = Prepared(file.label, hashlib.sha256(file.data).hexdigest(), len(file.data))
        if reading is None:
            _register(one, file.data)
            continue
        one.kind, one.version = reading.kind, reading.version
        if reading.refused is not None:
            one.refused = (reading.refused.kind, reading.refused.reason)
        elif (form := _form(reading, settings, year, parts)) is None:
            one.refused = ("not-taken-in", f"Files of the kind “{reading.kind}” are read but not yet taken in.")
        elif (refused := form.begin(one, reading)) is not None:
            one.refused = refused
        else:
            rows = tables.get(file.number, reading)
            _encode(one, form, reading, rows, number=file.number, settings=settings)
    return [made[file.number] for file in files]


def _open(file: File) -> Reading | None:
    return None if registers.recognise(file.data) else formats.open(file.data)


def _is(reading: Reading | None, kind: str) -> TypeGuard[CsvReading]:
    return isinstance(reading, CsvReading) and reading.refused is None and reading.kind == kind


def _form(reading: Reading, settings: Settings, year: str | None, parts: extract.Extract) -> Form | None:
    """What is special about the kind of a file."""
    forms: dict[str | None, Form] = {
        transfer.KIND: transfer.Transfer(),
        returned.KIND: returned.Return(year),
        census.KIND: census.Census(settings.year),
        offers.KIND: offers.Offers(),
        extract.KIND: extract.Part(parts, settings.day or clock.today()),
    }
    return forms.get(reading.kind)


def _register(made: Prepared, data: bytes) -> None:
    made.kind, made.sender = registers.KIND, REGISTER
    made.at = datetime.combine(clock.today(), time())
    made.protected, made.aside = registers.read(data)
    made.rows = len(made.protected) + len(made.aside)


def _encode(
    made: Prepared, form: Form, reading: Reading, rows: Iterable[Row], *, number: int, settings: Settings
) -> None:
    only = settings.only_of(number)
    encoder = Encoder(number, settings.tables, kind=form.kind, year=made.year, links=form.links, only=only)
    aside, last = [], 0
    for row in rows:
        last = row.row
        if (fault := form.take(encoder, row)) is not None:
            aside.append(fault)
    made.encoded = encoder.finish()
    made.aside = [_aside(fault) for fault in reading.set_aside] + aside
    made.aside += [
        Aside(one.row, one.line, one.table, "same-key", _SAME_KEY if one.table else form.same_child)
        for one in made.encoded.repeated
    ]
    made.aside += [Aside(one.row, one.line, one.column, "not-sent", _NOT_SENT) for one in made.encoded.unlinked]
    made.unknown = [tuple(one) for one in reading.unknown]  # type: ignore[misc]
    made.rows = max([last, *(one.row or 0 for one in made.aside)])


def _aside(fault: Fault) -> Aside:
    return Aside(fault.row, fault.line, fault.path, fault.kind, fault.reason)
