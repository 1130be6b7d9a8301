"""An outsider's verification: from the file alone, with the printed line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fairhold import ledger
from fairhold.ledger import checkpoints, keys
from fairhold.ledger.exports import export, verify_export
from tests.ledger.conftest import write


@pytest.fixture
def lines(witness: Path) -> list[str]:
    write(6)
    ledger.checkpoint()
    write(5, kind="share.sent")
    return list(export())


def test_a_whole_export_agrees_with_the_printed_line(lines: list[str]) -> None:
    printed = checkpoints.parse(json.loads(lines[0])["checkpoint"])
    verdict = verify_export(lines, [printed])
    assert verdict.ok, verdict.sentence()
    assert verdict.size == printed.size == len(lines) - 1


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("changed, added", lambda lines: [*lines[:-1], lines[-1].replace('"actor":"7"', '"actor":"8"')]),
        ("missing", lambda lines: [*lines[:-2], lines[-1]]),
        ("twice or in the wrong place", lambda lines: [*lines[:-2], lines[-1], lines[-2]]),
        ("twice or in the wrong place", lambda lines: [*lines, lines[-1]]),
        ("cut off", lambda lines: lines[:-1]),
    ],
)
def test_a_changed_file_is_found_from_the_file_alone(lines: list[str], kind: str, change: object) -> None:
    sentences = [finding.sentence for finding in verify_export(change(lines)).findings]  # type: ignore[operator]
    assert any(kind in sentence for sentence in sentences), sentences


def test_a_file_made_up_under_another_key_fails_against_the_printed_line(lines: list[str]) -> None:
    true = checkpoints.parse(json.loads(lines[0])["checkpoint"])
    forged = checkpoints.make(keys.Key(b"f" * 32), true.size, true.root, true.at)
    heading = json.dumps(json.loads(lines[0]) | {"checkpoint": forged.line(), "earlier": []})
    assert verify_export([heading, *lines[1:]]).ok, "the file agrees with itself"
    assert "another key" in verify_export([heading, *lines[1:]], [true]).sentence()


def test_an_extract_carries_a_proof_for_each_event(lines: list[str]) -> None:
    extract = list(export(kind="share.sent"))
    assert len(extract) >= 6
    assert verify_export(extract).ok
    forged = [*extract[:-1], extract[-1].replace('"rows":4', '"rows":5')]
    assert "is not the one that was signed" in verify_export(forged).sentence()


@pytest.mark.parametrize(
    ("number", "line"), [(1, ""), (1, "{}"), (2, "[]"), (2, '{"event": {}}'), (2, '{"event": null}'), (2, "not json")]
)
def test_a_spoiled_file_is_refused_with_its_line(lines: list[str], number: int, line: str) -> None:
    spoiled = [*lines[: number - 1], line, *lines[number:]]
    with pytest.raises(ledger.LedgerError, match=f"Line {number} of the file"):
        verify_export(spoiled)
