"""`fairhold check` keeps its contract: one header, one order, exit codes, nothing loaded in vain."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from fairhold.returns import MODULES
from fairhold.returns.checking import check
from fairhold.returns.columns import check_columns
from fairhold.returns.files import CannotRun
from tests.returns.made import made_set, write_set

FAIRHOLD = Path(sys.executable).with_name("fairhold")
HEADER = "rule,severity,table,line,child,fields,values,message,group"


def shell(*arguments: str | Path, year: str = "2027", la: str = "E09000031") -> subprocess.CompletedProcess[str]:
    command = [FAIRHOLD, "check", "ssda903", "--year", year, "--la", la, *arguments]
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up set of this year and last, with one adoption plan dropped too early and three shared numbers."""
    folder = tmp_path_factory.mktemp("set")
    this, last = made_set(30)
    this["PlacedAdoption"][0] |= {
        "DATE_PLACED_CEASED": "01/03/2026",
        "CHILD": this["PlacedAdoption"][0]["CHILD"].lower(),
    }
    for row, upn in zip((9, 4, 2, 20, 21), ("A1", "a1", "B1", "B1", "A1"), strict=True):
        this["Header"][row]["UPN"] = upn
    last["Header"][0]["SEX"] = "X"
    write_set(folder / "this", this)
    write_set(folder / "last", last)
    return folder


@pytest.fixture(scope="module")
def run(folder: Path) -> subprocess.CompletedProcess[str]:
    return shell(
        "--previous", folder / "last", "--out", folder / "f.csv", "--summary", folder / "s.json", folder / "this"
    )  # fmt: skip


def lines(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO((folder / "f.csv").read_text("utf-8"))))


def test_a_finding_at_error_level_ends_with_1(run: subprocess.CompletedProcess[str]) -> None:
    assert (run.returncode, run.stderr) == (1, "")
    assert run.stdout == "302 rules run, 25 not run; 18 findings from 9 rules.\n"


def test_findings_stand_in_the_contracts_form_and_order(run: object, folder: Path) -> None:
    data = (folder / "f.csv").read_bytes()
    assert data.decode().splitlines()[0] == HEADER
    assert b"\r" not in data
    found = lines(folder)
    order = [(row["rule"], row["table"], int(row["line"]), int(row["group"])) for row in found]
    assert order == sorted(order)
    assert [(row["table"], row["fields"], row["group"]) for row in found if row["rule"] == "118"] == [
        ("Episodes", "DECOM;LS", "1"),
        ("PlacedAdoption", "DATE_PLACED_CEASED", "1"),
    ]
    assert [row["child"].islower() for row in found if row["rule"] == "118"] == [False, True]


def test_groups_count_in_the_order_of_their_rows(run: object, folder: Path) -> None:
    of_444 = [(int(row["line"]), row["values"], row["group"]) for row in lines(folder) if row["rule"] == "444"]
    assert of_444 == [(4, "B1", "1"), (6, "a1", "2"), (11, "A1", "2"), (22, "B1", "1"), (23, "A1", "2")]


def test_the_summary_has_the_contracts_keys(run: object, folder: Path) -> None:
    summary = json.loads((folder / "s.json").read_text("utf-8"))
    assert list(summary) == [
        "return", "year", "la", "rules_run", "rules_not_run", "findings", "rows", "set_aside", "extra_columns",
        "seconds",
    ]  # fmt: skip
    assert (summary["return"], summary["year"], summary["la"]) == ("ssda903", 2027, "E09000031")
    assert summary["findings"].items() >= {"118": 1, "444": 2}.items()
    assert sum(summary["findings"].values()) == 18
    assert (summary["rows"]["Header"], summary["rows"]["Header_last"]) == (30, 27)
    assert (len(summary["rules_run"]), len(summary["rules_not_run"])) == (302, 25)


def test_last_years_rows_are_never_findings(run: object, folder: Path) -> None:
    assert not [row for row in lines(folder) if row["table"].endswith("_last")]
    assert not [row for row in lines(folder) if row["rule"] == "101"]


def test_the_same_input_gives_the_same_bytes(run: object, folder: Path) -> None:
    for form in ("csv", "json", "html", "xlsx"):
        out = [folder / f"once.{form}", folder / f"again.{form}"]
        files = sorted((folder / "this").iterdir(), reverse=form == "csv")
        shell("--format", form, "--out", out[0], folder / "this", "--previous", folder / "last")
        shell("--format", form, "--out", out[1], *files, "--previous", folder / "last")
        assert out[0].read_bytes() == out[1].read_bytes(), form
        assert out[0].stat().st_mode & 0o777 == 0o600
    assert (folder / "once.csv").read_bytes() == (folder / "f.csv").read_bytes()


def test_no_finding_ends_with_0(folder: Path, tmp_path: Path) -> None:
    this, last = made_set(5, seed=2)
    done = shell(write_set(tmp_path / "this", this), "--previous", write_set(tmp_path / "last", last), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["findings"] == {}


@pytest.mark.parametrize(
    ("arguments", "options", "sentence"),
    [
        (["nowhere"], {}, "nowhere is not there; check the path of the file or folder."),
        (["."], {"la": "320"}, "320 is no GSS code of an authority; write one such as E09000031 after --la."),
        (["."], {"year": "1999"}, "No rule of ssda903 is in force in 1999; check the year."),
        (
            ["."],
            {"year": "soon"},
            "Invalid value for '--year': 'soon' is not a valid integer. See fairhold check --help.",
        ),
        (
            [".", "--format", "pdf"],
            {},
            "Invalid value for '--format': 'pdf' is not one of 'csv', 'json', 'xlsx', 'html'.",
        ),
        ([".", "--reference", "no"], {}, "no is not there; check the path after --reference."),
        ([".", "--what"], {}, "No such option '--what'."),
        (["."], {}, "No table of ssda903 was found in what was given; check the paths."),
        (["{set}", "--out", "/dev/full"], {}, "full cannot be written (No space left on device); check the folder and"),
        (["{set}", "--out", "no/f.csv"], {}, "f.csv cannot be written (No such file or directory); check the folder"),
    ],
)
def test_what_cannot_run_ends_with_2_and_one_sentence(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    options: dict[str, str],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = shell(*(text.replace("{set}", str(folder / "this")) for text in arguments), **options)
    assert done.returncode == 2
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_an_unknown_return_cannot_run(folder: Path) -> None:
    command = [str(FAIRHOLD), "check", "cake", "--year", "2027", "--la", "E09000031", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    known = ", ".join(MODULES)
    assert (done.returncode, done.stderr) == (2, f"cake is no return that can be checked; use one of {known}.\n")


def test_a_check_loads_neither_django_nor_sqlglot_nor_a_database_driver(folder: Path) -> None:
    script = (
        "import sys\nfrom fairhold.cli import main\n"
        f"sys.argv = ['fairhold', 'check', 'ssda903', '--year', '2027', '--la', 'E09000031', {str(folder / 'this')!r},"
        f" '--out', {str(folder / 'm.csv')!r}]\n"
        "try:\n    main()\nfinally:\n"
        "    bad = {'django', 'sqlglot', 'psycopg', 'lxml', 'typer', 'rich', 'pyarrow', 'duckdb'} & set(sys.modules)\n"
        "    print('loaded', sorted(bad))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "loaded []" in done.stdout, done.stdout + done.stderr


def rules(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(FAIRHOLD), "rules", *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "count", "line"),
    [
        ("ssda903", 327, "118  unverified  Adoption plan ended before care, or before the year, began"),
        ("cin", 109, "8600  error  The referral date is missing or after the census year"),
    ],
)
def test_rules_list_prints_one_line_per_rule_in_force(name: str, count: int, line: str) -> None:
    listed = rules("list", "--return", name, "--year", "2027").stdout.splitlines()
    assert (len(listed), line in listed) == (count, True)
    assert listed == sorted(listed, key=lambda each: each.split()[0])


def test_rules_in_force_are_those_of_the_year() -> None:
    assert not [
        each for each in rules("list", "--return", "ssda903", "--year", "2025").stdout.splitlines() if each[:3] == "444"
    ]


def test_rules_are_shown_and_tried_whatever_return_they_are_of() -> None:
    assert rules("show", "8600").stdout.startswith('---\ncode: "8600"\n')
    assert rules("test", "8600").stdout == "1 pages tested, 0 examples came out otherwise than drawn.\n"
    assert rules("test", "no-such").returncode == 1
    assert rules("show", "no-such").stderr.startswith("No return has a rule or view no-such")


def arrow(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows)


def test_tables_in_columns_give_the_same_findings_as_files(folder: Path) -> None:
    this = {path.stem: path for path in (folder / "this").iterdir()}
    names = {"header": "Header", "episodes": "Episodes", "placedadoption": "PlacedAdoption"}
    tables = {
        names[stem]: arrow(list(csv.DictReader(StringIO(path.read_text("utf-8")))))
        for stem, path in this.items()
        if stem in names
    }
    by_columns = check_columns("ssda903", 2027, "E09000031", tables)
    by_files = check("ssda903", 2027, "E09000031", [this[stem] for stem in names], previous=[])
    assert by_columns.findings == by_files.findings
    assert by_columns.outcome == by_files.outcome


def test_dates_and_lines_of_columns_are_taken_as_they_are() -> None:
    header = arrow(
        [{"child": "1", "SEX": "X", "dob": date(2015, 5, 1), "line": 77}, {"child": "2", "SEX": "M", "line": 9}]
    )
    found = check_columns("ssda903", 2027, "E09000031", {"Header": header}).findings
    assert [(f.line, f.child, f.values) for f in found if f.rule == "101"] == [(77, "1", ("X",))]
    with pytest.raises(CannotRun, match="ssda903 has no table Cakes; use its official name"):
        check_columns("ssda903", 2027, "E09000031", {"Cakes": header})
