"""Bad files as a person sends them: each gives its sentence, nothing is lost, the good rows are in.

Every pupil in these made-up files is called Quabble, so that a sentence that quotes a person is noticed.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.house.outputs import Answer, command, made_up, owned
from tests.intake.made import ctf, pupil, table, upn

from fairhold import access, ledger, vault, work
from fairhold.access import accounts
from fairhold.formats import opening
from fairhold.intake import NewSource, add_sources, batches

OFFICER = "data-officer"
SPELL = {"DECOM": "01/05/2026", "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U1", "PLACE_PROVIDER": "PR1"}
WHOLE = ctf([pupil(number, Surname="Quabble") for number in (1, 2, 3)])
HEAD, BODY = WHOLE.split(b"?>", 1)
EPISODES = table("Episodes", [SPELL | {"CHILD": "100"}, SPELL | {"CHILD": "101"}]).decode().splitlines()


def _doctype(text: bytes, used: bytes) -> bytes:
    return HEAD + b"?>" + text + BODY.replace(b"Quabble", used, 1)


def _workbook() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return stream.getvalue()


def _lines(*lines: str) -> bytes:
    return "\n".join([*lines, ""]).encode()


# what is sent → the words of the sentence; refused whole
REFUSED: dict[str, tuple[bytes, str]] = {
    "empty.xml": (b"", "The file is empty: ask the sender for it again."),
    "blank.csv": (b"\xef\xbb\xbf\r\n\r\n", "The file is empty: ask the sender for it again."),
    "breaks-off-in-its-header.xml": (WHOLE[:300], "header breaks off or names no school"),
    "unknown-encoding.xml": (
        WHOLE.replace(b'encoding="UTF-8"', b'encoding="KLINGON"'),
        "its encoding is KLINGON, which is not read: ask for it in UTF-8.",
    ),
    "entities.xml": (
        _doctype(b'<!DOCTYPE CTfile [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>', b"&b;"),
        "declares an entity, which is never read",
    ),
    "entity-of-a-file.xml": (
        _doctype(b'<!DOCTYPE CTfile [<!ENTITY x SYSTEM "file:///etc/hostname">]>', b"&x;"),
        "declares an entity, which is never read",
    ),
    "last-year.xml": (ctf([pupil(1, Surname="Quabble")], year="2024"), "of the school year 2024 but is dated"),
    "of-tomorrow.xml": (
        ctf([pupil(1, Surname="Quabble")], at="2027-01-01T00:00:00", year="2026"),
        "which is still to come: ask the sender to check its clock.",
    ),
    "unregistered.xml": (
        ctf([pupil(1, Surname="Quabble")], school="9999999"),
        "School 9999999 is not registered as a source",
    ),
    "workbook.csv": (_workbook(), "neither XML nor text: ask the sender for it as XML or CSV."),
    "zeros.csv": (b"CHILD,DECOM\0\n1,Quabble\n", "neither XML nor text"),
    "other.csv": (b"NAME,AGE\nQuabble,9\n", "check which file was sent."),
}

# what is sent → rows in it, values or rows set aside, and the words of the sentence
IN: dict[str, tuple[bytes, int, int, str]] = {
    "cut-off.xml": (WHOLE[: WHOLE.rindex(b"<Pupil>") + 60], 2, 1, "stops being well-formed here (it ends too early)"),
    "wrong-bytes.xml": (WHOLE.replace(b"ForenameC", b"Zo\xeb"), 2, 1, "do not fit the encoding the file declares"),
    "no-birth-date.xml": (
        ctf([pupil(1, Surname="Quabble", DOB=None), pupil(2)]),
        2,
        1,
        "The pupil has no birth date: the whole pupil is set aside",
    ),
    "extra-column.csv": (
        _lines(EPISODES[0] + ",NOTE", EPISODES[1] + ',"Quabble\nsaid ""no"""', EPISODES[2] + ","),
        2,
        0,
        "",
    ),
    "two-cells.csv": (_lines(*EPISODES[:2], "106,Quabble", EPISODES[2]), 3, 1, "has 2 cells where the header has 13"),
    "utf-16.csv": (_lines(*EPISODES).decode().encode("utf-16"), 2, 0, ""),
    "excel-dates.csv": (
        table(
            "Episodes", [SPELL | {"CHILD": "100", "DEC": "44927"}, SPELL | {"CHILD": "101", "DEC": "01/06/2026 00:00"}]
        ),
        2,
        0,
        "",
    ),
    "no-birth-date.csv": (
        table("Reviews", [{"CHILD": "100", "REVIEW": "01/05/2026", "REVIEW_CODE": "PN1"}]),
        1,
        0,
        "",
    ),
}


@pytest.fixture
def store(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty store with a school, a case system, and two people (all made up)."""
    monkeypatch.setenv("FAIRHOLD_CLOCK", "2026-11-23T09:00:00+00:00")
    for role in (OFFICER, "administrator"):
        accounts.add_made_up(name="Made-up", login=role, role_slug=role)
    found = accounts.by_login("administrator")
    assert found is not None
    with access.scope(found.actor(), "administration") as scope:
        add_sources(
            scope,
            sources=[
                NewSource("school", "Made-up School", "320", "2001"),
                NewSource("school", "Silent School", "320", "4002"),
                NewSource("case-system", "Made-up case system", case_system="made up"),
            ],
        )


def plain(answer: Answer) -> None:
    """Whatever is said quotes nobody and shows no inside of the program."""
    said = answer.out + answer.err
    assert "Quabble" not in said
    assert "Traceback" not in said
    assert "Fairhold itself is at fault" not in said


def ingest(*paths: Path) -> tuple[Answer, list[dict[str, Any]]]:
    answer = command(OFFICER, "ingest", "--json", *map(str, paths))
    plain(answer)
    return answer, [json.loads(line) for line in answer.out.splitlines()]


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_go_in_is_refused_with_its_sentence_and_leaves_its_hash_alone(
    store: None, tmp_path: Path, name: str
) -> None:
    data, sentence = REFUSED[name]
    file = tmp_path / name
    file.write_bytes(data)
    answer, (said,) = ingest(file)
    assert (answer.code, said["outcome"]) == (2, "refused")
    assert sentence in said["reason"]
    assert owned("select state || sha256 from system.delivery") == ["refused" + hashlib.sha256(data).hexdigest()]
    for nothing in ("system.subject", "people.name", "system.vault_file", "system.set_aside", "people.search_token"):
        assert owned(f"select count(*) from {nothing}") == [0]
    event = ledger.newest(limit=1, kind="delivery.refused")[0]
    assert event.detail["sha256"] == hashlib.sha256(data).hexdigest()
    plain(command(OFFICER, "read", str(file)))


@pytest.mark.parametrize("name", IN)
def test_the_good_rows_of_a_bad_file_go_in_and_the_rest_is_kept(store: None, tmp_path: Path, name: str) -> None:
    data, rows, aside, sentence = IN[name]
    file = tmp_path / name
    file.write_bytes(data)
    answer, (said,) = ingest(file)
    assert (answer.code, said["outcome"]) == (1 if aside else 0, "stored")
    assert (said["rows"], said["set_aside"]) == (rows, aside)
    reasons = owned("select reason from system.set_aside")
    assert len(reasons) == aside
    assert sentence in "".join(reasons)
    assert owned("select owner from system.set_aside") == [OFFICER] * aside
    good = owned("select count(distinct (m.delivery_id, m.row)) from system.mention m")
    assert good == [rows - (0 if "truncated" in _kinds() or "encoding" in _kinds() else aside)]
    with access.scope(made_up(OFFICER), "data-intake") as scope:
        assert vault.open(scope, owned("select vault_file_id from system.delivery")[0]) == data
    read = command(OFFICER, "read", str(file))
    plain(read)
    assert read.code == (1 if aside else 0)
    assert sentence in read.out


def _kinds() -> set[str]:
    return set(owned("select kind from system.set_aside"))


def test_all_of_them_in_one_folder_stop_nothing(store: None, tmp_path: Path) -> None:
    for name, (data, *_) in {**REFUSED, **IN}.items():
        folder = tmp_path / name.replace(".", "-")
        folder.mkdir()
        (folder / name).write_bytes(data)
    answer, said = ingest(tmp_path)
    assert answer.code == 2
    outcomes = {Path(one["path"]).name: one["outcome"] for one in said}
    assert outcomes == {**dict.fromkeys(REFUSED, "refused"), **dict.fromkeys(IN, "stored")}
    again, repeated = ingest(tmp_path)
    assert again.code == 2
    assert {one["outcome"] for one in repeated if Path(one["path"]).name in IN} == {"already known"}


def test_what_excel_made_of_a_date_is_kept_as_sent(store: None, tmp_path: Path) -> None:
    file = tmp_path / "episodes.csv"
    file.write_bytes(IN["excel-dates.csv"][0])
    ingest(file)
    assert owned("select ended::text from social_care.episode order by row") == [None, "2026-06-01"]
    assert owned("select raw ->> 'ended' from social_care.episode order by row") == ["44927", None]


def test_an_oversized_file_is_refused_by_each_command(
    store: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "large.xml"
    file.write_bytes(WHOLE)
    monkeypatch.setattr(batches, "SIZE_LIMIT", 1000)
    monkeypatch.setattr("fairhold.returns.files.LARGEST", 1000)
    monkeypatch.setattr(opening.open_file, "__kwdefaults__", {"limit": 1000})
    answer, (said,) = ingest(file)
    assert (answer.code, said["outcome"]) == (2, "refused")
    assert "ask for it in parts" in said["reason"]
    read = command(OFFICER, "read", str(file))
    assert read.code == 2
    assert "which is not read: split it." in read.err
    check = command(OFFICER, "check", "ssda903", "--year", "2027", "--la", "E09000031", str(file))
    assert (check.code, check.out) == (2, "")
    assert "is larger than" in check.err


@pytest.mark.parametrize("name", [name for name in (*REFUSED, *IN) if name.endswith(".csv")])
def test_a_check_of_a_bad_table_ends_with_a_sentence_or_with_findings(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes((REFUSED | IN)[name][0])
    answer = command(OFFICER, "check", "ssda903", "--year", "2027", "--la", "E09000031", str(file))
    plain(answer)
    if name in REFUSED:
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.startswith("No table of ssda903 was found")
    else:
        assert (answer.code in (0, 1), answer.err) == (True, "")
        assert ("1 left out" in answer.out) == (name == "two-cells.csv")


@pytest.mark.parametrize("ending", ["", "one-more.txt"])
@pytest.mark.parametrize("verb", ["ingest", "read", "check"])
def test_a_path_that_is_not_there(store: None, tmp_path: Path, verb: str, ending: str) -> None:
    more = ("ssda903", "--year", "2027", "--la", "E09000031") if verb == "check" else ()
    answer = command(OFFICER, verb, *more, str(tmp_path / "gone" / ending))
    plain(answer)
    assert answer.code == 2
    assert answer.err.count("\n") == 1
    assert "check the path" in answer.err


@pytest.mark.proves("N003")
def test_a_file_of_an_unregistered_source_goes_nowhere(store: None, tmp_path: Path) -> None:
    """The refusal stands in the ledger; not one row of any table of facts, and none of the file's bytes, is there."""
    from fairhold import catalogue

    file = tmp_path / "unregistered.xml"
    file.write_bytes(REFUSED["unregistered.xml"][0])
    before = len(ledger.newest(limit=10_000, kind="delivery.refused"))
    ingest(file)
    assert len(ledger.newest(limit=10_000, kind="delivery.refused")) == before + 1
    assert {count for one in catalogue.tables() for count in owned(f"select count(*) from {one.name}")} == {0}
    assert owned("select count(*) from system.subject") == owned("select count(*) from system.vault_file") == [0]
    assert owned("select source_id from system.delivery") == [None]


@pytest.mark.proves("N003")
def test_a_source_has_an_owner_and_whoever_registered_it(store: None) -> None:
    rows = owned("select owner || '/' || registered_by from system.source")
    assert rows == ["data-officer/Made-up"] * 3


@pytest.mark.proves("N031")
def test_a_silent_school_is_said_and_is_somebodys_work(store: None, tmp_path: Path) -> None:
    file = tmp_path / "school.xml"
    file.write_bytes(ctf([pupil(1)], at="2026-11-20T08:00:00"))
    ingest(file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAIRHOLD_CLOCK", "2026-12-14T09:00:00+00:00")
        answer = command(OFFICER, "feeds")
        assert answer.code == 1
        assert "Silent School has not sent a file yet" in answer.out
        assert "2 of 2 feeds are late or silent." in answer.out
        with access.scope(made_up(OFFICER), "data-intake") as scope:
            titles = [item.title for item in work.items(scope) if item.kind == "feed.late"]
    assert sorted(titles) == [
        "No weekly file from Made-up School: it is silent",
        "No weekly file from Silent School: it is silent",
    ]


def test_on_a_full_disk_nothing_is_half_there_and_a_second_run_completes(
    store: None, small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRHOLD_VAULT", str(small_disk / "vault"))
    chance = random.Random(1)
    many = [pupil(1, Forename="".join(chance.choices("abcdefgh", k=30)), UPN=upn(100 + n)) for n in range(500)]
    sent = [ctf([pupil(2)]), ctf(many, at="2026-11-21T08:00:00")]
    folder = tmp_path / "in"
    folder.mkdir()
    for number, data in enumerate(sent):
        (folder / f"{number}.xml").write_bytes(data)
    assert len(sent[1]) > 256 * 1024
    answer = command(OFFICER, "ingest", str(folder))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "The vault's disk is full: nothing was kept. Free some space and take the file in again.\n"
    stored = owned("select count(*) from system.delivery where state = 'stored'")[0]
    assert owned("select count(*) from system.vault_file") == [stored]
    assert not list(small_disk.rglob("*.part"))
    subprocess.run(["mount", "-o", "remount,size=4m", small_disk], check=True)
    _, said = ingest(folder)
    assert {one["outcome"] for one in said} <= {"stored", "already known"}
    assert owned("select count(*) from system.delivery where state = 'stored'") == [2]


def test_a_fault_of_our_own_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words of an error may hold a person's data; its kind and place do not."""
    from fairhold.cli import read

    def broken(*_: object) -> None:
        raise ValueError("Quabble")

    monkeypatch.setattr(read, "_open", broken)
    answer = command(OFFICER, "read", sys.executable)
    plain(Answer(answer.code, answer.out, answer.err.replace("Fairhold itself is at fault", "")))
    assert answer.code == 2
    assert answer.err.startswith("Fairhold itself is at fault (ValueError in read.py, line ")
