"""The text of a document we set, read back out of the bytes of the PDF, and not by the program that wrote them.

It knows the kind of PDF that typst writes (one page tree, Flate streams, fonts with a table from glyph to letter), not
every PDF: what it does not know it refuses.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from fairhold.letters.domain import LetterError

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"/Length (\d+).*?>>\s*stream\r?\n", re.DOTALL)
_FONT = re.compile(rb"/(f\d+) (\d+) 0 R")
_GLYPH = re.compile(rb"<([0-9A-F]{4})> <((?:[0-9A-F]{4})+)>")
_TOKEN = re.compile(
    rb"(?P<open>/\w+\s*(?:<<(?:[^<>]|<<.*?>>|<[0-9a-f]*>)*>>)?\s*B(?:DC|MC))|(?P<close>\bEMC\b)"
    rb"|/(?P<font>f\d+) [\d.]+ Tf|(?P<text>\[[^\]]*\]\s*TJ|<[0-9a-f]*>\s*Tj)",
    re.DOTALL,
)
_KID = re.compile(rb"<</Type/MCR/MCID (?P<there>\d+)/Pg (?P<page>\d+) 0 R>>|(?P<tag>\d+) 0 R|(?P<mark>\d+)")
_PIECE = re.compile(rb"(?P<plain>[^()\\]+)|(?P<open>\()|(?P<close>\))|\\(?P<escape>[0-7]{1,3}|.)", re.DOTALL)
_NEVER = (b"/JavaScript", b"/EmbeddedFile", b"/Encrypt", b"/Annot")
_CONTROL = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

Place = tuple[int, int]
"""A page (number of its object) and a mark on it."""
Tags = tuple[tuple[int, str], ...]


def text_of(data: bytes) -> str:
    """Everything the document says in the order of its tags, without white space; not what repeats on every page.

    Raises LetterError for a file of another kind, and for text that no tag names: it could not be read out.
    """
    said, root, objects = _opened(data)
    tagged = [place for place, _ in _tagged(root, objects)]
    if sorted(tagged) != sorted(said):
        raise LetterError("The document shows text that its tags do not name.")
    return "".join("".join(said[place] for place in tagged).split())


def grids_of(data: bytes) -> list[list[list[str]]]:
    """The tables of the document in order, heading rows first, by their tags: table, row, cell without white space."""
    said, root, objects = _opened(data)
    grids: dict[int, dict[int, dict[int, list[str]]]] = {}
    for place, tags in _tagged(root, objects):
        number = {kind: at for at, kind in tags}
        cell = number.get("TD", number.get("TH"))
        if cell is not None:
            grids.setdefault(number["Table"], {}).setdefault(number["TR"], {}).setdefault(cell, []).append(said[place])
    return [
        [["".join("".join(texts).split()) for texts in row.values()] for row in grid.values()]
        for grid in grids.values()
    ]


def _opened(data: bytes) -> tuple[dict[Place, str], bytes, dict[int, bytes]]:
    """The text of each mark, the root of the tags, and the objects of the file."""
    whole = data.startswith(b"%PDF-1.7") and data.endswith(b"%%EOF") and data.count(b"%%EOF") == 1
    if not whole or any(name in data for name in _NEVER):
        raise LetterError("This file is not a document as we set it.")
    objects = {int(found[1]): found[2] for found in _OBJECT.finditer(data)}
    said = {(number, mark): text for number in _pages(objects) for mark, text in _page(objects[number], objects)}
    return said, next((body for body in objects.values() if b"/Type/StructTreeRoot" in body), b""), objects


def _pages(objects: dict[int, bytes]) -> list[int]:
    return [number for number, body in objects.items() if re.search(rb"/Type/Page\b", body)]


def _tagged(body: bytes, objects: dict[int, bytes], page: int = 0, tags: Tags = ()) -> Iterator[tuple[Place, Tags]]:
    """The marks below one tag in reading order, each with the tags (number, kind) it stands in."""
    kids = re.search(rb"/K(?:\[(.*?)\]| ?(\d+ 0 R))", body, re.DOTALL)
    own = body[: kids.start()] + body[kids.end() :] if kids else body  # a mark among them may name a page of its own
    on = re.search(rb"/Pg (\d+) 0 R", own)
    page = int(on[1]) if on else page
    for kid in _KID.finditer((kids[1] or kids[2]) if kids else b""):
        if kid["tag"]:
            below = objects[int(kid["tag"])]
            kind = re.search(rb"/S/(\w+)", below)
            here = (int(kid["tag"]), kind[1].decode() if kind else "")
            yield from _tagged(below, objects, page, (*tags, here))
        else:
            yield (int(kid["page"] or page), int(kid["there"] or kid["mark"])), tags


def _page(page: bytes, objects: dict[int, bytes]) -> Iterator[tuple[int, str]]:
    """The number and the text of each mark of one page, without what is marked as repeating on each page."""
    resources = objects[_number(page, rb"Resources")]
    fonts = {name: _letters(objects[int(number)], objects) for name, number in _FONT.findall(resources)}
    letters: dict[bytes, str] = {}
    inside: list[bytes] = []
    said: dict[int, list[str]] = {}
    for token in _TOKEN.finditer(_hexed(_stream(objects[_number(page, rb"Contents")]))):
        if token["open"]:
            inside.append(token["open"])
        elif token["close"]:
            inside.pop()
        elif token["font"]:
            letters = fonts[token["font"]]
        elif not any(mark.startswith(b"/Artifact") for mark in inside):
            said.setdefault(_mark(inside), []).extend(_read(token["text"], letters))
    return ((mark, "".join(texts)) for mark, texts in said.items())


def _mark(inside: list[bytes]) -> int:
    """The number of the mark that text stands in. Letters that stand for others than they show are refused."""
    found = [number for mark in inside for number in re.findall(rb"/MCID (\d+)", mark)]
    if len(found) != 1 or any(b"/ActualText" in mark for mark in inside):
        raise LetterError("The document shows text that its tags do not name.")
    return int(found[0])


def _hexed(content: bytes) -> bytes:
    """The content with every string written in hexadecimal: brackets inside a string then mean nothing."""
    out: list[bytes] = []
    string: list[bytes] | None = None
    depth = 0
    for piece in _PIECE.finditer(content):
        data = piece["plain"] or piece["open"] or piece["close"] or _unescaped(piece["escape"])
        if string is None:
            string, depth = ([], 1) if piece["open"] else (None, 0)
            out += [] if piece["open"] else [data]
            continue
        depth += bool(piece["open"]) - bool(piece["close"])
        if depth:
            string.append(data)
        else:
            out.append(b"<" + b"".join(string).hex().encode() + b">")
            string = None
    return b"".join(out)


def _unescaped(said: bytes) -> bytes:
    return bytes([int(said, 8)]) if said[:1].isdigit() else _CONTROL.get(said, said)


def _read(text: bytes, letters: dict[bytes, str]) -> Iterator[str]:
    for string in re.findall(rb"<([0-9a-f]*)>", text):
        glyphs = bytes.fromhex(string.decode())
        try:
            yield from (letters[glyphs[at : at + 2]] for at in range(0, len(glyphs), 2))
        except KeyError:
            raise LetterError("The document shows a letter that cannot be read back.") from None


def _letters(font: bytes, objects: dict[int, bytes]) -> dict[bytes, str]:
    table = _stream(objects[_number(font, rb"ToUnicode")])
    if b"beginbfrange" in table:
        raise LetterError("The document names its letters in a way that is not known.")
    return {bytes.fromhex(glyph.decode()): _utf16(said) for glyph, said in _GLYPH.findall(table)}


def _utf16(said: bytes) -> str:
    return bytes.fromhex(said.decode()).decode("utf-16-be")


def _number(body: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    if found is None:
        raise LetterError("This file is not a document as we set it.")
    return int(found[1])


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if found is None or b"/Filter/FlateDecode" not in body[: found.end()]:
        raise LetterError("This file is not a document as we set it.")
    return zlib.decompress(body[found.end() : found.end() + int(found[1])])
