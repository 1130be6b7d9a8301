"""How children written with the same elements become facts: worked out once per shape, then only filled in.

Most children of a file share the shape of many others, so that naming paths costs nothing for them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from fairhold.facts.convert import Convert
from fairhold.facts.mapping import Sheet, sheets
from fairhold.facts.paths import Leaf, Target, resolve

NULL = "\\N"
_ESCAPES = str.maketrans({"\t": "\\t", "\n": "\\n", "\r": "\\r"})
_SHAPES_KEPT = 4096


def escape(text: str) -> str:
    """Text as COPY reads it."""
    if "\\" in text:  # attendance marks are full of them: replacing is quicker than translating
        text = text.replace("\\", "\\\\")
    return text if text.isprintable() else text.translate(_ESCAPES)


class Filled(NamedTuple):
    """One fact: the cells of its fields, what could not stand in its typed field, and which item of the child it is."""

    sheet: Sheet
    cells: list[str | None]
    raw: dict[str, str] | None
    item: tuple[int, ...] = ()

    def key(self) -> tuple[str | None, ...]:
        """What tells it from other items of its table and subject."""
        return tuple(self.cells[position] for position in self.sheet.key)

    def line(self) -> str:
        """The cells as COPY text, with what could not be typed and the fingerprint of it all."""
        sent = "".join(filter(None, self.cells))
        # Most values need no escape: one look at all of them is quicker than a look at each.
        if sent.isprintable() and "\\" not in sent:
            cells = [NULL if cell is None else cell for cell in self.cells]
        else:
            cells = [NULL if cell is None else escape(cell) for cell in self.cells]
        cells.append(escape(json.dumps(self.raw, sort_keys=True, ensure_ascii=False)) if self.raw else NULL)
        said = "\t".join(cells)
        return f"{said}\t\\\\x{blake2b(said.encode(), digest_size=8).hexdigest()}\n"


@dataclass(slots=True)
class Recipe:
    """Which texts of a child, by position, make one fact."""

    sheet: Sheet
    item: tuple[int, ...]
    cells: list[int | None]
    typed: list[tuple[int, Convert]] = field(default_factory=list)
    joined: dict[int, list[tuple[str, int]]] = field(default_factory=dict)
    again: list[tuple[str, int]] = field(default_factory=list)
    constant: str | None = None

    def set(self, leaf: Leaf, position: int) -> None:
        """Take a field from the text at a position."""
        self.cells[leaf.field] = position
        if leaf.convert is not None:
            self.typed.append((leaf.field, leaf.convert))

    def fill(self, texts: list[str]) -> Filled:
        """The fact, out of one child's texts."""
        cells = [None if position is None else texts[position] for position in self.cells]
        raw = {path: texts[position] for path, position in self.again} if self.again else None
        for at, convert in self.typed:
            text = cells[at]
            assert text is not None
            cells[at] = converted = convert(text)
            if converted is None:
                raw = {**(raw or {}), self.sheet.table.fields[at].name: text}
        for at, parts in self.joined.items():
            cells[at] = "".join(between + texts[position] for between, position in parts)
        if self.constant is not None:
            cells = [self.constant, *(cell and cell.upper() for cell in cells[1:])] if self.sheet.upper else cells
        place = self.sheet.place
        if place is not None and cells[place] is None:
            cells[place] = str(self.item[-1])
        return Filled(self.sheet, cells, raw, self.item)


@lru_cache(maxsize=_SHAPES_KEPT)
def recipes(kind: str, paths: tuple[str, ...]) -> tuple[Recipe, ...]:
    """The facts that a child with these paths, in this order, states; outer items before those inside them."""
    made: dict[int, Recipe] = {}
    shared: list[tuple[Target, int]] = []
    for position, path in enumerate(paths):
        for target in resolve(kind, path):
            if target.leaf.shared:
                shared.append((target, position))
            else:
                _place(made, target, path, position)
    for target, position in shared:
        _share(made, target, position)
    return tuple(sorted(made.values(), key=_outer_first) if kind == "cin" else made.values())


def _outer_first(recipe: Recipe) -> int:
    return len(recipe.item)


def _place(made: dict[int, Recipe], target: Target, path: str, position: int) -> None:
    leaf = target.leaf
    recipe = made.get(target.slot)
    if recipe is None:
        sheet = sheets()[leaf.table]
        nothing: list[int | None] = [None] * len(sheet.table.fields)
        recipe = made[target.slot] = Recipe(sheet, target.item, nothing, constant=leaf.constant)
    if leaf.joined:
        already = recipe.joined.setdefault(leaf.field, [])
        already.append((_between(path) if already else "", position))
    elif recipe.cells[leaf.field] is not None:
        recipe.again.append((path, position))
    else:
        recipe.set(leaf, position)


def _between(path: str) -> str:
    """A telephone's kind stands before its number; everything else joined is a list."""
    return " " if path.endswith("/PhoneNo") else ", "


def _share(made: dict[int, Recipe], target: Target, position: int) -> None:
    """Give what an outer container says to every item inside it."""
    for recipe in made.values():
        if recipe.sheet.index == target.leaf.table and recipe.item[: len(target.item)] == target.item:
            recipe.set(target.leaf, position)
