"""Checkpoints: one line on paper, one line in every place outside the database."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold import ledger
from fairhold.ledger import checkpoints, keys, writer
from fairhold.ledger.checkpoints import make, parse
from tests.ledger.conftest import write

AT = datetime(2026, 11, 24, 16, 57, tzinfo=UTC)
KEY = keys.Key(b"a made-up key of thirty-two byte")


@given(st.integers(0, 10**17), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_survives_print_and_line_breaks(size: int, root: bytes) -> None:
    made = make(KEY, size, root, AT)
    assert "\n" not in made.line()
    assert parse(made.line()) == made
    assert parse(made.line().replace(" ", "\n  ")) == made
    assert made.genuine()


@pytest.mark.parametrize("part", ["size=1", "at=2026", "root=", "key=", "signature="])
def test_each_part_of_the_line_is_signed(part: str) -> None:
    line = make(KEY, 1, b"r" * 32, AT).line()
    place = line.index(part) + len(part) + (0 if part.endswith("=") else -1)
    swapped = line[:place] + ("7" if line[place] != "7" else "6") + line[place + 1 :]
    with suppress(ledger.LedgerError):  # a time that is none cannot even be read
        assert not parse(swapped).genuine()


@pytest.mark.parametrize(
    "text", ["", "fairhold-checkpoint-1", "size=3 root=x", make(KEY, 1, b"r" * 32, AT).line()[:-1]]
)
def test_half_a_line_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ledger.LedgerError, match="give the whole line"):
        parse(text)


def test_every_place_outside_keeps_the_line(cluster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    monkeypatch.setenv("FAIRHOLD_WITNESS", f"{one}:{two}")
    write(2)
    first = ledger.checkpoint()
    write(1)
    second = ledger.checkpoint()
    assert second.size == first.size + 1
    lines = [first.line(), second.line()]
    assert [(place / checkpoints.FILE).read_text().splitlines() for place in (one, two)] == [lines, lines]
    assert ledger.checkpoint() == second, "nothing new, nothing signed"
    assert (one / checkpoints.FILE).stat().st_mode & 0o077 == 0


def test_a_place_that_refuses_is_named(cluster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("FAIRHOLD_WITNESS", str(blocked))
    write(1)
    with pytest.raises(ledger.LedgerError, match="could not be kept in"):
        ledger.checkpoint()


def test_checkpoints_are_taken_on_the_way(witness: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "CHECKPOINT_EVERY", 5)
    write(11)
    assert len(checkpoints.kept()) >= 2
    assert ledger.verify().checkpoints >= 2
