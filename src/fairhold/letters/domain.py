"""What a document is made of. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fairhold.errors import PlainError


class LetterError(PlainError):
    """A document cannot be made or read; the sentence says why."""


@dataclass(frozen=True)
class Heading:
    """A heading below the title; level 2 is the highest."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Text:
    """One paragraph."""

    text: str


@dataclass(frozen=True)
class Grid:
    """A table with a heading row; every row is as long as the heading."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Text | Grid


def words(title: str, blocks: Sequence[Block]) -> str:
    """Everything a document says in reading order, without white space: what `text_of` finds in the file."""
    return "".join("".join(text.split()) for text in (title, *_texts(blocks)))


def _texts(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Grid):
            yield from block.heads
            for row in block.rows:
                yield from row
        else:
            yield block.text
