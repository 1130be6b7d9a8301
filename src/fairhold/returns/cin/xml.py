"""The census file as tables, in one pass and without a tree: each row with the physical line of its element.

Read by the parser of the standard library, which resolves nothing outside the file; a document type is refused, so no
entity can be declared. Children complete before a fault in the file are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from xml.parsers import expat

from fairhold.returns.cin.places import UNKNOWN, Place, Rows, tree
from fairhold.returns.cin.shape import ASSESSMENT, EPISODE, PLAN, ROOT
from fairhold.returns.files import SetAside
from fairhold.returns.loading import Given
from fairhold.returns.recognising import Recognised
from fairhold.returns.sheets import CELL, RECORD, TextSheet
from fairhold.rulebook.domain import ISO, Table

COLLECTION: Final = "CIN"
Begun = tuple[Place, list[str], int]  # a row not yet finished, and the line of its element


class Refused(Exception):
    """The file is XML that must not or cannot be read as this return."""


def read(label: str, data: bytes, tables: tuple[Table, ...]) -> tuple[dict[str, Given], list[SetAside]]:
    """The tables of one file with the line of each row's element, and what was left out of it."""
    reader = Reader({table.name: Rows(table) for table in tables})
    aside = []
    try:
        reader.parser.Parse(data, True)
    except Refused as refused:
        return {}, [SetAside(label, 0, "", str(refused))]
    except expat.ExpatError as error:
        reason = f"is not well formed here ({expat.ErrorString(error.code)}); children complete before it were used"
        aside.append(SetAside(label, error.lineno, "", reason))
    except (LookupError, ValueError):
        return {}, [SetAside(label, 0, "", "says it is in an encoding that cannot be read; save it as UTF-8")]
    aside += [
        SetAside(label, line, table, f"{name} stands {times} times in one element; the first was used")
        for (table, name), (line, times) in reader.repeated.items()
    ]
    found = {name: _given(label, rows) for name, rows in reader.rows.items() if rows.records or name != "Header"}
    return found, aside


def _given(label: str, rows: Rows) -> Given:
    """The table as it was given. XML cannot hold the marks between cells and rows."""
    sheet = TextSheet(label, rows.names, rows.records, CELL, RECORD, rows.lines)
    positions = {name: at for at, name in enumerate(rows.names)}
    return Given(sheet, Recognised(rows.table, positions, tuple(rows.extra)), (ISO,))


class Reader:
    """Collects the rows of one child after another into `rows`.

    The parser calls back a million times for a large authority, so its two handlers keep their state in local names
    and do no more than they must.
    """

    def __init__(self, rows: dict[str, Rows]) -> None:
        self.rows = rows
        self.repeated: dict[tuple[str, str], tuple[int, int]] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _doctype
        text: list[str] = []
        self.parser.CharacterDataHandler = text.append
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._handlers(text)

    def _handlers(  # noqa: C901, PLR0915 (two handlers over one state)
        self, text: list[str]
    ) -> tuple[Callable[[str, Any], None], Callable[[str], None]]:
        parser = self.parser
        outside = place = tree(self.rows)
        at: dict[str, int] = {}
        row: list[str] = []
        around: list[tuple[Place, list[str], int]] = []
        waiting: list[Begun] = []  # rows of this child, or of the header, begun so far
        counts = dict.fromkeys((EPISODE, ASSESSMENT, PLAN), 0)
        episode = third = ""
        list_line = 0

        def start(name: str, attributes: Any) -> None:
            nonlocal place, at, row, episode, third, list_line
            text.clear()
            below = place.known.get(name, UNKNOWN)
            if below is None:
                return
            if below is UNKNOWN or attributes:
                below = self._unusual(place, outside, name, attributes)
                if below is None:
                    return
            around.append((place, row, len(waiting)))
            place, at = below, below.at
            if below.opens:
                if below.counts:
                    number = counts[below.counts] = counts[below.counts] + 1
                    if below.counts == EPISODE:
                        counts[ASSESSMENT] = counts[PLAN] = 0
                        episode = str(number)
                    else:
                        third = str(number)
                row = below.blank.copy()
                if below.deep:
                    row[1] = episode
                    if below.deep == 2:
                        row[2] = third
                waiting.append((below, row, parser.CurrentLineNumber))
            elif below.lists:
                list_line = parser.CurrentLineNumber

        def end(name: str) -> None:
            nonlocal place, at, row
            cell = at.get(name)
            if cell is not None:
                value = text[0] if len(text) == 1 else "".join(text)
                if row[cell]:
                    self._again(place, name)
                else:
                    row[cell] = value
                return
            ended, begun = place, row
            place, row, before = around.pop()
            at = place.at
            if ended.value_at >= 0:
                value = begun[ended.value_at] = "".join(text)
                if ended.gathers_at >= 0 and value:
                    cell = ended.gathers_at
                    row[cell] = f"{row[cell]},{value}" if row[cell] else value
            elif ended.lists and len(waiting) < before + 2:  # a list of one, or none, stands for itself
                _, item, _ = waiting.pop() if len(waiting) > before else (ended, ["", episode, third, ""], 0)
                waiting.append((ended, item, list_line))
            elif ended.whole:
                self._finish(waiting)
                waiting.clear()
                counts[EPISODE] = 0

        return start, end

    def _unusual(self, place: Place, outside: Place, name: str, attributes: Any) -> Place | None:
        """The place of an element that is not known by that spelling, or that has attributes; None for a value."""
        if "xmlns" in attributes:
            raise Refused(f"puts {name} in a namespace, which a census file does not; check that it is one")
        if name in place.known or place.spelled(name):
            return place.known[name]
        if place is outside:
            raise Refused(f"begins with {name} and not with {ROOT}; check that it is a census file")
        if place is not UNKNOWN:
            self.rows[place.table].extra[name] = None
        return UNKNOWN

    def _again(self, place: Place, name: str) -> None:
        key = place.table, name
        line, times = self.repeated.get(key, (self.parser.CurrentLineNumber, 1))
        self.repeated[key] = line, times + 1

    def _finish(self, begun: list[Begun]) -> None:
        """Keep the rows of a child, or of the header, that has ended."""
        child = next((row[0] for place, row, _ in begun if place.table == "ChildIdentifiers"), "")
        for place, row, line in begun:
            of = place.of
            if place.keyed:
                row[0] = child
            elif place.table == "Header" and row[0].upper() not in ("", COLLECTION):
                raise Refused(f"is of the collection {row[0]} and not {COLLECTION}; check that it is a census file")
            of.records.append(CELL.join(row))
            of.lines.append(line)


def _doctype(*_: object) -> None:
    raise Refused("declares a document type, which is not allowed; save it without one")
