"""Somebody owns the database. Given only one printed line, `verify` must find what they did (N164, ASVS 16.4.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fairhold import ledger
from fairhold.ledger import checkpoints, keys
from fairhold.ledger.domain import Stored
from tests.ledger.conftest import write

Rows = list[Stored]


def edited(rows: Rows) -> Rows:
    """The last act but four was done by somebody else."""
    return [*rows[:-5], replace(rows[-5], event=replace(rows[-5].event, actor="8")), *rows[-4:]]


def deleted(rows: Rows) -> Rows:
    return [*rows[:-5], *rows[-4:]]


def inserted(rows: Rows) -> Rows:
    return [*rows[:-5], replace(rows[-5], event=replace(rows[-5].event, actor="8")), *rows[-5:]]


def reordered(rows: Rows) -> Rows:
    return [*rows[:-5], rows[-4], rows[-5], *rows[-3:]]


def truncated(rows: Rows) -> Rows:
    return rows[:-5]


SMART = [edited, deleted, inserted, reordered, truncated]


@pytest.fixture
def printed(attack: object) -> str:
    """Ten acts, then a checkpoint on paper: the folder outside has lost its copy."""
    write(10)
    line = ledger.checkpoint().line()
    for folder in checkpoints.places():
        (folder / checkpoints.FILE).unlink()
    return line


@pytest.mark.parametrize("change", SMART, ids=lambda change: change.__name__)
@pytest.mark.parametrize("stolen_key", [False, True], ids=["without the key", "with the key stolen"])
def test_hashes_computed_afresh_do_not_hide_it(
    attack: Callable[[], Any], printed: str, change: Callable[[Rows], Rows], stolen_key: bool
) -> None:
    assert ledger.verify(printed).ok
    with attack() as attacker:
        attacker.rewrite(change, key=keys.current() if stolen_key else None)
    verdict = ledger.verify(printed)
    assert not verdict.ok
    if stolen_key:
        expected = "cut off" if change in (truncated, deleted) else "changed, added, removed or moved"
        assert expected in verdict.sentence()
        assert ledger.verify().ok, "with the key and without the printed line nothing could show it"


@pytest.mark.parametrize("change", [edited, deleted, inserted, reordered], ids=lambda change: change.__name__)
def test_events_after_the_last_checkpoint_are_sealed(attack: Callable[[], Any], change: Callable[[Rows], Rows]) -> None:
    write(10)
    with attack() as attacker:
        attacker.rewrite(change)
    verdict = ledger.verify()
    assert [finding.kind for finding in verdict.findings] == ["seal"]
    assert "not written by Fairhold" in verdict.sentence()


def test_the_next_true_event_does_not_heal_a_forged_past(attack: Callable[[], Any]) -> None:
    write(10)
    with attack() as attacker:
        attacker.rewrite(edited)
    write(3)
    assert not ledger.verify().ok


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("changed", "update ledger.event set actor = '8' where seq = %s"),
        ("changed", "update ledger.event set detail = '{\"rows\": 1000}' where seq = %s"),
        ("changed", "update ledger.event set at = at + interval '1 microsecond' where seq = %s"),
        ("changed", "update ledger.event set children = '{}' where seq = %s"),
        ("changed", "update ledger.event set nodes = sha256(nodes) where seq = %s"),
        ("missing", "delete from ledger.event where seq = %s"),
    ],
)
def test_a_plain_change_names_the_event(attack: Callable[[], Any], kind: str, statement: str) -> None:
    number = write(10)[4]
    with attack() as attacker:
        attacker.run(statement, number)
    first = ledger.verify().findings[0]
    assert (first.kind, first.seq) == (kind, number)
    assert f"event {number} " in first.sentence


def test_an_older_copy_put_back_is_found_and_not_signed_anew(attack: Callable[[], Any], witness: Path) -> None:
    write(10)
    line = ledger.checkpoint().line()
    with attack() as attacker:
        attacker.run("delete from ledger.event where seq > (select max(seq) - 6 from ledger.event)")
    assert [finding.kind for finding in ledger.verify().findings] == ["short"]
    with pytest.raises(ledger.LedgerError, match="No checkpoint was signed"):
        ledger.checkpoint()
    write(20)  # the demo goes on, and the ledger is longer than it was
    assert "changed, added, removed or moved" in ledger.verify(line).sentence()


def test_several_checkpoints_say_where_it_happened(attack: Callable[[], Any], witness: Path) -> None:
    sizes = []
    for _ in range(3):
        write(4)
        sizes.append(ledger.checkpoint().size)
    with attack() as attacker:
        attacker.rewrite(lambda rows: [*rows[:-7], rows[-6], rows[-7], *rows[-5:]], key=keys.current())
    assert f"the events {sizes[0] + 1} to {sizes[1]} are not those signed" in ledger.verify().sentence()


def test_a_forged_checkpoint_is_refused(printed: str) -> None:
    size = checkpoints.parse(printed).size
    forged = printed.replace(f"size={size}", f"size={size - 1}")
    assert "is a forgery" in ledger.verify(forged).sentence()
    stranger = keys.Key(b"k" * 32)
    other = checkpoints.make(stranger, size, checkpoints.parse(printed).root, checkpoints.parse(printed).at)
    assert "signed by another key" in ledger.verify(other).sentence()
