"""A notice is sections of plain words and of entries, each entry a row of a register. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from fairhold.letters import Block, Grid, Heading, Text

Items = Mapping[tuple[str, str], str]
"""Kind and key of a row → what the notice says of it, or must say."""

KINDS = {
    "purpose": "Purpose",
    "law": "Law",
    "category": "Kind of data",
    "source": "Source",
    "recipient": "Recipient",
    "field": "Value a recipient may get",
    "flow": "Kind of share",
    "return": "Return",
    "period": "How long data is kept",
}


@dataclass(frozen=True)
class Entry:
    """What the notice says of one row of a register: its kind and key there, its title and its words."""

    kind: str
    key: str
    title: str
    text: str


@dataclass(frozen=True)
class Section:
    """A heading, plain words, and a table of entries under two headings; without entries there is none."""

    title: str
    prose: tuple[str, ...]
    heads: tuple[str, str] = ("", "")
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Change:
    """One difference: the row it is about, and in which way they differ."""

    kind: str
    key: str
    how: str

    @property
    def sentence(self) -> str:
        """As people read it."""
        return f"{KINDS.get(self.kind, self.kind)} {self.key}: {self.how}."


@dataclass(frozen=True)
class Document:
    """The notice. Who to turn to stands beside it and is no part of a version: it comes from the settings."""

    sections: tuple[Section, ...]

    @cached_property
    def items(self) -> Items:
        """Everything it says of rows of registers."""
        return {(one.kind, one.key): f"{one.title}: {one.text}" for of in self.sections for one in of.entries}

    @cached_property
    def sha256(self) -> str:
        """A digest of every word."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def text(self) -> str:
        """As JSON, in one form only."""
        return json.dumps([asdict(one) for one in self.sections], ensure_ascii=False, sort_keys=True)

    @property
    def blocks(self) -> list[Block]:
        """As blocks of a document for people."""
        blocks: list[Block] = []
        for of in self.sections:
            blocks += [Heading(of.title), *map(Text, of.prose)]
            if of.entries:
                blocks.append(Grid(of.heads, tuple((one.title, one.text) for one in of.entries)))
        return blocks


def read(sections: list[Mapping[str, Any]]) -> Document:
    """The document whose JSON was parsed to these sections."""
    return Document(
        tuple(
            Section(one["title"], tuple(one["prose"]), tuple(one["heads"]), tuple(Entry(**e) for e in one["entries"]))
            for one in sections
        )
    )


def compare(before: Items, after: Items, *, gone: str, new: str, other: str) -> list[Change]:
    """How two sets of items differ, with the words for each way."""
    found = [Change(*key, gone) for key in before.keys() - after.keys()]
    found += [Change(*key, new) for key in after.keys() - before.keys()]
    found += [Change(*key, other) for key in before.keys() & after.keys() if before[key] != after[key]]
    return sorted(found, key=lambda one: (list(KINDS).index(one.kind), one.key, one.how))
