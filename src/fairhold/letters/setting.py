"""Setting a document: blocks become a tagged PDF without dates, names or paths of ours."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from typing import Any

from fairhold.letters.domain import Block, Grid, Heading, LetterError


def pdf(title: str, blocks: Sequence[Block], *, marking: str = "") -> bytes:
    """The document as PDF/UA-1; the same words give the same bytes. `marking` stands at the head of every page.

    Raises LetterError when a letter of the text is in a script the fonts do not have.
    """
    import typst  # noqa: PLC0415 (only when a document is made)

    said = json.dumps({"title": title, "marking": marking, "blocks": [_block(block) for block in blocks]})
    page = (resources.files("fairhold.letters") / "page.typ").read_bytes()
    try:
        made: bytes = typst.compile(
            page,
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            sys_inputs={"said": said},
            timestamp=0,
        )
    except typst.TypstError:
        raise LetterError(
            "The document cannot be set: a letter of it may be of a script our fonts do not have."
            " Share it in another form."
        ) from None
    return made


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text}
    if isinstance(block, Grid):
        if any(len(row) != len(block.heads) for row in block.rows):
            raise LetterError("A row of the table is longer or shorter than its heading.")
        return {"kind": "grid", "heads": block.heads, "rows": block.rows, "widths": len(block.heads)}
    return {"kind": "text", "text": block.text}
