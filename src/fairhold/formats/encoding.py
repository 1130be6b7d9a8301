"""Which encoding a file is in, by its own declaration; text is never guessed.

XML: a byte order mark, else the declaration, else UTF-8. CSV: a byte order mark, else UTF-8, else Windows-1252.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_DECLARATION = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._\-]*)["']""")
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "iso-8859-1",
    "iso_8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "latin-1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "windows-1252",
    "cp1252": "windows-1252",
    "utf-16": "utf-16",
    "utf-16le": "utf-16",
    "utf-16be": "utf-16",
}
_PYTHON = {"windows-1252": "cp1252"}
_CUT = ("truncated data", "unexpected end of data")  # Python's reasons for half a letter at the very end
# How UTF-8 writes À to ÿ and curly marks; read as Windows-1252 each would be a letter no name holds, and a sign.
_UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]|\xe2\x80[\x80-\xbf]")


@dataclass(frozen=True)
class Decoded:
    """A file's text as UTF-8 bytes. `fault_at` is where bytes stop fitting the encoding, None when all of them fit.

    `cut` is True when what does not fit is only the beginning of a letter, in the middle of which the file ends.
    """

    encoding: str
    data: bytes
    fault_at: int | None = None
    cut: bool = False


class Undeclared(Exception):
    """The encoding is none that is read, or the file contradicts itself; `sentence` says which."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def _utf16(data: bytes) -> str | None:
    """The Python codec of a file in UTF-16, seen by its mark or by how its first `<` is written."""
    if data.startswith(codecs.BOM_UTF16_LE) or data.startswith(b"<\x00"):
        return "utf-16-le"
    if data.startswith(codecs.BOM_UTF16_BE) or data.startswith(b"\x00<"):
        return "utf-16-be"
    return None


def looks_like_xml(data: bytes) -> bool:
    """True when the first thing after a mark and blanks is a `<`."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = data[2:64].replace(b"\x00", b"")
    elif _utf16(data):
        return True
    else:
        start = data[3:] if data.startswith(codecs.BOM_UTF8) else data
    return start[:4096].lstrip(b" \t\r\n").startswith(b"<")


def _declared(start: bytes) -> str | None:
    """The encoding an XML declaration names, in our own spelling; Undeclared when it is none that is read."""
    match = _DECLARATION.match(start)
    if match is None:
        return None
    name = match[1].decode("ascii").lower()
    if name not in _ENCODINGS:
        raise Undeclared(
            f"The file says its encoding is {match[1].decode('ascii')}, which is not read: ask for it in UTF-8."
        )
    return _ENCODINGS[name]


def _recoded(data: bytes, codec: str, name: str) -> Decoded:
    """`data` in another encoding, as UTF-8, up to the first byte that does not fit."""
    try:
        return Decoded(name, data.decode(codec).encode("utf-8"))
    except UnicodeDecodeError as error:
        good = data[: error.start].decode(codec).encode("utf-8")
        return Decoded(name, good, len(good), cut=error.reason in _CUT)


def xml_text(data: bytes) -> Decoded:
    """The text of an XML file. Raises Undeclared when the declared encoding is not read or not the one in use."""
    codec = _utf16(data)
    if codec is not None:
        body = data[2:] if data[0] in (0xFE, 0xFF) else data
        decoded = _recoded(body, codec, "utf-16")
        if b"\x00" in decoded.data[:4]:  # four bytes a letter begin like UTF-16, and go on with what no XML holds
            raise Undeclared("The file is in UTF-32, which is not read: ask for it in UTF-8.")
        if _declared(decoded.data[:1024]) not in (None, "utf-16"):
            raise Undeclared("The file is in UTF-16 but declares another encoding: ask for it to be written again.")
        return decoded
    marked = data.startswith(codecs.BOM_UTF8)
    body = data[3:] if marked else data
    name = _declared(body[:1024]) or "utf-8"
    if name == "utf-16" or (marked and name not in ("utf-8", "ascii")):
        raise Undeclared("The file declares one encoding and is in another: ask for it to be written again.")
    if name == "utf-8":
        return Decoded(name, body)
    return _recoded(body, _PYTHON.get(name, name), name)


def csv_text(data: bytes) -> tuple[str, str]:
    """The text of a CSV file and the name of its encoding.

    Raises Undeclared when the bytes fit none, and when some are plainly UTF-8 and others are not: read as
    Windows-1252 the former would be mangled.
    """
    codec = _utf16(data) if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else None
    marked = data.startswith(codecs.BOM_UTF8)
    try:
        if codec is not None:
            return data[2:].decode(codec), "utf-16"
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        if codec is not None or marked:
            raise Undeclared("The bytes do not fit the encoding the file begins with: ask for it again.") from None
    if _UTF8_LETTER.search(data):
        raise Undeclared("The bytes are partly UTF-8 and partly not: ask for the file in one encoding.")
    try:
        return data.decode("cp1252"), "windows-1252"
    except UnicodeDecodeError:
        raise Undeclared("The bytes are neither UTF-8 nor Windows-1252: ask for the file in UTF-8.") from None


def without_cut_letter(data: bytes) -> bytes | None:
    """UTF-8 bytes without the last letter, where the file ends in the middle of it; None for any other file."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        good = data[: error.start]
        if error.end == len(data) and "end of data" in error.reason and not good.isascii():
            return good
    return None
