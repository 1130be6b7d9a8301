"""Is it XML, as far as where, and is it safe? One pass of expat over the bytes, without building anything.

No entity is ever expanded and nothing is ever fetched: a file that declares an entity is not read at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.parsers import expat

from fairhold.formats.domain import DEPTH_LIMIT

_CHUNK = 1 << 20
_LONGEST_TAG = 4 << 20  # bytes of one tag, comment or literal
_SCREEN_DEPTH = 500  # unclosed elements, roughly counted, from which on depth is counted exactly

_EARLY = dict.fromkeys(
    (expat.errors.codes[name] for name in (expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN)),
    "it ends too early",
)


class Hostile(Exception):
    """The file must not be read; `kind` is entities, too-large or not-xml."""

    def __init__(self, kind: str, sentence: str, doctype: str | None = None) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence
        self.doctype = doctype


class _Stop(Exception):
    """Raised inside a handler to end the pass at the current byte."""


@dataclass
class Checked:
    """The name of the root, the byte where it starts, and the byte where the file stops being well-formed (or None).

    `specials` is True when comments, instructions or quoted blocks stand after the root's start.
    """

    root: str
    start: int
    broken_at: int | None
    message: str
    specials: bool


class _Pass:
    """One pass; collects what the handlers see before the first element."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(encoding="utf-8")
        self.parser.StartElementHandler = self._root
        self.parser.EntityDeclHandler = self._entity
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.root: str | None = None
        self.start = 0
        self.doctype: str | None = None
        self.specials = False

    def _root(self, name: str, _attributes: dict[str, str]) -> None:
        self.root = name
        self.start = self.parser.CurrentByteIndex
        self.parser.StartElementHandler = None
        self.parser.CommentHandler = self._special
        self.parser.ProcessingInstructionHandler = self._special
        self.parser.StartCdataSectionHandler = self._special
        if self.doctype is not None:  # only then can an unknown entity pass as well-formed
            self.parser.SkippedEntityHandler = self._skipped

    def _special(self, *_: object) -> None:
        self.specials = True

    def _doctype(self, name: str, *_: object) -> None:
        self.doctype = name

    def _entity(self, *_: object) -> None:
        raise Hostile("entities", "The file declares an entity, which is never read: ask for it without.", self.doctype)

    def _skipped(self, *_: object) -> None:
        raise _Stop

    def run(self, data: bytes) -> tuple[int, str] | None:
        """Feed all of `data`; where and why it stops being well-formed, or None."""
        view = memoryview(data)
        opened = empties_counted = 0
        try:
            for at in range(0, len(data), _CHUNK):
                self.parser.Parse(view[at : at + _CHUNK], False)
                fed = min(at + _CHUNK, len(data))
                if fed - self.parser.CurrentByteIndex > _LONGEST_TAG:
                    raise Hostile("too-large", "One tag or comment of the file is over 4 MB, which is not read.")
                opened += data.count(b"<", at, fed) - 2 * data.count(b"</", at, fed)
                if opened > _SCREEN_DEPTH:
                    opened -= data.count(b"/>", empties_counted, fed)
                    empties_counted = fed
                if opened > _SCREEN_DEPTH:
                    _measure(data)
                    opened = -len(data)  # measured: never again
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            return self.parser.ErrorByteIndex, _EARLY.get(error.code, expat.ErrorString(error.code))
        except _Stop:
            return self.parser.CurrentByteIndex, "an entity that is not declared"
        return None


def _measure(data: bytes) -> None:
    """Raise Hostile when elements are nested deeper than the limit, counting exactly."""
    parser = expat.ParserCreate(encoding="utf-8")
    depth = 0

    def opened(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH_LIMIT:
            raise Hostile("too-large", f"Elements are nested more than {DEPTH_LIMIT} deep, which no format is.")

    def closed(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return


def check(data: bytes) -> Checked:
    """Check UTF-8 bytes. Raises Hostile for a file that must not be read or has no root at all."""
    one = _Pass()
    broken = one.run(data)
    if one.root is None:
        line, why = (data.count(b"\n", 0, broken[0]) + 1, broken[1]) if broken else (1, "no element")
        raise Hostile("not-xml", f"The file is no XML: line {line}, {why}. Ask the sender for it again.")
    return Checked(one.root, one.start, broken[0] if broken else None, broken[1] if broken else "", one.specials)
