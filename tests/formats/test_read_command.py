"""`fairhold read` as a person and a program call it: lines, order, exit codes, and what it does not load."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.formats.drawn import UPN_A, ctf, pupil

KEYS = ["path", "kind", "version", "header", "rows", "unknown", "set_aside", "refused"]


def call(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-c", "from fairhold.cli import main; main()", "read", *words]
    environment = {**os.environ, "COLUMNS": "100"}
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=environment, check=False)


def test_one_line_per_path_in_the_order_given(tmp_path: Path) -> None:
    (tmp_path / "good.xml").write_text(ctf(pupil("<New>x</New>", upn=UPN_A)))
    (tmp_path / "faulty.xml").write_text(ctf(pupil(upn="nope"), pupil()))
    (tmp_path / "cut.xml").write_text(ctf(pupil(), pupil())[:-40])
    (tmp_path / "uasc.csv").write_text("CHILD,SEX,DOB,DUC\n1,1,01/01/2010,\n")
    (tmp_path / "entity.xml").write_text('<!DOCTYPE CTfile [<!ENTITY a "b">]><CTfile/>')
    names = ["faulty.xml", "none.xml", "good.xml", ".", "uasc.csv", "entity.xml", "cut.xml"]
    done = call(*names, "--json", cwd=tmp_path)
    lines = done.stdout.splitlines()
    answers = [json.loads(line) for line in lines]
    assert done.returncode == 2
    assert [answer["path"] for answer in answers] == names
    assert all(list(answer) == KEYS for answer in answers)
    by_name = dict(zip(names, answers, strict=True))
    assert by_name["good.xml"] == {
        "path": "good.xml",
        "kind": "ctf",
        "version": "25.0",
        "header": {"CTFversion": "25.0"},
        "rows": [
            {
                "row": 1,
                "element": "Pupil",
                "line": 3,
                "values": {"UPN": UPN_A, "Surname": "Begum", "Forename": "Noor", "DOB": "2012-05-04"},
            }
        ],
        "unknown": [{"row": 1, "line": 3, "path": "New", "value": "x"}],
        "set_aside": [],
        "refused": None,
    }
    (fault,) = by_name["faulty.xml"]["set_aside"]
    assert list(fault) == ["row", "line", "path", "kind", "reason"]
    assert (fault["row"], fault["line"], fault["path"], fault["kind"]) == (1, 3, "UPN", "upn-pattern")
    assert [name for name in names if by_name[name]["refused"]] == ["none.xml", ".", "entity.xml"]
    assert by_name["cut.xml"]["set_aside"][0]["row"] is None
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["none.xml", ".", "entity.xml"]


def test_exit_codes(tmp_path: Path) -> None:
    (tmp_path / "good.xml").write_text(ctf(pupil(upn=UPN_A)))
    (tmp_path / "faulty.xml").write_text(ctf(pupil(upn="nope")))
    assert call("good.xml", "--json", cwd=tmp_path).returncode == 0
    assert call("good.xml", "faulty.xml", "--json", cwd=tmp_path).returncode == 1
    assert call("good.xml", "none.xml", "faulty.xml", cwd=tmp_path).returncode == 2
    assert call(cwd=tmp_path).returncode == 2


def test_without_json_a_person_reads_counts_and_faults_but_no_child_s_values(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(ctf(pupil("<New>x</New>", upn="nope"), pupil()))
    done = call("a.xml", cwd=tmp_path)
    assert done.returncode == 1
    for words in ("a.xml: ctf 25.0", "Rows: 2 Pupil", "Surname", "New: 1", "upn-pattern", "Set aside: 1"):
        assert words in done.stdout
    assert "Begum" not in done.stdout
    assert "nope" not in done.stdout


def test_reading_loads_no_database_no_pages_and_no_rule_compiler(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(ctf(pupil()))
    code = (
        "import sys; from fairhold.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([m for m in ('django', 'psycopg', 'sqlglot', 'duckdb', 'pyarrow', 'lxml') if m in sys.modules])"
    )
    command = [sys.executable, "-c", code, "read", "a.xml", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
