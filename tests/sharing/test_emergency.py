"""An emergency with nothing but this machine's disk: what may be told, and that it is written down first (made up)."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from fairhold.cli import share_emergency
from fairhold.dates import clock
from fairhold.sharing import gate, keys
from fairhold.sharing.emergency import (
    EmergencyError,
    Facts,
    Judgement,
    Override,
    facts_from,
    judge,
    judging,
    sealing,
    spool,
    write_down,
)
from fairhold.sharing.emergency.spooling import BY_HAND
from tests.sharing.made_up import CHANNELS, CORE, FIELDS, IN_ORDER, STRANGE, URGENT

DAY = date(2026, 11, 24)
URGENT_CHANNELS = ("phone", "secure-mail", "nhs-mail", "sftp", "portal", "s2s")
WORDS = {
    "child": {"name": "Ada Canaryson", "date_of_birth": "2011-09-05"},
    "recipient": "police", "organisation": "Made-up station", "spoken_to": "PC 1", "channel": "phone",
    "need": "Made-up harm.", "address_protected": "no",
    "tell": {"name": "Ada Canaryson", "date_of_birth": "2011-09-05", "address": "1 Canary Road"},
}  # fmt: skip


def facts(**changes: Any) -> Facts:
    return facts_from({**WORDS, **changes})


def everything(**changes: Any) -> Facts:
    return facts(tell=dict.fromkeys(FIELDS, "made up"), **changes)


def _judgements(asked: list[Facts]) -> list[Judgement]:
    """As `judge`, all in one question to the gate."""
    requests = [judging.request(one, on=DAY, teller="a", role="officer") for one in asked]
    return [judging.judged(one, said, "a") for one, said in zip(asked, gate.decide_many(requests), strict=True)]


@pytest.mark.proves("N091")
def test_the_core_goes_to_eleven_bodies_by_six_ways_and_all_else_by_override() -> None:
    """Every recipient × channel × field, with the address open and protected: the gate's part, and the officer's."""
    cases = list(product(("no", "yes", "unknown"), (*IN_ORDER, STRANGE), (*CHANNELS, STRANGE)))
    asked = [everything(address_protected=one[0], recipient=one[1], channel=one[2]) for one in cases]
    for (protected, recipient, channel), found in zip(cases, _judgements(asked), strict=True):
        core = CORE if protected == "no" else ("name", "date_of_birth")
        expected = core if recipient in URGENT and channel in URGENT_CHANNELS else ()
        assert found.by_gate == expected, (protected, recipient, channel)
        assert {one.field for one in found.refused} == set(FIELDS) - set(expected)
        assert found.by_override == ()
    words = (("no", "", set()), ("yes", "", {"address"}), ("unknown", " ", {"address"}), ("yes", "Second", set()))
    bodies = (("police", "phone"), ("dfe", "phone"), ("police", "email"), (STRANGE, STRANGE))
    overridden = [
        (left, {"address_protected": protected, "recipient": recipient, "channel": channel}, second)
        for protected, second, left in words
        for recipient, channel in bodies
    ]
    word = "Made-up reason."
    judged = _judgements(
        [everything(**changes, override={"reason": word, "second": second}) for _, changes, second in overridden]
    )
    for (left, changes, _), one in zip(overridden, judged, strict=True):
        assert {refusal.field for refusal in one.refused} == left, changes
        assert set(one.told) == set(FIELDS) - left
    with pytest.raises(EmergencyError, match="cannot be you"):
        judge(everything(address_protected="yes", override={"reason": "x", "second": " PAT "}), on=DAY, teller="Pat")


@pytest.mark.parametrize(("changes", "says"), [
    ({"need": " \u200b"}, "what harm"),
    ({"spoken_to": ""}, "who is told"),
    ({"organisation": ""}, "which body"),
    ({"recipient": ""}, "kind of body"),
    ({"channel": ""}, "how it is told"),
    ({"child": {}}, "which child"),
    ({"child": {"name": "Ada", "date_of_birth": "5/9/2011"}}, "no date"),
    ({"child": {"person": "7"}}, "whole number"),
    ({"tell": {}}, "at least one field"),
    ({"tell": {"name": 7}}, "text in quotes"),
    ({"tell": {"name": "x" * 3000}}, "too long"),
    ({"address_protected": "perhaps"}, "yes, no or unknown"),
    ({"override": {"reason": " "}}, "an override has a reason"),
    ({"childs": {}}, "may not hold childs"),
])  # fmt: skip
def test_facts_that_are_not_whole_get_their_sentence(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(EmergencyError, match=says):
        facts(**changes)


def test_facts_are_written_as_they_are_read() -> None:
    for told in (
        facts(),
        facts(override={"reason": "r", "second": "s"}),
        facts(child={"person": 3}, tell={"name": ""}),
    ):
        assert facts_from(told.as_json()) == told
    with pytest.raises(EmergencyError, match="type in the value of name"):
        facts(child={"person": 3}, tell={"name": ""}).whole()
    assert Override("r").second == ""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine whose store is nowhere."""
    monkeypatch.setenv("FAIRHOLD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("FAIRHOLD_SPOOL", raising=False)
    with clock.frozen(DAY):
        yield tmp_path / "home"


@pytest.mark.proves("N091")
def test_what_is_told_is_sealed_on_disk_before_the_answer_and_tells_nobody_else(home: Path) -> None:
    began = time.monotonic()
    judgement, entry = write_down(facts(), teller="made-up-user", why="The database does not answer.")
    assert time.monotonic() - began < 5
    assert judgement.told == ("name", "date_of_birth", "address")
    file = home / "spool" / entry.name
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert file.read_bytes().startswith(b"age-encryption.org/v1")
    for path in (home / "spool").iterdir():
        assert b"Canary" not in path.read_bytes()
        assert "anary" not in path.name
    said = spool.opened(entry)
    assert (said["told_at"], said["teller"]) == ("2026-11-24T12:00:00+00:00", "made-up-user")
    assert facts_from(said["facts"]) == facts()
    filled = [spool.keep({"n": text}) for text in ("", "x" * 300)]  # the size of an entry tells nothing either
    sizes = {len(keys.decrypt((home / "spool" / one.name).read_bytes(), sealing.identity())) for one in filled}
    assert sizes == {1024}


def test_who_writes_needs_the_public_half_alone(home: Path) -> None:
    write_down(facts(), teller="a", why="")
    (home / "spool.key").unlink()
    _, entry = write_down(facts(), teller="a", why="")
    assert entry.number == 2
    with pytest.raises(EmergencyError, match="sealed to another key"):
        spool.opened(entry)  # a new private key was made, which is not its


def test_the_key_is_one_that_the_age_tool_reads(home: Path) -> None:
    identity = sealing.identity()
    assert identity.startswith("AGE-SECRET-KEY-1")
    assert keys.decrypt(keys.encrypt(b"made up", sealing.public()), identity) == b"made up"


def test_entries_form_a_chain_in_which_a_change_or_a_gap_shows(home: Path) -> None:
    links = [write_down(facts(), teller="a", why="")[1] for _ in range(3)]
    assert [entry.number for entry in spool.pending()] == [1, 2, 3]
    befores = [spool.opened(entry)["before"] for entry in links]
    assert befores == [spool.START, links[0].link, links[1].link]
    changed = home / "spool" / links[1].name
    data = changed.read_bytes()
    changed.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(EmergencyError, match="Entry 2 of the spool was changed"):
        spool.opened(links[1])
    (home / "spool" / links[0].name).rename(home / "spool" / f"000009-{links[0].link}.age")
    spool.remove(spool.pending())
    assert write_down(facts(), teller="a", why="")[1].number == 4  # numbers go on from the last ever written


def _killed_at(step: int) -> bool:
    """Write an entry in a process of its own that dies at its nth call to the disk; whether it got to the answer."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    calls = 0

    def deadly(call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == step:
                os._exit(9)
            return call(*args, **kwargs)

        return run

    for place, name in ((os, "fsync"), (os, "open"), (Path, "rename"), (Path, "unlink")):
        setattr(place, name, deadly(getattr(place, name)))
    try:
        spool.keep({"made": "up"})
        os._exit(0)
    finally:
        os._exit(8)


def test_a_writer_killed_at_any_step_told_nobody_or_left_a_whole_entry(home: Path) -> None:
    spool.keep({"made": "up"})
    told, ends = 1, []
    for step in range(1, 20):
        ends.append(_killed_at(step))
        told += ends[-1]
        found = spool.pending()
        assert len(found) >= told
        assert [spool.opened(entry)["before"] for entry in found] == [spool.START, *(one.link for one in found[:-1])]
    assert ends.index(True) >= 8
    assert all(ends[ends.index(True) :])
    spool.keep({"made": "up"})
    assert not list((home / "spool").glob("*.part"))


def test_where_nothing_can_be_written_people_are_told_to_act_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", "ascii")
    monkeypatch.setenv("FAIRHOLD_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(EmergencyError) as fault:
        write_down(facts(override={"reason": "Made-up reason."}), teller="a", why="")
    assert fault.value.sentence == BY_HAND


@pytest.mark.proves("N091")
def test_the_command_asks_one_by_one_and_takes_an_officers_own_word(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share_emergency.database, "answers", lambda login: False)
    facts_typed = ["Police", "Made-up station", "PC 1", "", "Made-up harm.", "", "Ada Canaryson", "2011-09-05", ""]
    fields_typed = ["Ada Canaryson", "1 Canary Road", "-", "Allergy", "nuts", ""]

    def answers(*own: str) -> Result:
        return CliRunner().invoke(share_emergency.app, [], input="\n".join([*facts_typed, *fields_typed, *own, ""]))

    plain = answers("")  # no override
    assert plain.exit_code == 1
    assert "name: Ada Canaryson" in plain.output.partition("You may tell Made-up station now:")[2]
    assert "Do not tell address." in plain.output
    assert "Do not tell allergy." in plain.output
    alone = answers("He is on his way (made up).", "")
    assert alone.exit_code == 1
    assert "A second person must stand by you" in alone.output
    both = answers("He is on his way (made up).", "Pat Second")
    assert both.exit_code == 0
    told = both.output.partition("You may tell Made-up station now:")[2]
    assert [line.split(":")[0].strip() for line in told.strip().splitlines()] == ["name", "address", "allergy"]
    kept = [spool.opened(entry) for entry in spool.pending()]
    assert [(one["by_gate"], one["by_override"]) for one in kept] == [
        (["name"], []), (["name"], []), ([], ["allergy"]), (["name"], []), ([], ["address", "allergy"]),
    ]  # fmt: skip


COMMAND = """
import sys
from fairhold.cli import main
sys.argv = ["fairhold", "share", "emergency", "--facts", "-", "--json"]
main()
"""
NO_DATABASE = {name: "postgresql://nobody@127.0.0.1:1/none" for name in (
    "FAIRHOLD_DATABASE_URL", "FAIRHOLD_OWNER_DATABASE_URL", "FAIRHOLD_WORKER_DATABASE_URL")}  # fmt: skip


@pytest.mark.proves("N091")
@pytest.mark.parametrize("environment", [NO_DATABASE, {}], ids=["the server is stopped", "no store at all"])
def test_the_command_answers_with_the_database_stopped(home: Path, environment: dict[str, str]) -> None:
    inherited = {name: value for name, value in os.environ.items() if name not in {*NO_DATABASE, "FAIRHOLD_CLOCK"}}
    began = time.monotonic()
    asked = [sys.executable, "-c", COMMAND]
    made = subprocess.run(
        asked, input=json.dumps(WORDS), capture_output=True, text=True, env=inherited | environment, check=False
    )
    assert time.monotonic() - began < 20
    assert made.returncode == 0, made.stderr
    answer = json.loads(made.stdout)
    assert answer["may_tell"] == WORDS["tell"]
    assert answer["kept"].startswith("The database does not answer. Kept sealed on this machine as entry 1")
    assert len(spool.pending()) == 1
    assert "Canary" not in made.stderr
    assert not (home / "postgres").exists()
