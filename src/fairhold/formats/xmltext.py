"""Text between tags: entities of XML itself, comments and quoted blocks, line ends."""

from __future__ import annotations

import re

# A comment's or instruction's line breaks are kept as this mark, which XML cannot carry, so that lines still count.
LINE_MARK = "\x0b"

TAG = re.compile(r"""<([^<>"']*+(?:"[^"]*+"[^<>"']*+|'[^']*+'[^<>"']*+)*+)>""")
NAME = re.compile(r"[^\s/]+")

_SPECIAL = re.compile(rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_REFERENCE = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|amp|lt|gt|quot|apos);")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def _resolved(match: re.Match[str]) -> str:
    name = match[1]
    if name in _NAMED:
        return _NAMED[name]
    return chr(int(name[2:], 16) if name[1] == "x" else int(name[1:]))


def unescaped(text: str) -> str:
    """Text with XML's own references resolved, and without marks of comments."""
    return _REFERENCE.sub(_resolved, text.replace(LINE_MARK, "")) if "&" in text else text.replace(LINE_MARK, "")


def _plain(match: re.Match[bytes]) -> bytes:
    quoted = match[1]
    if quoted is None:
        return LINE_MARK.encode() * match[0].count(b"\n")
    return bytes(quoted.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;"))


def without_specials(body: bytes) -> bytes:
    """Well-formed bytes after the root's start, with comments and instructions gone and quoted blocks escaped."""
    return _SPECIAL.sub(_plain, body)


def lines(text: str) -> int:
    """How many line breaks a piece of text holds, those of comments included."""
    return text.count("\n") + text.count(LINE_MARK)
