"""A document is tagged PDF, the same bytes for the same words, and its text can be read back out of the bytes."""

from __future__ import annotations

import pytest

from fairhold import letters
from fairhold.letters import Grid, Heading, LetterError, Text

ODD = "ffi fl *bold* #panic() $x$ <b> @a \\ (two) [x] ‘O’Neil’ Zoë Łukasz Şafak 1–2 £5 ½ – “q”"


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        [Text(ODD), Heading("Why?"), Text("long words " * 90), Heading("Less", 3)],
        [Grid(("Field", "Value"), tuple((f"Field {n}", ODD) for n in range(60)))],  # over pages: the head is not twice
    ],
)
def test_what_is_said_is_read_back_word_for_word_and_nothing_else(blocks: list[letters.Block]) -> None:
    made = letters.pdf("A made-up letter", blocks, marking="OFFICIAL-SENSITIVE")
    assert letters.text_of(made) == letters.words("A made-up letter", blocks)
    assert made == letters.pdf("A made-up letter", blocks, marking="OFFICIAL-SENSITIVE")
    grids = [(block.heads, *block.rows) for block in blocks if isinstance(block, Grid)]
    assert letters.grids_of(made) == [[["".join(text.split()) for text in row] for row in grid] for grid in grids]
    assert b"/MarkInfo<</Marked true" in made
    assert b"pdfuaid:part" in made
    for ours in (b"/Author", b"/CreationDate", b"/ModDate", b"/Producer", b"CreateDate", b"/home", b"/Users"):
        assert ours not in made


def test_other_words_are_other_bytes_and_a_script_without_a_font_is_refused() -> None:
    assert letters.pdf("A", [Text("x")]) != letters.pdf("A", [Text("y")])
    with pytest.raises(LetterError, match="script"):
        letters.pdf("A", [Text("美")])
    with pytest.raises(LetterError, match="longer or shorter"):
        letters.pdf("A", [Grid(("One",), (("a", "b"),))])


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"%PDF-1.7\n/JavaScript"])
def test_another_file_is_not_read(data: bytes) -> None:
    with pytest.raises(LetterError, match="not a document as we set it"):
        letters.text_of(data)


def test_what_is_not_set_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FAIRHOLD_COUNCIL", "FAIRHOLD_CONTACT", "FAIRHOLD_DATA_PROTECTION_OFFICER"):
        monkeypatch.delenv(name, raising=False)
    assert letters.contacts().council == "not set"
    assert not letters.contacts().complete
    monkeypatch.setenv("FAIRHOLD_COUNCIL", "Made-up Council")
    assert ("Council", "Made-up Council") in letters.contacts().grid().rows
