"""The exact walk over well-formed text: tag by tag, every path, every line. The fast way must give the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from fairhold.formats.places import Block, Place
from fairhold.formats.xmltext import NAME, TAG, lines, unescaped


class Entry(NamedTuple):
    """One text at one place of a block. `known` is False for what the reference does not list as holding text."""

    path: str
    line: int
    text: str
    known: bool


@dataclass(frozen=True)
class Piece:
    """A finished block: the header, a row, or (name "") what stands outside of both."""

    name: str
    line: int
    entries: list[Entry]

    @property
    def values(self) -> dict[str, str]:
        """The texts at known paths."""
        return {entry.path: entry.text for entry in self.entries if entry.known}

    @cached_property
    def _lines(self) -> dict[str, int]:
        return {entry.path: entry.line for entry in self.entries}

    def line_of(self, path: str) -> int:
        """The line of the text at `path`; the block's own line when there is none."""
        return self._lines.get(path, self.line)


class _Frame:
    """One open element."""

    __slots__ = ("counts", "line", "place", "texts")

    def __init__(self, place: Place, line: int) -> None:
        self.place = place
        self.line = line
        self.counts: dict[str, int] = {}
        self.texts: list[str] = []

    def child(self, tag: str, line: int) -> _Frame:
        name = self.place.canonical(tag)
        n = self.counts[name] = self.counts.get(name, 0) + 1
        return _Frame(self.place.child(name, n), line)


class Walker:
    """Walks a document in pieces. Feed it text that ends where a tag ends; it gives back the blocks that are complete.

    `blocks` maps element names to the blocks that begin there (rows anywhere outside of another block, the header
    below the root); `outside` is the block of everything else, from the root down.
    """

    def __init__(self, blocks: dict[str, Block], outside: Block) -> None:
        self._blocks = blocks
        self._outside = outside
        self._around: list[_Frame] = []
        self._frames: list[_Frame] = []
        self._entries: list[Entry] = []
        self._met: dict[str, int] = {}
        self._start = 1
        self.line = 1

    @property
    def between(self) -> bool:
        """True when no header or row is open."""
        return not self._frames

    @property
    def unfinished(self) -> Piece:
        """The header or row that is open, as far as it goes; nameless when none is."""
        return Piece(self._frames[0].place.name if self._frames else "", self._start, self._entries)

    def feed(self, text: str) -> Iterator[Piece]:
        """Walk on through `text`."""
        done = 0
        for match in TAG.finditer(text):
            self._text(text[done : match.start()])
            line = self.line
            self.line += lines(match[0])
            done = match.end()
            yield from self._tag(match[1], line)
        self._text(text[done:])

    def _text(self, text: str) -> None:
        frames = self._frames or self._around
        if frames and text and (frames[-1].texts or not text.isspace()):
            frames[-1].texts.append(text)
        self.line += lines(text)

    def _tag(self, tag: str, line: int) -> Iterator[Piece]:
        if tag.startswith("/"):
            yield from self._close()
            return
        name = NAME.match(tag)
        self._open(name[0] if name else tag, line)
        if tag.endswith("/"):
            yield from self._close()

    def _open(self, tag: str, line: int) -> None:
        if self._frames:
            self._frames.append(self._frames[-1].child(tag, line))
            return
        begins = self._blocks.get(tag.rpartition(":")[2])
        if begins is not None and (begins.name != "Header" or len(self._around) == 1):
            self._start = line
            self._entries = []
            self._met = {}
            self._frames.append(_Frame(begins.root, line))
        elif self._around:
            self._around.append(self._around[-1].child(tag, line))
        else:
            self._around.append(_Frame(self._outside.root, line))

    def _close(self) -> Iterator[Piece]:
        if self._frames:
            frame = self._frames.pop()
            self._record(frame, self._entries)
            if not self._frames:
                yield Piece(frame.place.name, self._start, self._entries)
        elif self._around:
            frame = self._around.pop()
            entries: list[Entry] = []
            self._record(frame, entries)
            if entries:
                yield Piece("", frame.line, entries)

    def _record(self, frame: _Frame, entries: list[Entry]) -> None:
        text = unescaped("".join(frame.texts)).strip()
        if not text:
            return
        place = frame.place
        path = self._moved(place) if place.plain in place.block.moved_to else place.path or place.name
        entries.append(Entry(path, frame.line, text, place.known))

    def _moved(self, place: Place) -> str:
        """The path of an element that may stand in two places: one that was met in the other is one more of it."""
        if place.up is not None and place.up.path != place.up.plain:
            return place.path
        n = self._met[place.plain] = max(self._met.get(place.plain, 0) + 1, place.n)
        return place.plain if n == 1 else f"{place.plain}[{n}]"
