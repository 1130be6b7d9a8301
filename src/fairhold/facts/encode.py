"""Turns the rows of a file into COPY lines per fact table, in plain Python without a database.

It runs in a process of its own while the database stores the file before, so its result is bytes, cheap to hand over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fairhold.facts.mapping import columns, sheets
from fairhold.facts.paths import around, block_of
from fairhold.facts.recipes import Filled, escape, recipes
from fairhold.facts.rows import Links, Row


@dataclass(frozen=True)
class Repeated:
    """A second statement in one file that differs from the first of its key, which stays: an item of a table, or
    (table None) a whole child."""

    row: int
    line: int
    table: str | None


@dataclass(frozen=True)
class Unlinked:
    """A value that names a record which did not come with the file; the row went in without what it leads to."""

    row: int
    line: int
    column: str


@dataclass
class Encoded:
    """One file ready to store: subjects and facts as COPY text, in the order of the file."""

    number: int
    kind: str = "ctf"
    subjects: bytes = b""
    lines: dict[int, bytes] = field(default_factory=dict)
    facts: int = 0
    repeated: list[Repeated] = field(default_factory=list)
    unlinked: list[Unlinked] = field(default_factory=list)
    aliases: bool = False


class Encoder:
    """Collects the rows of one file.

    `number` tells the files of one run apart, `tables` are the numbers of the fact tables in this store, `year` is
    a return's collection year ("2026" for the year to 31 March 2026). `links` are shared by the files of an extract.
    `only` is the one row to give back, where the others are read to count with.
    """

    def __init__(
        self,
        number: int,
        tables: Mapping[str, int],
        *,
        kind: str = "ctf",
        year: str | None = None,
        links: Links | None = None,
        only: int | None = None,
    ) -> None:
        self.out = Encoded(number, kind)
        self._kind, self._year, self._only = kind, year, only
        self._links: Links = {} if links is None else links
        self._tables = [tables[sheet.table.name] for sheet in sheets()]
        self._subjects: list[str] = []
        self._lines: dict[int, list[str]] = {}
        self._children: set[str] = set()
        self._seen: dict[tuple[str, int, tuple[str | None, ...]], list[str | None]] = {}
        self._met: Counter[tuple[str, int, tuple[str | None, ...]]] = Counter()

    def child(self, row: int, line: int, key: str, also: list[str], values: Mapping[str, str]) -> None:
        """One child written as an element; `also` are keys the same child may be known by from earlier files."""
        if key in self._children:
            self.out.repeated.append(Repeated(row, line, None))
            return
        self._children.add(key)
        texts = list(values.values())
        facts = [recipe.fill(texts) for recipe in recipes(self._kind, tuple(values))]
        if self._kind == "cin":
            _number(facts)
        met: dict[tuple[int, tuple[str | None, ...]], list[str | None]] = {}
        kept = []
        for fact in facts:
            # Only items of lists can meet another of the same key; a child states everything else once.
            first = met.setdefault((fact.sheet.index, fact.key()), fact.cells) if fact.sheet.key else fact.cells
            if self._stays(row, line, fact, first):
                kept.append(fact)
        self._write(row, line, key, also, kept)

    def record(self, row: int, line: int, element: str, key: str, values: Mapping[str, str]) -> None:
        """One CSV record about the child whose number in the case system is `key`."""
        kept = []
        for sheet, chosen in columns(self._kind, element):
            made = Row(sheet, self._links, self._year)
            for fact in made.facts(chosen, values):
                if sheet.number is not None:
                    # The same number as in any file that lists the same items in the same order.
                    place = (key, sheet.index, fact.key())
                    self._met[place] += 1
                    fact.cells[sheet.number] = str(self._met[place])
                first = self._seen.setdefault((key, sheet.index, fact.key()), fact.cells)
                if self._stays(row, line, fact, first):
                    kept.append(fact)
            self.out.unlinked += [Unlinked(row, line, column) for column in made.unlinked]
        self._write(row, line, key, [], kept)
        self._remember(values, kept)

    def finish(self) -> Encoded:
        """The whole file, encoded."""
        self.out.subjects = "".join(self._subjects).encode()
        self.out.lines = {index: "".join(lines).encode() for index, lines in self._lines.items()}
        self.out.facts = sum(map(len, self._lines.values()))
        return self.out

    def _remember(self, values: Mapping[str, str], facts: Iterable[Filled]) -> None:
        """Keep the fact of a record that others of the extract name."""
        for column, records in self._links.items():
            if column in values:
                for fact in facts:
                    names = (one.name for one in fact.sheet.table.fields)
                    records[values[column]] = dict(zip(names, fact.cells, strict=True))

    def _stays(self, row: int, line: int, fact: Filled, first: list[str | None]) -> bool:
        """Whether this is the first fact with its key; a second with other values is reported, a copy is not."""
        if first is fact.cells:
            return True
        if first != fact.cells:
            self.out.repeated.append(Repeated(row, line, fact.sheet.table.name))
        return False

    def _write(self, row: int, line: int, key: str, also: list[str], facts: Iterable[Filled]) -> None:
        if self._only not in (None, row):
            return
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


def _number(facts: list[Filled]) -> None:
    """Number the items of one child whose other keys are the same, and tell inner items the numbers around them.

    Outer items come first. A number counts in the order of the file, so that it is the same in every file that lists
    the same items.
    """
    met: Counter[tuple[int, tuple[str | None, ...]]] = Counter()
    numbers: dict[tuple[str, tuple[int, ...]], str] = {}
    for fact in facts:
        sheet = fact.sheet
        for outer in around("cin", sheet):
            fact.cells[outer.field] = numbers.get((outer.block, fact.item[: outer.depth]), "1")
        if sheet.number is not None:
            place = (sheet.index, fact.key())
            met[place] += 1
            fact.cells[sheet.number] = numbers[block_of("cin", sheet), fact.item] = str(met[place])
