"""How acts get in: numbered without gaps, on disk before anything is shown, without a name."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold import access, ledger
from fairhold.access import accounts
from fairhold.engine import database
from fairhold.errors import PlainError
from fairhold.ledger import queries, writer
from fairhold.ledger.domain import Event, check_event, event_of
from tests.ledger.conftest import write

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


def test_numbers_follow_one_another(cluster: Path) -> None:
    numbers = write(5)
    assert numbers == list(range(numbers[0], numbers[0] + 5))


def test_many_threads_leave_no_gap_and_a_true_tree(cluster: Path) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.extend(write(12))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(min(found), min(found) + 96))
    assert ledger.verify().ok


def test_an_event_stays_when_the_scope_it_belongs_to_rolls_back(cluster: Path) -> None:
    with closing(database.connect("web")) as work:
        work.execute("select 1")
        number = write(1)[0]
        work.rollback()
    assert ledger.newest(limit=1)[0].seq == number


def test_the_web_login_can_add_and_read_but_never_change(cluster: Path) -> None:
    write(1)
    for statement in (
        "update ledger.event set actor = 'x'",
        "delete from ledger.event",
        "truncate ledger.event",
        "delete from ledger.child_key",
        "update ledger.child_key set key = key",
    ):
        with closing(database.connect("web")) as connection:
            connection.execute("set role p_ledger")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_a_slip_of_the_owner_is_stopped(cluster: Path) -> None:
    with closing(database.connect("owner")) as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute("delete from ledger.event")


def test_a_broken_connection_is_replaced(cluster: Path) -> None:
    first = write(1)[0]
    with closing(database.connect("web", autocommit=True)) as other:
        other.execute("select pg_terminate_backend(%s)", (writer._connection().info.backend_pid,))
    assert write(1) == [first + 1]


def test_a_turn_that_never_ends_is_said_in_a_sentence(cluster: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PATIENCE", "100ms")
    with closing(database.connect("web")) as stuck:
        queries.take_turn(stuck.cursor(), [])
        stuck.execute("set local idle_in_transaction_session_timeout = 0")
        with pytest.raises(ledger.LedgerError, match="nothing is shown or done"):
            write(1)
    assert write(1)


APPENDING = """
from fairhold import access, ledger
from fairhold.access import accounts
while True:
    print(ledger.append("record.read", actor="7", role="r", purpose="p", subjects=[1]), flush=True)
"""


def test_what_was_said_to_be_written_survives_a_kill(cluster: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", APPENDING], stdout=subprocess.PIPE, text=True) as writing:
        assert writing.stdout is not None
        said = [int(writing.stdout.readline()) for _ in range(20)]
        writing.send_signal(signal.SIGKILL)
        said += [int(line) for line in writing.stdout.read().split()]
    following = write(1)[0]
    assert said == list(range(said[0], said[0] + len(said)))
    assert following - said[-1] <= 2, "at most the one that was not yet said"
    assert ledger.verify().ok


@pytest.mark.proves("N012")
def test_without_the_ledger_nothing_is_read(
    clean: Path,
    scope_for: Callable[[str, str], AbstractContextManager[access.Scope]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with scope_for("administrator", "administration") as scope:
        before = ledger.newest(limit=1)[0].seq
        assert accounts.listed(scope) == []
        event = ledger.newest(limit=1)[0]
        assert (event.seq, event.kind) == (before + 1, "accounts.list"), "it is there before the scope ends"
        monkeypatch.setenv("FAIRHOLD_LEDGER_KEY", "spoiled")
        with pytest.raises(PlainError):
            accounts.listed(scope)


def test_a_child_appears_by_a_reference_that_dies_with_its_key(cluster: Path) -> None:
    child, sibling = 990_001, 990_002
    number = ledger.append("record.read", actor="7", role="r", purpose="p", subjects=[child, sibling, child])
    assert [event.seq for event in ledger.concerning([child])] == [number]
    event = ledger.newest(limit=1)[0]
    assert len(event.children) == 2
    assert str(child) not in event.canonical().decode()
    assert ledger.forget([child]) == 1
    assert ledger.concerning([child]) == []
    assert [event.seq for event in ledger.concerning([sibling])] == [number]
    assert ledger.verify().ok
    ledger.append("record.read", actor="7", role="r", purpose="p", subjects=[child])
    assert event.children != ledger.newest(limit=1)[0].children, "the new key does not bring the old link back"


def test_two_children_of_one_number_have_different_references_in_two_ledgers(cluster: Path) -> None:
    with closing(database.connect("owner")) as owner:
        keys = owner.execute("select count(*), count(distinct key) from ledger.child_key").fetchone()
    assert keys is not None
    assert keys[0] == keys[1] > 0


@pytest.mark.parametrize(
    ("kind", "detail", "sentence"),
    [
        ("Record Read", {}, "small letters"),
        ("record.read", {"Surname": 1}, "small letters"),
        ("record.read", {"rows": 1.5}, "neither text nor a whole number"),
        ("record.read", {"rows": True}, "neither text nor a whole number"),
        ("record.read", {"fields": "x" * 4001}, "too long"),
        ("record.read", {"fields": "a\x00b"}, "not text"),
        ("record.read", {"found": "pupil A123456789012"}, "pupil number"),
    ],
)
def test_what_must_not_stand_in_the_ledger_is_refused(kind: str, detail: dict[str, str | int], sentence: str) -> None:
    with pytest.raises(ledger.LedgerError, match=sentence):
        check_event(kind, detail)


@given(
    st.builds(
        Event,
        seq=st.integers(1, 2**62),
        at=st.datetimes(timezones=st.just(UTC)),
        kind=words,
        actor=words,
        role=words,
        purpose=words,
        children=st.lists(st.binary(min_size=16, max_size=16).map(bytes.hex), unique=True).map(tuple),
        detail=st.dictionaries(words, words | st.integers()),
    )
)
def test_an_event_survives_its_json(event: Event) -> None:
    assert event_of(event.as_json()) == event
    assert event_of(event.as_json()).canonical() == event.canonical()


def test_the_canonical_bytes_of_an_event_never_change() -> None:
    at = datetime(2026, 11, 24, 16, 57, 0, 5, tzinfo=UTC)
    event = Event(3, at, "record.read", "7", "social-worker", "safeguarding", ("ab" * 16,), {"rows": 2, "fields": "é"})
    assert event.canonical().decode() == (
        '{"actor":"7","at":"2026-11-24T16:57:00.000005+00:00","children":["abababababababababababababababab"],'
        '"detail":{"fields":"é","rows":2},"kind":"record.read","purpose":"safeguarding","role":"social-worker","seq":3}'
    )


def test_the_ledger_answers_in_a_sentence_when_its_key_is_spoiled(
    cluster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRHOLD_LEDGER_KEY", "not a key")
    with pytest.raises(PlainError, match="put the right key back"):
        write(1)
