"""From the record to a receipt by command, as two analysts type it (all made up)."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from fairhold.access import accounts
from tests.building.conftest import LA, at
from tests.building.drawn import episode
from tests.house.outputs import Answer, command
from tests.submission.conftest import Return


@pytest.fixture
def people(made: Return) -> Return:
    """Two analysts with accounts, and children in the record: one with a code that no list knows."""
    for login in ("ade", "bea"):
        accounts.add_made_up(name=f"Made-up {login}", login=login, role_slug="analyst")
    made.children([episode("1", LS="??"), episode("2")])
    return made


def said(answer: Answer, code: int = 0) -> Any:
    assert (answer.code, answer.err) == (code, "")
    return json.loads(answer.out)


def fairhold(*arguments: str, login: str = "ade", hour: int = 12) -> Answer:
    with at("2026-11-20", hour):
        return command(login, "return", *arguments)


def test_from_the_record_to_a_receipt(people: Return, tmp_path: Path) -> None:
    build = ("build", "ssda903", "--year", "2027", "--la", LA["ssda903"])
    faulty = said(fairhold(*build, "--json"), code=1)
    assert (faulty["children"], faulty["state"], faulty["counts"]["errors"] + faulty["counts"]["unverified"] > 0) == (
        2, "not signed", True,
    )  # fmt: skip
    refused = fairhold("sign", "1", "--note", "Read.")
    assert (refused.code, refused.out) == (2, "")
    assert "neither put right nor explained" in refused.err
    for rule in {one["rule"] for one in said(fairhold("findings", str(faulty["run_id"]), "--json"))["rows"]}:
        explained = fairhold("explain", "ssda903", "--year", "2027", "--rule", rule, "--words", "It is as recorded.")
        assert explained.code == 0, explained.err
    assert "next, a second person signs" in fairhold("sign", "1", "--note", "Read.").out
    assert "next, freeze it" in fairhold("sign", "1", "--note", "Compared.", login="bea").out
    frozen = said(fairhold("freeze", "1", "--json"))
    assert (frozen["version"], frozen["sha256"], frozen["title"]) == (1, faulty["sha256"], "ssda903 2027, version 1")
    out = tmp_path / "portal"
    written = said(fairhold("export", "1", "--out", str(out), "--json"))
    assert (written["owner"], set(written["files"])) == ("Made-up ade", {path.name for path in out.iterdir()})
    whole = out / "ssda903-2027.zip"
    assert hashlib.sha256(whole.read_bytes()).hexdigest() == frozen["sha256"]
    assert whole.stat().st_mode & 0o077 == 0
    assert zipfile.ZipFile(whole).read("episodes.csv") == (out / "episodes.csv").read_bytes()
    (tmp_path / "receipt.pdf").write_bytes(b"%PDF made up")
    answer = ("--reference", "COL-1", "--on", "2026-11-20", "--file", str(tmp_path / "receipt.pdf"))
    assert fairhold("receipt", "1", *answer).out == "ssda903 2027, version 1: receipt COL-1 of 2026-11-20 recorded.\n"
    assert said(fairhold("recreate", "1", "--json"))["same"] is True
    listed = fairhold("versions").out
    assert f"hash {frozen['sha256']}" in listed
    assert "signed by Made-up ade (2026-11-20), Made-up bea (2026-11-20)" in listed
    assert "receipt COL-1, 2026-11-20, by collect" in listed


def test_what_differs_from_the_delivered_file_and_where_a_row_is_from(people: Return, tmp_path: Path) -> None:
    assert fairhold("build", "ssda903", "--year", "2027", "--la", LA["ssda903"]).code == 1
    compared = fairhold("compare", "1", "--out", str(tmp_path / "differences.csv"))
    assert (compared.code, compared.err) == (0, "")
    assert "Every difference has its reason." in compared.out
    assert (tmp_path / "differences.csv").read_text().startswith("table,what,child,column,")
    traced = said(fairhold("trace", "1", "Episodes", "1", "--json"))
    assert {(one["what"], one["delivery"], one["line"]) for one in traced} == {
        ("Episodes of care", 2, 2),
        ("Postcodes of a child in care", 2, 2),
    }


def test_what_cannot_be_is_a_sentence(people: Return) -> None:
    for arguments, sentence in (
        (("build", "cats", "--year", "2027", "--la", "1"), "cats is no return"),
        (("build", "cin", "--year", "2027", "--la", "E09000031"), "write one such as"),
        (("build", "cin", "--year", "2029", "--la", "320"), "has not begun"),
        (("build", "cin", "--year", "2027", "--la", "320", "--on", "2026-12-01"), "still to come"),
        (("compare", "7"), "no build 7"),
        (("recreate", "7"), "no frozen return 7"),
    ):
        answer = fairhold(*arguments)
        assert (answer.code, answer.out) == (2, ""), arguments
        assert sentence in answer.err
