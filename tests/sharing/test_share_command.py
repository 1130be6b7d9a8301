"""`fairhold share`: the whole way on the command line, each step as the person whose step it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from fairhold.access import accounts
from fairhold.cli.demo_partner import MadeUpPartner
from fairhold.cli.share import app
from fairhold.sharing import keys
from fairhold.sharing.shares import file_name

Run = Callable[..., Any]


@pytest.fixture
def run(borough: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("youth", "list")`: the command as a made-up person; fails where the exit code is another."""
    for login, role in (("youth", "youth-officer"), ("first", "ig-officer"), ("second", "ig-officer")):
        accounts.add_made_up(name=f"Made-up {login}", login=login, role_slug=role)

    def run(who: str, *arguments: str, code: int = 0) -> str:
        monkeypatch.setenv("FAIRHOLD_AS", who)
        done = CliRunner().invoke(app, list(arguments))
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == code, done.output
        return str(done.output)

    return run


def test_the_whole_way(run: Run, partner: MadeUpPartner, borough: dict[str, int]) -> None:
    ours = json.loads(run("first", "keys", "--json"))
    assert ours["login"].startswith("ssh-ed25519 ")
    end = ["--host", "127.0.0.1", "--port", str(partner.port), "--login", "council"]
    run(
        "first", "add-recipient", "Made-up youth service", "--kind", "youth-support", *end,
        "--host-key", partner.host_key, "--age-key", partner.age_key,
    )  # fmt: skip
    assert "keys not confirmed" in run("first", "recipients")
    prints = [keys.age_fingerprint(partner.age_key), keys.host_fingerprint(partner.host_key)]
    run("second", "confirm-recipient", "1", "--age-fingerprint", prints[0], "--host-fingerprint", prints[1])
    [listed] = json.loads(run("first", "recipients", "--json"))
    assert listed["confirmed"]
    run("first", "agree", "1", "--from", "2026-01-01", "--to", "2027-01-01", "--keeps", "until 25 (made up)")
    told = run("youth", "propose", "1", "--need", "Learning (made up).", "--reason", "right-service")
    assert "A parent's yes" not in told or "R13.lapsed" in told
    assert "R15.address" in told
    assert "1 of 1 approvals" in run("second", "approve", "1", "--note", "Seen.")
    assert "5 rows packed. Arrived at 127.0.0.1" in run("youth", "send", "1")
    assert (partner.inbox / file_name(1)).exists()
    assert "sent" in run("youth", "list")
    assert json.loads(run("youth", "show", "1", "--json"))["rows"] == 5
    told = run("first", "log", "--person", str(borough["own consent"]), "--decided")
    assert "To give a child or family the right service. Learning (made up)." in told
    assert "Education Act 1996 s507B; Consent (Education and Skills Act 2008 s14)" in told
    assert "left, row " in told
    assert "1 children" not in run("first", "log")
    assert json.loads(run("first", "log", "--recipient", "youth-support", "--since", "2026-11-24", "--json"))
    run("first", "log", "--recipient", "police", "--json")
    assert "Nothing is published yet" in run("first", "counts")
    assert "withheld  the youth team" in run("first", "counts", "--publish")
    traced = run("first", "trace", str(partner.inbox / file_name(1)))
    assert "5 rows, 25 cells, 0 unexplained" in traced
    listed = run("first", "trace", str(partner.inbox / file_name(1)), "--cells").splitlines()
    assert listed[0].startswith("line,field,way,law,rule,consent,by,since,source,delivery,source_line")
    assert len(listed) == 26
    assert "Notice 1 about 1 rows has arrived" in run(
        "youth",
        "recall-notice",
        "1",
        "--action",
        "delete",
        "--reason",
        "Withdrawn.",
        "--person",
        str(borough["protected"]),
    )
    assert "acknowledged" in run("youth", "acknowledge", "1")


def test_a_server_that_is_down_exits_1_and_the_next_try_sends(
    run: Run, registered: int, partner: MadeUpPartner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fairhold.sharing import sending

    run("youth", "propose", str(registered), "--need", "Learning (made up).", "--reason", "right-service")
    run("first", "approve", "1", "--note", "Seen.")

    def down(*_: object) -> str:
        raise sending.sftp.TransferError("The recipient's server cannot be reached.")

    with monkeypatch.context() as patch:
        patch.setattr(sending.sftp, "deliver", down)
        assert "cannot be reached" in run("youth", "send", "1", code=1)
    assert "Arrived" in run("youth", "send", "1")


def test_a_date_that_is_none_gets_its_sentence(run: Run, registered: int) -> None:
    with pytest.raises(Exception, match="write it as 2026-11-23"):
        run("first", "agree", "1", "--from", "1 January", "--keeps", "x")


def test_another_purpose_does_not_open_the_doors(run: Run, registered: int) -> None:
    with pytest.raises(Exception, match="may not work under"):
        run("youth", "approve", "1", "--note", "Mine.", "--purpose", "information-governance")
