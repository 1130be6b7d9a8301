"""Places in a block of a format: which path a tag leads to, by the reference's spelling, and what is judged there."""

from __future__ import annotations

from dataclasses import dataclass, field

from fairhold.catalogue.codes import ever
from fairhold.formats.declare import Element, XmlFormat
from fairhold.formats.domain import DEPTH_LIMIT


class TooDeep(Exception):
    """Elements are nested deeper than any format is."""


@dataclass
class Check:
    """What one path is judged by. `good` holds values that need no second look: every code of a set, dates seen."""

    kind: str
    good: set[str] | frozenset[str]


class Place:
    """One element at one path below a block. `plain` is the path without `[n]`; `n` counts it under its parent."""

    __slots__ = ("block", "depth", "element", "kids", "n", "name", "path", "plain", "up")

    def __init__(self, block: Block, up: Place | None, name: str, n: int) -> None:
        self.block = block
        self.up = up
        self.name = name
        self.n = n
        self.kids: dict[tuple[str, int], Place] = {}
        self.element: Element | None = None
        self.path = self.plain = ""
        self.depth = 0
        if up is not None:
            self.depth = up.depth + 1
            step = name if n == 1 else f"{name}[{n}]"
            self.path = f"{up.path}/{step}" if up.path else step
            self.plain = f"{up.plain}/{name}" if up.plain else name
            if self.plain in block.moved:
                self.path = self.plain = block.moved[self.plain]
            self.element = block.elements.get(self.plain)

    @property
    def known(self) -> bool:
        """True when the reference lists this element as one that holds text."""
        return self.element is not None and not self.element.is_container

    def child(self, name: str, n: int) -> Place:
        """The place of the nth element `name` (canonical) below this one."""
        place = self.kids.get((name, n))
        if place is None:
            if self.depth >= DEPTH_LIMIT:
                raise TooDeep
            place = self.kids[name, n] = Place(self.block, self, name, n)
            self.block.learn(place)
        return place

    def canonical(self, tag: str) -> str:
        """The reference's name for a tag below this place, without prefix; the tag's own when it is not listed."""
        name = tag.rpartition(":")[2]
        lowered = name.lower()
        if lowered in self.block.spellings:
            return self.block.spelled.get((self.plain, lowered), name)
        return name


@dataclass
class Block:
    """Everything below one element of a format: the header, or one kind of row. Grows while a file is read."""

    name: str
    elements: dict[str, Element]
    spellings: frozenset[str] = frozenset()
    moved: dict[str, str] = field(default_factory=dict)
    judged: dict[str, Check] = field(default_factory=dict)
    judging: bool = False

    def __post_init__(self) -> None:
        self.spelled: dict[tuple[str, str], str] = {}
        self.moved_to = frozenset(self.moved.values())
        for path, element in self.elements.items():
            parent = path.rpartition("/")[0]
            if element.name.lower() in self.spellings:
                self.spelled[parent, element.name.lower()] = element.name
        self.root = Place(self, None, self.name, 1)

    def learn(self, place: Place) -> None:
        """Note that values at a new place are to be judged."""
        element = place.element
        if self.judging and element is not None and not element.is_container:
            check = self._check(place.plain, element)
            if check is not None:
                self.judged[place.path] = check

    def _check(self, plain: str, element: Element) -> Check | None:
        if plain == "UPN":
            return Check("upn", frozenset())
        if element.is_date:
            return Check("bad-date", set())
        if element.is_code:
            codes = ever(*element.codesets)
            return Check("unknown-code", codes) if codes else None
        return None


def block(form: XmlFormat, base: str) -> Block:
    """The block below the element with path `base` of a format; rows of transfer files are judged."""
    is_row = base in form.rows
    return Block(
        name=base.rpartition("/")[2],
        elements=form.below(base),
        spellings=form.spellings,
        moved=dict(form.moved) if is_row else {},
        judging=form.transfer and is_row,
    )
