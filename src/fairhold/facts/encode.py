"""Turns the rows of a file into COPY lines per fact table, in plain Python without a database.

It runs in a process of its own while the database stores the file before, so its result is bytes, cheap to hand over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fairhold.facts.mapping import Column, Sheet, columns, sheets
from fairhold.facts.recipes import Filled, escape, recipes


@dataclass(frozen=True)
class Repeated:
    """A second statement in one file that differs from the first of its key, which stays: an item of a table, or
    (table None) a whole pupil."""

    row: int
    line: int
    table: str | None


@dataclass
class Encoded:
    """One file ready to store: subjects and facts as COPY text, in the order of the file."""

    number: int
    subjects: bytes = b""
    lines: dict[int, bytes] = field(default_factory=dict)
    facts: int = 0
    repeated: list[Repeated] = field(default_factory=list)
    aliases: bool = False


class Encoder:
    """Collects the rows of one file.

    `number` tells the files of one run apart, `tables` are the numbers of the fact tables in this store, `year` is
    a return's collection year ("2026" for the year to 31 March 2026).
    """

    def __init__(self, number: int, tables: Mapping[str, int], *, year: str | None = None) -> None:
        self.out = Encoded(number)
        self._year = year
        self._tables = [tables[sheet.table.name] for sheet in sheets()]
        self._subjects: list[str] = []
        self._lines: dict[int, list[str]] = {}
        self._pupils: set[str] = set()
        self._seen: dict[tuple[str, int, tuple[str | None, ...]], list[str | None]] = {}

    def pupil(self, row: int, line: int, key: str, also: list[str], values: Mapping[str, str]) -> None:
        """One pupil of a transfer file; `also` are keys the same pupil may be known by from earlier files."""
        if key in self._pupils:
            self.out.repeated.append(Repeated(row, line, None))
            return
        self._pupils.add(key)
        texts = list(values.values())
        facts = [recipe.fill(texts) for recipe in recipes(tuple(values))]
        met: dict[tuple[int, tuple[str | None, ...]], list[str | None]] = {}
        kept = []
        for fact in facts:
            # Only items of lists can meet another of the same key; a pupil states everything else once.
            first = met.setdefault((fact.sheet.index, fact.key()), fact.cells) if fact.sheet.key else fact.cells
            if self._stays(row, line, fact, first):
                kept.append(fact)
        self._write(row, line, key, also, kept)

    def record(self, row: int, line: int, element: str, values: Mapping[str, str]) -> None:
        """One CSV record of a return; its subject is the child number."""
        key = values["CHILD"]
        facts = (_row_fact(sheet, chosen, values, self._year) for sheet, chosen in columns(element))
        kept = []
        for fact in filter(None, facts):
            first = self._seen.setdefault((key, fact.sheet.index, fact.key()), fact.cells)
            if self._stays(row, line, fact, first):
                kept.append(fact)
        self._write(row, line, key, [], kept)

    def finish(self) -> Encoded:
        """The whole file, encoded."""
        self.out.subjects = "".join(self._subjects).encode()
        self.out.lines = {index: "".join(lines).encode() for index, lines in self._lines.items()}
        self.out.facts = sum(map(len, self._lines.values()))
        return self.out

    def _stays(self, row: int, line: int, fact: Filled, first: list[str | None]) -> bool:
        """Whether this is the first fact with its key; a second with other values is reported, a copy is not."""
        if first is fact.cells:
            return True
        if first != fact.cells:
            self.out.repeated.append(Repeated(row, line, fact.sheet.table.name))
        return False

    def _write(self, row: int, line: int, key: str, also: list[str], facts: Iterable[Filled]) -> None:
        start, blocks = f"{self.out.number}\t{row}\t", set()
        for fact in facts:
            index = fact.sheet.index
            blocks.add(self._tables[index])
            self._lines.setdefault(index, []).append(start + fact.line())
        known = ",".join(f'"{alias}"' for alias in map(_array, also))
        self.out.aliases |= bool(also)
        sent = ",".join(map(str, sorted(blocks)))
        self._subjects.append(f"{start}{line}\t{escape(key)}\t{escape(f'{{{known}}}')}\t{{{sent}}}\n")


def _array(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _row_fact(sheet: Sheet, chosen: tuple[Column, ...], values: Mapping[str, str], year: str | None) -> Filled | None:
    """The fact of one table that a record states; None when its columns are all blank."""
    cells: list[str | None] = [None] * len(sheet.table.fields)
    raw: dict[str, str] | None = None
    said = sheet.presence
    for column in chosen:
        text = values.get(column.name)
        if not text:
            continue
        said = True
        cells[column.field] = cell = _cell(sheet, column, text)
        if cell is None:
            raw = {**(raw or {}), sheet.table.fields[column.field].name: text}
        if column.constant:
            cells[0] = column.constant
    if sheet.year is not None:
        cells[sheet.year] = year
    return Filled(sheet, cells, raw) if said else None


def _cell(sheet: Sheet, column: Column, text: str) -> str | None:
    if column.convert is not None:
        return column.convert(text)
    return text.upper() if sheet.upper else text
