"""The XML form of SSDA903, as far as its elements are known: tables Header, Episodes, Reviews, Missing, OC2, PrevPerm
and PlacedAdoption. Rules that need another table are not run.

Read by the parser of the standard library, which resolves nothing outside the file; a document type is refused, so no
entity can be declared. Rows that were complete before a fault in the file are kept.
"""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from fairhold.returns.files import SetAside
from fairhold.returns.loading import Given
from fairhold.returns.recognising import Recognised
from fairhold.returns.sheets import from_rows
from fairhold.rulebook.domain import Table

ROOT: Final = "EXPSSDA903"
RENAMED: Final = {"CHILDID": "CHILD", "PL": "PLACE"}
BLOCKS: Final = {
    "AREVIEW": "Reviews",
    "AMISSING": "Missing",
    "OC2": "OC2",
    "PERMANENCE": "PrevPerm",
    "AD_PLACED": "PlacedAdoption",
    "EPISODE": "Episodes",
}
TABLES: Final = ("Header", *BLOCKS.values())
Block = tuple[str, int, dict[str, str]]


class _Refused(Exception):
    """The file is XML that must not or cannot be read as this return."""


class _Reader:
    """Collects the blocks of one child after another; a block's own elements go before those of the child."""

    def __init__(self) -> None:
        self.rows: list[Block] = []
        self.unknown: set[str] = set()
        self._path: list[str] = []
        self._header: dict[str, str] = {}
        self._header_line = 0
        self._blocks: list[Block] = []
        self._text: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text.append
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise _Refused("declares a document type, which is not allowed; save it without one")

    def _start(self, name: str, _: object) -> None:
        name = name.rpartition(":")[2].upper()
        self._text.clear()
        self._path.append(name)
        line = self.parser.CurrentLineNumber
        if len(self._path) == 1 and name != ROOT:
            raise _Refused(f"begins with {name} and not with {ROOT}; check that it is the return's file")
        if name == "HEADER" or (len(self._path) == 2 and not self._header_line):
            self._header_line = line
        if name in BLOCKS and name not in self._path[:-1]:
            self._blocks.append((BLOCKS[name], line, {}))

    def _end(self, _: str) -> None:
        name = self._path.pop()
        if len(self._path) == 1:
            self._finish_child()
        elif name not in BLOCKS and name != "HEADER" and self._path:
            self._leaf(RENAMED.get(name, name), "".join(self._text))
        self._text.clear()

    def _leaf(self, name: str, text: str) -> None:
        inside = next((block for block in reversed(self._path) if block in BLOCKS), None)
        (self._blocks[-1][2] if inside else self._header)[name] = text

    def _finish_child(self) -> None:
        self.rows.append(("Header", self._header_line, self._header))
        self.rows += [(table, line, self._header | own) for table, line, own in self._blocks]
        self._header, self._header_line, self._blocks = {}, 0, []


def read(label: str, data: bytes, tables: tuple[Table, ...]) -> tuple[dict[str, Given], list[SetAside]]:
    """The tables of one file with the line of each row's element, and what was left out of it."""
    reader = _Reader()
    aside = []
    try:
        reader.parser.Parse(data, True)
    except _Refused as refused:
        return {}, [SetAside(label, 0, "", str(refused))]
    except expat.ExpatError as error:
        reason = f"is not well formed here ({expat.ErrorString(error.code)}); rows complete before it were used"
        aside.append(SetAside(label, error.lineno, "", reason))
    known = [table for table in tables if table.name in TABLES]
    return {table.name: _given(label, table, reader.rows) for table in known}, aside


def _given(label: str, table: Table, blocks: list[Block]) -> Given:
    names = [column.name for column in table.columns if column.name == "UASC" or not column.derived]
    mine = [(line, values) for name, line, values in blocks if name == table.name]
    rows = [[values.get(name, "") for name in names] for _, values in mine]
    extra: dict[str, None] = {}
    for _, values in mine if table.name == "Header" else ():
        extra.update(dict.fromkeys(name for name in values if name not in names))
    positions = {name: i for i, name in enumerate(names)}
    sheet = from_rows(label, names, rows, [line for line, _ in mine])
    return Given(sheet, Recognised(table, positions, tuple(extra)))
