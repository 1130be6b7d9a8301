"""How an XML file becomes rows: checked whole first, then read row by row, the fast way where that is sure.

The header and everything outside rows is walked exactly. Each row is first tried by `xmlshape`; when that is not
sure, `xmlwalk` decides. Both give the same, which a test holds them to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from fairhold.formats.declare import XmlFormat
from fairhold.formats.domain import Reading, Row, SetAside, Unknown
from fairhold.formats.judge import Found, Judge
from fairhold.formats.places import Block, TooDeep, block
from fairhold.formats.xmlshape import Shapes
from fairhold.formats.xmltext import lines
from fairhold.formats.xmlwalk import Piece, Walker

_BLOCK = 1 << 18  # bytes decoded at a time


@dataclass
class Broken:
    """Where and why a file stops: the line, the contract's kind, and a sentence."""

    line: int
    kind: str
    reason: str


@dataclass
class _Kind:
    """What is needed to read one kind of row of one file."""

    block: Block
    shapes: Shapes
    judge: Judge | None


@dataclass
class XmlReading(Reading):
    """A file of a declared XML format. `body` is well-formed text from the root's tag on, up to where it breaks.

    `marked` is True when comments were taken out of it, whose line breaks stand there as marks.
    """

    form: XmlFormat | None = None
    body: bytes = b""
    first_line: int = 1
    marked: bool = False
    broken: Broken | None = None
    _kinds: dict[str, _Kind] = field(default_factory=dict)
    _rows: int = 0

    def batches(self, size: int = 256) -> Iterator[list[Row]]:
        """The good rows in document order, in lists of about `size`."""
        batch: list[Row] = []
        try:
            for row in self._read() if self.form is not None else ():
                batch.append(row)
                if len(batch) >= size:
                    yield batch
                    batch = []
        except TooDeep:
            sentence = "Elements are nested deeper here than any format is; what follows is not read."
            self.broken = Broken(self._walker.line, "too-large", sentence)
        if batch:
            yield batch
        if self.broken is not None:
            self.set_aside.append(SetAside(None, self.broken.line, None, self.broken.kind, self.broken.reason))

    def _prepare(self) -> None:
        form = self.form
        assert form is not None
        for path in form.rows:
            rows = block(form, path)
            judge = Judge(rows, self.set_aside) if form.transfer else None
            self._kinds[rows.name] = _Kind(rows, Shapes(rows), judge)
        self._walker = walker(form, {kind.block.name: kind.block for kind in self._kinds.values()})
        self._walker.line = self.first_line

    def _read(self) -> Iterator[Row]:
        self._prepare()
        opening = re.compile(rb"<(" + "|".join(self._kinds).encode() + rb")[\s>/]")
        at = 0
        while (match := opening.search(self.body, at)) is not None:
            yield from self._walk(self.body[at : match.start()])
            at = match.start()
            name = match[1].decode()
            end = self._end(at, name)
            if end < 0:
                break
            yield from self._rows_in(self.body[at:end], name)
            at = end
        yield from self._walk(self.body[at:])

    def _end(self, at: int, name: str) -> int:
        """Where the last row that ends within a block's length ends; else where the next one ends; -1 for none."""
        close = f"</{name}>".encode()
        found = self.body.rfind(close, at, at + _BLOCK)
        if found < 0:
            found = self.body.find(close, at + _BLOCK - len(close))
        return found + len(close) if found >= 0 else -1

    def _walk(self, part: bytes) -> Iterator[Row]:
        for piece in self._walker.feed(part.decode("utf-8", "ignore")):  # only a cut-off last letter is ignored
            yield from self._take(piece)

    def _rows_in(self, part: bytes, name: str) -> Iterator[Row]:
        """The rows of a stretch that ends where a row of this name ends."""
        kind, close = self._kinds[name], f"</{name}>"
        pieces = part.split(close.encode())
        pieces.pop()
        for data in pieces:
            text = data.decode("utf-8")  # row by row: most rows are plain ASCII, which is far faster to take apart
            values = kind.shapes.values(text) if self._walker.between else None
            if values is None:
                for piece in self._walker.feed(text + close):
                    yield from self._take(piece)
                continue
            before = self._walker.line
            self._walker.line += lines(text) if self.marked else text.count("\n")
            line = before + kind.shapes.breaks_before_row()
            row = self._admit(kind, name, line, values, partial(_line_of, kind.shapes, before))
            if row is not None:
                yield row

    def _admit(
        self, kind: _Kind, name: str, line: int, values: dict[str, str], line_of: Callable[[str], int]
    ) -> Row | None:
        """Number a row, put its unknown texts apart, judge it."""
        self._rows += 1
        if kind.shapes.odd and not kind.shapes.odd.isdisjoint(values):
            for path in [path for path in values if path in kind.shapes.odd]:
                self.unknown.append(Unknown(self._rows, line_of(path), path, values.pop(path)))
        if kind.judge is None or kind.judge.admits(Found(self._rows, name, line, values, line_of)):
            return Row(self._rows, name, line, values)
        return None

    def _take(self, piece: Piece) -> Iterator[Row]:
        """A block from the exact walk: a row, the header, or what stands around them."""
        kind = self._kinds.get(piece.name)
        number = self._rows + 1 if kind is not None else None
        for entry in piece.entries:
            if not entry.known:
                self.unknown.append(Unknown(number, entry.line, entry.path, entry.text))
        if not piece.name:
            self.around.update(piece.values)
        if kind is not None:
            row = self._admit(kind, piece.name, piece.line, piece.values, piece.line_of)
            if row is not None:
                yield row


def _line_of(shapes: Shapes, line: int, path: str) -> int:
    """The line of a path of the row read last, whose text begins on `line`."""
    return line + shapes.breaks_before(path)


def walker(form: XmlFormat, rows: dict[str, Block]) -> Walker:
    """A walker over a document of this format with these kinds of row."""
    outside = block(form, form.root)
    return Walker({"Header": block(form, f"{form.root}/Header"), **rows}, outside)


def header(form: XmlFormat, body: bytes) -> dict[str, str]:
    """The header's values, wherever it stands in the document."""
    rows = {name: block(form, path) for name, path in zip(form.row_names, form.rows, strict=True)}
    first = re.search(rb"<(" + "|".join(form.row_names).encode() + rb")[\s>/]", body)
    ends = [first.start(), len(body)] if first else [len(body)]
    try:
        for end in ends:
            if b"Header" in body[:end]:
                walk = walker(form, rows)
                for piece in walk.feed(body[:end].decode("utf-8", "ignore")):
                    if piece.name == "Header":
                        return piece.values
                if walk.unfinished.name == "Header":
                    return walk.unfinished.values
    except TooDeep:
        return {}
    return {}
