"""The fast way through rows: most rows of a file have a shape that was met before.

A row's text is split into runs of tags and the texts between them. A **state** is the place whose text comes next;
from one state a run of tags leads to the next, and once that step is worked out it is a look-up. So a row costs a
few calls that run in C, not a step of Python per tag. What the states cannot say exactly (text beside elements, tags
with attributes, brothers that return after others) gives None, and the exact walk decides.
"""

from __future__ import annotations

import re
from itertools import accumulate
from operator import attrgetter, getitem
from typing import Any

from fairhold.formats.domain import DEPTH_LIMIT
from fairhold.formats.places import Block, Place
from fairhold.formats.xmltext import LINE_MARK, NAME, lines, unescaped

_SPLIT = re.compile(r"(<[^>]*+>(?:\s*+<[^>]*+>)*+)").split
_TAGS = re.compile("<([^>]*)>").findall
_STATES_KEPT = 50_000
_REORDERS_ALLOWED = 50
_NAMES_ORDERED = 300  # different names under one parent; a file with more of them is walked exactly
_ASKED_SINGLY = 4  # lines looked for one by one before all lines of a row are worked out
_path_of = attrgetter("path")


class _State(dict[str, Any]):
    """Where the text after a run of tags belongs; its items are the steps from here by the next run of tags."""

    __slots__ = ("path", "place", "shapes", "starts")

    def __init__(self, shapes: Shapes, place: Place | None, path: str | None, *, starts: bool = False) -> None:
        super().__init__()
        self.shapes = shapes
        self.place = place
        self.path = path
        self.starts = starts

    def __missing__(self, run: str) -> _State:
        return self.shapes.step(self, run)


class Shapes:
    """The states of one kind of row, learned while one file is read."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._order: dict[str, list[str]] = {}
        for path in block.elements:
            parent, _, name = path.rpartition("/")
            self._order.setdefault(parent, []).append(name)
        self._reorders = 0
        self._last: tuple[list[str], list[str]] = ([], [])
        self._breaks: dict[str, int] = {}
        self._asked = 0
        self.odd: set[str] = set()  # paths met so far that the reference does not list as holding text
        self._forget()

    def _forget(self) -> None:
        self._states: dict[Place, _State] = {}
        self._steps = 0
        self._start = _State(self, self._block.root, "", starts=True)
        self._end = _State(self, None, "")
        self._unsure = _State(self, None, None)

    def values(self, text: str) -> dict[str, str] | None:
        """Path to text of one row, given its text from before its start tag up to its end tag; None when unsure."""
        if self._steps > _STATES_KEPT:
            self._forget()
        parts = _SPLIT(text)
        texts = list(map(str.strip, parts[2::2]))
        states = accumulate(parts[1::2], getitem, initial=self._start)
        next(states)
        paths = list(map(_path_of, states))
        self._last = parts, paths
        self._asked = 0
        found = dict(zip(paths, texts, strict=True))
        if found.pop("", None) != "" or len(found) != len(texts) - 1 or parts[0].strip():
            return None
        if "&" in text or LINE_MARK in text:
            for path in [path for path, value in found.items() if "&" in value or LINE_MARK in value]:
                found[path] = unescaped(found[path]).strip()
                if not found[path]:
                    del found[path]
        return found

    def breaks_before_row(self) -> int:
        """How many line breaks stand before the start tag of the row that `values` answered for last."""
        return lines(self._last[0][0])

    def breaks_before(self, path: str) -> int:
        """How many line breaks stand before the start tag of a path, from where that row's text begins."""
        self._asked += 1
        if self._asked <= _ASKED_SINGLY:
            parts, paths = self._last
            place = 2 * paths.index(path) + 1
            return lines("".join(parts[:place])) + lines(parts[place][: parts[place].rindex("<")])
        if self._asked == _ASKED_SINGLY + 1:
            self._breaks = self._all_breaks()
        return self._breaks[path]

    def _all_breaks(self) -> dict[str, int]:
        parts, paths = self._last
        found, breaks = {}, lines(parts[0])
        for path, run, text in zip(paths, parts[1::2], parts[2::2], strict=True):
            found[path] = breaks + lines(run[: run.rindex("<")])
            breaks += lines(run) + lines(text)
        return found

    def step(self, state: _State, run: str) -> _State:
        """Work out where a run of tags leads from a state, and remember it."""
        if state.place is None or '"' in run or "'" in run:
            return self._unsure
        self._steps += 1
        target = self._target(state, _TAGS(run))
        state[run] = target
        return target

    def _target(self, state: _State, tags: list[str]) -> _State:
        place: Place | None = state.place
        last: Place | None = None
        if tags[0] != self._block.name if state.starts else not tags[0].startswith("/"):
            return self._unsure
        for tag in tags[1:] if state.starts else tags:
            if place is None:
                return self._unsure
            if tag.startswith("/"):
                last, place = place, place.up
                continue
            child = self._child(place, last, tag)
            if child is None:
                return self._unsure
            if tag.endswith("/"):
                last = child
            else:
                last, place = None, child
        return self._landed(place, last)

    def _landed(self, place: Place | None, last: Place | None) -> _State:
        if place is None or (last is not None and place is not self._block.root):
            return self._unsure  # text after an end tag
        if last is not None:
            return self._end
        known = self._states.get(place)
        if known is None:
            known = self._states[place] = _State(self, place, place.path)
            if not place.known:
                self.odd.add(place.path)
        return known

    def _child(self, place: Place, last: Place | None, tag: str) -> Place | None:
        """The place a start tag leads to, when the brothers before it leave no doubt which of its name it is."""
        match = NAME.match(tag)
        name = place.canonical(match[0] if match else tag)
        if place.depth >= DEPTH_LIMIT - 1:
            return None
        if last is None:
            return place.child(name, 1) if self._seen(place.plain, name, None) else None
        if last.name == name:
            return place.child(name, last.n + 1)
        return place.child(name, 1) if self._seen(place.plain, name, last.name) else None

    def _seen(self, parent: str, name: str, after: str | None) -> bool:
        """True when `name` stands after `after` in the order of this file, so that it cannot have stood before it.

        A name that is new takes its place in the order; one that is met out of order moves, and every step is
        worked out anew, because steps of two orders together could hide a brother that returns.
        """
        order = self._order.setdefault(parent, [])
        if name not in order:
            if len(order) >= _NAMES_ORDERED:
                return False
            order.insert(0 if after is None else order.index(after) + 1, name)
            return True
        if after is None or order.index(after) < order.index(name):
            return True
        if self._reorders < _REORDERS_ALLOWED:
            self._reorders += 1
            order.remove(name)
            order.insert(order.index(after) + 1, name)
            self._forget()
        return False
