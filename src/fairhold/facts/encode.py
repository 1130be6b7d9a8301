"""Turns the rows of a file into COPY lines per fact table, in plain Python without a database.

It runs in a second process while the database stores the file before, so its result is bytes, cheap to hand over.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from fairhold.facts.convert import Convert
from fairhold.facts.mapping import Column, Sheet, Target, columns, resolve, sheets

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def escape(text: str) -> str:
    """Text as COPY reads it."""
    return text.translate(_ESCAPES)


@dataclass(frozen=True)
class Repeated:
    """Two items of one block that claim the same key with different values: the first stays."""

    row: int
    line: int
    table: str


@dataclass
class Encoded:
    """One file ready to store: subjects and facts as COPY text, in the order of the file."""

    number: int
    subjects: bytes = b""
    lines: dict[int, bytes] = field(default_factory=dict)
    facts: int = 0
    repeated: list[Repeated] = field(default_factory=list)
    aliases: bool = False


class Item:
    """The values of one fact while a row is read."""

    __slots__ = ("number", "raw", "sheet", "values")

    def __init__(self, sheet: Sheet, number: tuple[int, ...]) -> None:
        self.sheet, self.number = sheet, number
        self.values: list[str | None] = [None] * len(sheet.table.fields)
        self.raw: dict[str, str] | None = None

    def keep(self, name: str, text: str) -> None:
        """Keep what cannot stand in its typed field, as it was sent."""
        self.raw = {**(self.raw or {}), name: text}


class Encoder:
    """Collects the rows of one file.

    `number` tells the files of one run apart, `tables` are the numbers of the fact tables in this store, `year` is
    a return's collection year ("2026" for the year to 31 March 2026).
    """

    def __init__(self, number: int, tables: Mapping[str, int], *, year: str | None = None) -> None:
        self.out = Encoded(number)
        self._subjects: list[str] = []
        self._lines: dict[int, list[str]] = {}
        self._year = year
        self._sheets = sheets()
        self._tables = [tables[sheet.table.name] for sheet in self._sheets]
        self._seen: dict[tuple[int, str, tuple[str | None, ...]], list[str | None]] = {}

    def pupil(self, row: int, line: int, key: str, also: list[str], values: Mapping[str, str]) -> None:
        """One pupil of a transfer file; `also` are keys the same pupil may be known by from earlier files."""
        items: dict[Hashable, Item] = {}
        shared: list[tuple[Target, str]] = []
        for path, text in values.items():
            target = resolve(path)
            if target is None:
                continue
            if target.leaf.shared:
                shared.append((target, text))
            else:
                self._put_value(items, target, path, text)
        for target, text in shared:
            _share(items.values(), target, text)
        for item in items.values():
            _give_place(item)
        self._write(row, line, key, also, list(items.values()))

    def _put_value(self, items: dict[Hashable, Item], target: Target, path: str, text: str) -> None:
        leaf = target.leaf
        item = items.get(target.slot)
        if item is None:
            item = items[target.slot] = Item(self._sheets[leaf.table], target.item)
            if leaf.constant:
                item.values[0] = leaf.constant
        if leaf.joined:
            _join(item, leaf.field, path, text)
        else:
            _put(item, leaf.field, leaf.convert, path, text)

    def record(self, row: int, line: int, element: str, values: Mapping[str, str]) -> None:
        """One CSV record of a return; its subject is the child number."""
        items = [
            item
            for sheet, chosen in columns(element)
            if (item := _row_item(sheet, chosen, values, self._year)) is not None
        ]
        self._write(row, line, values["CHILD"], [], items)

    def finish(self) -> Encoded:
        """The whole file, encoded."""
        self.out.subjects = "".join(self._subjects).encode()
        self.out.lines = {index: "".join(lines).encode() for index, lines in self._lines.items()}
        self.out.facts = sum(map(len, self._lines.values()))
        return self.out

    def _write(self, row: int, line: int, key: str, also: list[str], items: list[Item]) -> None:
        blocks = sorted({self._tables[item.sheet.index] for item in items})
        known = "{" + ",".join(f'"{_array(alias)}"' for alias in also) + "}"
        self.out.aliases |= bool(also)
        self._subjects.append(
            f"{self.out.number}\t{row}\t{line}\t{escape(key)}\t{escape(known)}\t{{{','.join(map(str, blocks))}}}\n"
        )
        start = f"{self.out.number}\t{row}\t"
        for item in items:
            if item.sheet.table.shape == "state" or self._first(row, line, key, item):
                self._lines.setdefault(item.sheet.index, []).append(start + _line(item))

    def _first(self, row: int, line: int, key: str, item: Item) -> bool:
        """Whether this is the first item with its key; a second with other values is reported, a copy is not."""
        sheet = item.sheet
        mark = (sheet.index, key, tuple(item.values[position] for position in sheet.key))
        first = self._seen.setdefault(mark, item.values)
        if first is not item.values and first != item.values:
            self.out.repeated.append(Repeated(row, line, sheet.table.name))
        return first is item.values


def _array(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _put(item: Item, at: int, convert: Convert | None, path: str, text: str) -> None:
    """Put the first value of a field; what cannot be its type, and any further value, is kept beside it as sent."""
    if item.values[at] is not None:
        item.keep(path, text)
    elif convert is None:
        item.values[at] = text.upper() if item.sheet.upper else text
    else:
        item.values[at] = converted = convert(text)
        if converted is None:
            item.keep(item.sheet.table.fields[at].name, text)


def _join(item: Item, at: int, path: str, text: str) -> None:
    already = item.values[at]
    item.values[at] = text if already is None else f"{already}{_between(path)}{text}"


def _between(path: str) -> str:
    """A telephone's kind stands before its number; everything else joined is a list."""
    return " " if path.endswith("/PhoneNo") else ", "


def _share(items: Iterable[Item], target: Target, text: str) -> None:
    """Give what an outer container says to every item inside it."""
    for item in items:
        if item.sheet.index == target.leaf.table and item.number[: len(target.item)] == target.item:
            item.values[target.leaf.field] = text


def _give_place(item: Item) -> None:
    place = item.sheet.place
    if place is not None and item.values[place] is None:
        item.values[place] = str(item.number[-1])


def _row_item(sheet: Sheet, chosen: tuple[Column, ...], values: Mapping[str, str], year: str | None) -> Item | None:
    item, said = Item(sheet, ()), sheet.presence
    for column in chosen:
        text = values.get(column.name)
        if text:
            said = True
            _put(item, column.field, column.convert, column.name, text)
            if column.constant:
                item.values[0] = column.constant
    if sheet.year is not None:
        item.values[sheet.year] = year
    return item if said else None


def _line(item: Item) -> str:
    sent = "".join(filter(None, item.values))
    # Most values need no escape: one look at all of them is quicker than a look at each.
    if sent.isprintable() and "\\" not in sent:
        cells = [NULL if value is None else value for value in item.values]
    else:
        cells = [NULL if value is None else escape(value) for value in item.values]
    cells.append(escape(json.dumps(item.raw, sort_keys=True, ensure_ascii=False)) if item.raw else NULL)
    said = "\t".join(cells)
    mark = blake2b(said.encode(), digest_size=8).hexdigest()
    return f"{said}\t\\\\x{mark}\n"
