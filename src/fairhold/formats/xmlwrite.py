"""Writes any declared XML format: rows in, elements out in the order of its list.

Rows of one shape (the same paths in the same order) share one template, so that a whole borough is written fast.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO

from fairhold.formats.declare import XmlFormat

Item = str | Mapping[str, "Value"]
Value = str | None | Sequence[Item]

_PART = re.compile(r"([^\[\]/]+)(?:\[([0-9]+)\])?")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHAPES_KEPT = 4096


def flat(values: Mapping[str, Value], under: str = "") -> Iterator[tuple[str, str]]:
    """The paths and texts of nested values: lists become `[n]` from the second item on, empty values disappear."""
    for path, value in values.items():
        if isinstance(value, str):
            if value:
                yield under + path, value
            continue
        for n, item in enumerate(value or (), 1):
            here = under + path if n == 1 else f"{under}{path}[{n}]"
            if isinstance(item, str):
                if item:
                    yield here, item
            else:
                yield from flat(item, here + "/")


def escaped(text: str) -> str:
    """Text as it stands between tags."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text.replace("\r", "&#13;") if "\r" in text else text


class _Shaper:
    """Templates for one block of a format (the header, or one kind of row)."""

    def __init__(self, form: XmlFormat, base: str, depth: int) -> None:
        self._places = {path: place for place, path in enumerate(form.below(base))}
        self._name = base.rpartition("/")[2]
        self._depth = depth
        self._templates: dict[tuple[str, ...], tuple[str, tuple[int, ...]]] = {}

    def text(self, values: Mapping[str, Value]) -> str:
        """One block as XML text, ending in a line break."""
        pairs = list(flat(values))
        shape = tuple(path for path, _ in pairs)
        known = self._templates.get(shape)
        if known is None:
            if len(self._templates) >= _SHAPES_KEPT:
                self._templates.clear()
            known = self._templates[shape] = self._template(shape)
        template, order = known
        block = template % tuple(escaped(pairs[i][1]) for i in order)
        if _NOT_XML.search(block):
            raise ValueError("a value holds a character that XML cannot carry; take it out of the data first")
        return block

    def _steps(self, path: str) -> list[tuple[int, int, str]]:
        """(place in the list, n, name) of each part of a path; sorting by them gives document order."""
        steps = []
        plain = ""
        for part in path.split("/"):
            match = _PART.fullmatch(part)
            if match is None:
                raise KeyError(path)
            plain = f"{plain}/{match[1]}" if plain else match[1]
            steps.append((self._places[plain], int(match[2] or 1), match[1]))
        return steps

    def _template(self, shape: tuple[str, ...]) -> tuple[str, tuple[int, ...]]:
        indent = "  " * self._depth
        sorted_steps = sorted((self._steps(path), i) for i, path in enumerate(shape))
        lines = [f"{indent}<{self._name}>\n"]
        open_steps: list[tuple[int, int, str]] = []
        for steps, _ in sorted_steps:
            shared = 0
            while shared < min(len(open_steps), len(steps) - 1) and open_steps[shared] == steps[shared]:
                shared += 1
            self._close(lines, open_steps, shared)
            for step in steps[shared:-1]:
                lines.append(f"{indent}{'  ' * (len(open_steps) + 1)}<{step[2]}>\n")
                open_steps.append(step)
            name = steps[-1][2]
            lines.append(f"{indent}{'  ' * (len(open_steps) + 1)}<{name}>%s</{name}>\n")
        self._close(lines, open_steps, 0)
        lines.append(f"{indent}</{self._name}>\n")
        return "".join(lines), tuple(i for _, i in sorted_steps)

    def _close(self, lines: list[str], open_steps: list[tuple[int, int, str]], keep: int) -> None:
        while len(open_steps) > keep:
            _, _, name = open_steps.pop()
            lines.append(f"{'  ' * (self._depth + len(open_steps) + 1)}</{name}>\n")


def _containers(path: str) -> list[str]:
    """The elements between the root and a row."""
    return path.split("/")[1:-1]


def write_xml(
    stream: BinaryIO,
    form: XmlFormat,
    header: Mapping[str, Value],
    rows: Iterable[tuple[str, Mapping[str, Value]]],
    *,
    encoding: str = "utf-8",
) -> int:
    """Write one file of a declared format and return how many rows it holds.

    `rows` are pairs of the row element's name and its values; rows of one name must come together.
    """

    def put(text: str) -> None:
        stream.write(text.encode(encoding))

    put(f'<?xml version="1.0" encoding="{encoding.upper()}"?>\n<{form.root}>\n')
    put(_Shaper(form, f"{form.root}/Header", 1).text(header))
    paths = dict(zip(form.row_names, form.rows, strict=True))
    open_parts: list[str] = []
    shapers: dict[str, _Shaper] = {}
    count = 0
    for name, values in rows:
        parts = _containers(paths[name])
        if parts != open_parts:
            put(_between(open_parts, parts))
            open_parts = parts
        if name not in shapers:
            shapers[name] = _Shaper(form, paths[name], len(parts) + 1)
        put(shapers[name].text(values))
        count += 1
    if not count:
        open_parts = _containers(form.rows[0])
        put(_between([], open_parts))
    put(_between(open_parts, []))
    put(f"</{form.root}>\n")
    return count


def _between(old: list[str], new: list[str]) -> str:
    """The tags that close the containers `old` and open the containers `new`."""
    shared = 0
    while shared < min(len(old), len(new)) and old[shared] == new[shared]:
        shared += 1
    lines = [f"{'  ' * (i + 1)}</{old[i]}>\n" for i in range(len(old) - 1, shared - 1, -1)]
    lines += [f"{'  ' * (i + 1)}<{new[i]}>\n" for i in range(shared, len(new))]
    return "".join(lines)
