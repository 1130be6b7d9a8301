"""How a CSV file becomes rows: the table is known by its columns, in any order and letter case."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from fairhold.formats import offers, ssd, ssda903
from fairhold.formats.domain import SIZE_LIMIT, Reading, Row, SetAside, Unknown, refusal
from fairhold.formats.encoding import Undeclared, csv_text, without_cut_letter

_SHARED = frozenset({"CHILD", "DOB", "SEX"})  # columns of many tables, which tell none apart
_NOT_TEXT = "The file is neither XML nor text: ask the sender for it as XML or CSV."
_CONTROLS = frozenset(map(chr, [*range(9), 11, *range(14, 27), *range(28, 32)]))


@dataclass(frozen=True)
class Record:
    """One CSV record: its cells, and the physical line it starts on. `fault` is why its cells cannot be told apart."""

    line: int
    cells: list[str]
    fault: str | None = None


def records(text: str) -> Iterator[Record]:
    """Every record of a CSV text, blank lines left out. A quote that never closes gives a record with that fault."""
    csv.field_size_limit(SIZE_LIMIT)
    taken: list[str] = []  # the physical lines of the record being read
    reader = csv.reader(map(partial(_noted, taken), io.StringIO(text, newline="")), strict=True)
    while True:
        first = reader.line_num + 1
        taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Record(first, [], str(error))
            if not _never_closes(str(error)):
                yield from _apart(taken[1:], first + 1)
            continue
        if cells:
            yield Record(first, cells)


def _noted(taken: list[str], line: str) -> str:
    taken.append(line)
    return line


def _never_closes(fault: str) -> bool:
    return "end of data" in fault


def _apart(lines: list[str], first: int) -> Iterator[Record]:
    """Lines that a stray quote drew into the record before them, each by itself; one with a stray quote is at fault."""
    for number, line in enumerate(lines, first):
        try:
            cells = next(csv.reader([line], strict=True))
            fault = "a quote inside a cell" if any('"' in cell for cell in cells) else None
        except csv.Error as error:
            cells, fault = [], str(error)
        if cells or fault:
            yield Record(number, [] if fault else cells, fault)


@dataclass(frozen=True)
class Table:
    """A table that a file was recognised as: its kind, its name, its columns in their order, how names are spelled."""

    kind: str
    name: str
    columns: tuple[str, ...]
    spelled: Callable[[str], str]


def table_of(columns: list[str]) -> Table | None:
    """The table of a return, or the entity of an extract, that these columns are of, whatever their letter case."""
    upper = frozenset(name.upper() for name in columns)
    if upper == frozenset(offers.COLUMNS):
        return Table(offers.KIND, offers.TABLE, offers.COLUMNS, str.upper)
    if (name := _of_the_return(upper)) is not None:
        return Table("ssda903", name, ssda903.tables()[name].names, str.upper)
    if (name := _of_an_extract(upper)) is not None:
        return Table(ssd.KIND, name, ssd.entities()[name].names, str.lower)
    return None


def _of_the_return(present: frozenset[str]) -> str | None:
    """The SSDA903 table most of whose own columns are there."""
    if "CHILD" not in present:
        return None
    best: tuple[float, int] = (0.5, 0)
    found = None
    for table in ssda903.tables().values():
        own = frozenset(table.names) - _SHARED
        met = len(own & present)
        if met and (met / len(own), met) >= best:
            best, found = (met / len(own), met), table.name
    return found


def _of_an_extract(present: frozenset[str]) -> str | None:
    """The SSD entity most of whose columns are there: half of them, or the record's number and one more.

    Most names begin with four letters of their entity, and so cannot be of anything else.
    """
    best, found = 1, None
    for entity in ssd.entities().values():
        met = sum(name.upper() in present for name in entity.names)
        own = entity.record or entity.person
        sure = own[4:5] == "_" and own.upper() in present
        if met > best and (sure or 2 * met >= len(entity.names)):
            best, found = met, entity.name
    return found


def _named(header: list[str], spelled: Callable[[str], str]) -> tuple[str, ...]:
    """Column names as the reference spells them; one that stands twice is told apart by `[n]`, a blank by its place."""
    names: list[str] = []
    met: Counter[str] = Counter()
    for place, cell in enumerate(header, 1):
        name = spelled(cell.strip()) or f"column {place}"
        met[name] += 1
        names.append(name if met[name] == 1 else f"{name}[{met[name]}]")
    return tuple(names)


@dataclass
class CsvReading(Reading):
    """One table of a return or an extract. Values are never judged; a record whose cells do not match the header is
    set aside.

    `listed` are the columns that the table may have; `cut_at` is the line on which the file ends in the middle of a
    letter.
    """

    table: str = ""
    listed: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    cut_at: int | None = None
    _records: Iterator[Record] = field(default_factory=lambda: iter(()))

    def batches(self, size: int = 256) -> Iterator[list[Row]]:
        """The good rows in order, in lists of about `size`."""
        known = frozenset(self.listed)
        extra = [name for name in self.columns if name not in known]
        batch: list[Row] = []
        for number, record in enumerate(self._records, 1):
            if record.fault or len(record.cells) != len(self.columns):
                self._refuse(number, record)
                continue
            values = {
                name: text for name, cell in zip(self.columns, record.cells, strict=True) if (text := cell.strip())
            }
            for name in extra:
                if name in values:
                    self.unknown.append(Unknown(number, record.line, name, values.pop(name)))
            batch.append(Row(number, self.table, record.line, values))
            if len(batch) >= size:
                yield batch
                batch = []
        if batch:
            yield batch
        if self.cut_at is not None:
            reason = "The file ends in the middle of a letter: ask the sender for it again."
            self.set_aside.append(SetAside(None, self.cut_at, None, "truncated", reason))

    def _refuse(self, number: int, record: Record) -> None:
        if record.fault and _never_closes(record.fault):
            reason = "A quote opened here is never closed: the file breaks off, so ask the sender for it again."
            self.set_aside.append(SetAside(None, record.line, None, "truncated", reason))
            return
        if record.fault:
            reason = "A quote stands inside a cell, so the cells cannot be told apart: double it and send it again."
        else:
            has = f"{len(record.cells)} cell{'s' if len(record.cells) != 1 else ''}"
            reason = f"The record has {has} where the header has {len(self.columns)}: correct it and send it again."
        sent = {str(place): cell for place, cell in enumerate(record.cells, 1)}
        self.set_aside.append(SetAside(number, record.line, None, "cells", reason, self.table, sent))


def open_csv(data: bytes) -> Reading:
    """Open a file that is no XML."""
    if b"\x00" in data and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return refusal("not-text", _NOT_TEXT)
    uncut = without_cut_letter(data)
    try:
        text, encoding = csv_text(data if uncut is None else uncut)
    except Undeclared as fault:
        return refusal("encoding", fault.sentence)
    text = text.removesuffix("\x1a")  # old systems end a text file with this mark
    rest = records(text if uncut is None else text[: text.rfind("\n") + 1])
    first = next(rest, None)
    table = table_of([cell.strip() for cell in first.cells]) if first else None
    if first is None or table is None:
        if not _CONTROLS.isdisjoint(text[:65536]):
            return refusal("not-text", _NOT_TEXT)
        return refusal("unknown-kind", "No format that is read has these columns: check which file was sent.")
    columns = _named(first.cells, table.spelled)
    missing = tuple(name for name in table.columns if name not in columns)
    return CsvReading(
        kind=table.kind,
        header={"encoding": encoding},
        encoding=encoding,
        missing_columns=missing,
        table=table.name,
        listed=table.columns,
        columns=columns,
        cut_at=None if uncut is None else text.count("\n") + 1,
        _records=rest,
    )
