"""The files of a return: each is recognised, or set aside with its reason; a table may come only once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from fairhold.returns.files import ENDINGS, WORKBOOK, CannotRun, SetAside, decode, gather, read_bytes
from fairhold.returns.loading import Given
from fairhold.returns.recognising import recognise
from fairhold.returns.sheets import read_csv
from fairhold.rulebook.domain import LAST, Return, Table

ZIPPED: Final = b"PK\x03\x04"  # how an Excel workbook begins
ReadXml = Callable[[str, bytes, tuple[Table, ...]], tuple[dict[str, Given], list[SetAside]]]


@dataclass
class Inputs:
    """Tables of a return by name as they were given, and what was left out; `reference` names reference data.

    `day` is the day as at which the return is made, for those that are made as at one.
    """

    of: Return
    reference: Sequence[Path] = ()
    day: date | None = None
    given: dict[str, Given] = field(default_factory=dict)
    set_aside: list[SetAside] = field(default_factory=list)
    _seen: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def read(self, paths: list[Path], tables: tuple[Table, ...], read_xml: ReadXml | None, ending: str = "") -> None:
        """Take in files and folders; `ending` is added to the names of last year's tables."""
        for path in gather(paths, (*ENDINGS, WORKBOOK) if self.of.workbooks else ENDINGS):
            try:
                data = read_bytes(path)
            except CannotRun as refused:  # one file that cannot be had stops no other
                self._leave_out(path.name, refused.sentence.removeprefix(f"{path.name} ").rstrip("."))
                continue
            self.take(path.name, data, tables, read_xml, ending)

    def take(
        self, label: str, data: bytes, tables: tuple[Table, ...], read_xml: ReadXml | None, ending: str = ""
    ) -> None:
        """Take in one file, known by `label`."""
        if decode(data[:64]).lstrip().startswith("<"):
            self._read_xml(label, data, tables, read_xml, ending)
        elif self.of.workbooks and data.startswith(ZIPPED):
            self._read_workbook(label, data, tables, ending)
        else:
            self._read_csv(label, data, tables, ending)

    def finish(self) -> None:
        """Add the lines that were left out while loading, and sort everything left out by file and line."""
        for table, given in self.given.items():
            width = len(given.sheet.header)
            self.set_aside += [
                SetAside(given.sheet.label, line, table, f"has {count} cells instead of {width}")
                for line, count in given.sheet.wrong
            ]
        self.set_aside.sort(key=lambda item: (item.file, item.line, item.table))

    def has_this_year(self) -> bool:
        """Whether any table of this year was found."""
        return any(not table.endswith(LAST) for table in self.given)

    def _leave_out(self, label: str, reason: str, table: str = "") -> None:
        self.set_aside.append(SetAside(label, 0, table, reason))

    def _read_xml(
        self, label: str, data: bytes, tables: tuple[Table, ...], read_xml: ReadXml | None, ending: str
    ) -> None:
        if read_xml is None:
            self._leave_out(label, "is XML, which this return does not take")
            return
        found, aside = read_xml(label, data, tables)
        self.set_aside += aside
        for table, given in found.items():
            self._take(table + ending, given, data)

    def _read_csv(self, label: str, data: bytes, tables: tuple[Table, ...], ending: str) -> None:
        text = decode(data)
        sheet = None if "\0" in text else read_csv(label, text)
        if sheet is None:
            self._leave_out(label, "is not text; save it as CSV" if "\0" in text else "is empty")
            return
        found = recognise(sheet.header, tables, self.of.child)
        if found is None:
            self._leave_out(label, "has the columns of no table of this return")
            return
        self._take(found.table.name + ending, Given(sheet, found, self.of.dates), data)

    def _read_workbook(self, label: str, data: bytes, tables: tuple[Table, ...], ending: str) -> None:
        from fairhold.returns.workbooks import read  # noqa: PLC0415 (few returns come as workbooks)

        found, aside = read(label, data, tables, self.of)
        self.set_aside += aside
        for table, given, content in found:
            self._take(table + ending, given, content)

    def _take(self, table: str, given: Given, data: bytes) -> None:
        label = given.sheet.label
        if table not in self._seen:
            self._seen[table] = label, data
            self.given[table] = given
            return
        first, its_data = self._seen[table]
        if its_data != data:
            raise CannotRun(f"{first} and {label} both hold the table {table}; give only one of them.")
        self._leave_out(label, f"is the same as {first}", table)
