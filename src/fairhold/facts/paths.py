"""Where the text of an element goes: paths of transfer files and of the children in need census, from the catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import count

from fairhold import catalogue
from fairhold.facts.convert import Convert, converter
from fairhold.facts.mapping import NUMBER, Sheet, sheets

_slots = count()
_INDEX = re.compile(r"\[(\d+)\]$")


@dataclass(frozen=True)
class Leaf:
    """Where the text of one path goes: a field of a table; `depth` path parts tell one item from another.

    `shared`: it stands in a container around the items, and each item inside it has the value.
    """

    table: int
    field: int
    depth: int
    convert: Convert | None
    constant: str | None = None
    joined: bool = False
    shared: bool = False


@dataclass(frozen=True)
class Target:
    """A path with its numbers, resolved: the leaf, and the item it belongs to (numbers of the repeated parts)."""

    leaf: Leaf
    item: tuple[int, ...]
    slot: int  # one number for each item of a child, quick to look up


@dataclass(frozen=True)
class Around:
    """A field that holds the number of an item around this one: that item's block, and how many parts tell it."""

    field: int
    block: str
    depth: int


def _block(table: catalogue.Table, kind: str) -> list[str]:
    return [] if table.told(kind) in {"", "."} else table.told(kind).split("/")


def _absolute(block: list[str], path: str) -> str:
    """The path from the child: some are written whole, most from their block."""
    return path if not block or path.startswith(block[0] + "/") else "/".join([*block, path])


def _depth(table: catalogue.Table, block: list[str], parts: list[str]) -> int:
    """How many parts of the path tell items apart; 0 for a table with one value per subject."""
    if table.shape == "state":
        return 0
    if not block:
        return len(parts)
    return next((at for at, (one, other) in enumerate(zip(block, parts, strict=False)) if one != other), len(block))


def _leaves(sheet: Sheet, position: int, field: catalogue.Field, kind: str) -> list[tuple[str, Leaf]]:
    found, block = [], _block(sheet.table, kind)
    for choice in filter(None, field.told(kind).split("|")):
        if choice.endswith(NUMBER):
            continue
        written, _, constant = choice.partition("=")
        path = _absolute(block, written)
        depth = _depth(sheet.table, block, path.split("/"))
        leaf = Leaf(
            sheet.index,
            position,
            depth,
            converter(field, kind),
            constant or None,
            joined=path.endswith("/*"),
            shared=sheet.table.shape != "state" and depth < len(block),
        )
        found.append((path, leaf))
    return found


@cache
def _all_leaves(kind: str) -> tuple[dict[str, list[Leaf]], dict[str, list[Leaf]]]:
    """Leaves by whole path, and by the start of it for fields that join all that stands below."""
    whole: dict[str, list[Leaf]] = {}
    below: dict[str, list[Leaf]] = {}
    for sheet in sheets():
        for position, field in enumerate(sheet.table.fields):
            for path, leaf in _leaves(sheet, position, field, kind):
                if leaf.joined:
                    below.setdefault(path.removesuffix("*"), []).append(leaf)
                else:
                    whole.setdefault(path, []).append(leaf)
    return whole, below


@cache
def resolve(kind: str, path: str) -> tuple[Target, ...]:
    """Where a path goes; nothing for what the catalogue does not hold (it stays in the vault)."""
    names, numbers = [], []
    for part in path.split("/"):
        found = _INDEX.search(part)
        names.append(part[: found.start()] if found else part)
        numbers.append(int(found[1]) if found else 1)
    plain = "/".join(names)
    whole, below = _all_leaves(kind)
    leaves = whole.get(plain) or next((leaves for start, leaves in below.items() if plain.startswith(start)), [])
    return tuple(_target(leaf, tuple(numbers[: leaf.depth])) for leaf in leaves)


def _target(leaf: Leaf, item: tuple[int, ...]) -> Target:
    return Target(leaf, item, _slot(leaf.table, leaf.constant, item))


@cache
def _slot(table: int, constant: str | None, item: tuple[int, ...]) -> int:
    return next(_slots)


@cache
def block_of(kind: str, sheet: Sheet) -> str:
    """The block of a table's items."""
    return "/".join(_block(sheet.table, kind))


@cache
def around(kind: str, sheet: Sheet) -> tuple[Around, ...]:
    """The fields of a table that hold numbers of the items around its own."""
    own, found = block_of(kind, sheet), []
    for position, field in enumerate(sheet.table.fields):
        told = field.told(kind)
        if told.endswith(NUMBER) and told != own + NUMBER:
            outer = told.removesuffix(NUMBER)
            found.append(Around(position, outer, len(outer.split("/"))))
    return tuple(found)
