"""Files and folders from the command line: what is printed, and what stops everything."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest
from tests.intake.conftest import ADMINISTRATOR, OFFICER
from tests.intake.made import OTHER, ctf, pupil, table
from tests.intake.test_deliveries import EPISODE, HEADER
from typer.testing import CliRunner

from fairhold import access, intake, vault
from fairhold.access import accounts
from fairhold.cli.ingest import app as ingest_app
from fairhold.cli.sources import app as sources_app
from fairhold.intake import IntakeError, Outcome, batches


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A week of files, one of them empty, and a return."""
    (tmp_path / "schools").mkdir()
    (tmp_path / "schools" / "b.xml").write_bytes(ctf([pupil(1)], at="2026-11-13T08:00:00"))
    (tmp_path / "schools" / "a.xml").write_bytes(ctf([pupil(1, Surname="Later"), pupil(2, DOB=None)]))
    (tmp_path / "schools" / "c.xml").write_bytes(ctf([pupil(3)], school=OTHER))
    (tmp_path / "schools" / "d.xml").write_bytes(b"")
    (tmp_path / "return").mkdir()
    (tmp_path / "return" / "header.csv").write_bytes(table("Header", [HEADER]))
    (tmp_path / "return" / "episodes.csv").write_bytes(table("Episodes", [EPISODE]))
    return tmp_path


def test_a_folder_is_taken_in_the_oldest_file_first(store, folder, ask):
    done = intake.take_in(OFFICER, [folder])
    names = [Path(one.label).name for one in done]
    assert [names.index("b.xml") < names.index("a.xml"), len(names)] == [True, 6]
    assert {Path(one.label).name for one in done if one.outcome is Outcome.REFUSED} == {"d.xml"}
    now = "until_date = 'infinity' and known_until = 'infinity'"
    assert ask(f"select surname from people.name where {now} order by 1") == [("Later",), ("SurnameC",)]


def test_a_second_run_reads_nothing_again(store, folder, monkeypatch):
    intake.take_in(OFFICER, [folder])
    read: list[str] = []
    monkeypatch.setattr(batches, "_read", lambda group, settings: read.extend(str(path) for _, path in group) or [])
    done = intake.take_in(OFFICER, [folder])
    assert {one.outcome for one in done} == {Outcome.KNOWN}
    assert [Path(path).name for path in read] == ["d.xml"]  # a refused file is judged afresh


def test_many_bytes_are_read_by_processes_of_their_own(store, folder, monkeypatch):
    monkeypatch.setattr(batches, "SMALL", 0)
    assert sum(one.outcome is Outcome.STORED for one in intake.take_in(OFFICER, [folder])) == 5


def test_a_path_that_is_not_there(store, tmp_path):
    with pytest.raises(IntakeError, match=r"There is no file or folder .*gone: check the path"):
        intake.take_in(OFFICER, [tmp_path / "gone"])


def test_a_file_beyond_the_limit_is_refused_without_being_read(store, folder, monkeypatch):
    monkeypatch.setattr(batches, "SIZE_LIMIT", 10)
    done = intake.take_in(OFFICER, [folder / "schools" / "c.xml"])
    assert done[0].outcome is Outcome.REFUSED
    assert done[0].reason == "The file has 0 MiB, more than the 0 MiB that are read: ask for it in parts."


def test_a_full_disk_says_so_and_leaves_nothing_of_the_file(store, folder, ask, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(vault.folder, "write", full)
    with pytest.raises((IntakeError, vault.VaultFull), match=r"disk is full|no room|full"):
        intake.take_in(OFFICER, [folder])
    assert ask("select count(*) from system.delivery") == [(0,)]
    assert ask("select count(*) from people.name") == [(0,)]


@pytest.fixture
def account(store, monkeypatch):
    """A made-up account of the demo that commands act as."""
    with access.scope(ADMINISTRATOR, "administration") as scope:
        for login, role in (("made-up-officer", "data-officer"), ("made-up-admin", "administrator")):
            scope.run(
                "insert into system.account (name, login, role, made_up, demo) values (%s, %s, %s, true, true)",
                (login, login, role),
            )
    assert accounts.by_login("made-up-officer") is not None
    return lambda login: monkeypatch.setenv("FAIRHOLD_AS", login)


def test_the_command_prints_a_line_for_each_kind_and_each_refusal(account, folder):
    account("made-up-officer")
    result = CliRunner().invoke(ingest_app, [str(folder)])
    assert result.exit_code == 2
    lines = result.stdout.splitlines()
    assert lines[0].startswith("ctf: 3 stored; 4 rows, ")
    assert lines[1] == "not recognised: 1 refused"
    assert lines[2].startswith("ssda903: 2 stored; 2 rows, ")
    assert lines[3].endswith("d.xml: refused. The file is empty: ask the sender for it again.")
    assert CliRunner().invoke(ingest_app, [str(folder / "return")]).exit_code == 0


def test_the_command_speaks_json(account, folder):
    account("made-up-officer")
    result = CliRunner().invoke(ingest_app, [str(folder / "schools"), "--json"])
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert {Path(one["path"]).name: one["outcome"] for one in found} == {
        "a.xml": "stored",
        "b.xml": "stored",
        "c.xml": "stored",
        "d.xml": "refused",
    }


def test_sources_are_added_from_a_file_and_listed(account, tmp_path):
    account("made-up-admin")
    file = tmp_path / "sources.csv"
    file.write_text("KIND,NAME,LEA,ESTAB\nschool,Third Made-up School,320,2003\nregister,Protection register,,\n")
    added = CliRunner().invoke(sources_app, ["add", "--from", str(file)])
    assert added.stdout == "1 of 2 registered; the others were registered before.\n"
    listed = CliRunner().invoke(sources_app, ["list"])
    assert "3202003" in listed.stdout
    assert "nothing yet" in listed.stdout


def test_a_school_without_numbers_is_not_registered(store):
    with access.scope(ADMINISTRATOR, "administration") as scope, pytest.raises(access.Refused, match="3 digits"):
        intake.add_sources(scope, sources=[intake.NewSource("school", "Nowhere", "32", "2001")])
