"""Files as they must not be: each is said in one sentence, and every rule that can still run runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fairhold.returns.checking import check
from fairhold.returns.files import LARGEST
from tests.returns.made import made_set, write_set
from tests.returns.made_cin import Values, write_census

Spoil = Callable[[Path], object]


def text(change: Callable[[str], str]) -> Spoil:
    return lambda path: path.write_text(change(path.read_text("utf-8")), "utf-8")


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2 * LARGEST)


def of_last_year(line: str) -> str:
    return line.replace("/2027", "/2025").replace("/2026", "/2025").replace("/2024", "/2023")


# file of the set, how it is spoilt, what is said of it, what is not run then (a part of the reason)
SPOILT: dict[str, tuple[str, Spoil, list[str], str]] = {
    "a table is missing": ("reviews", lambda path: path.unlink(), [], "the table Reviews was not given"),
    "its header is in small letters": ("reviews", text(str.lower), [], ""),
    "it has more columns": ("reviews", text(lambda t: t.replace("\r", "").replace("\n", ",x\n")), [], ""),
    "a column is missing": ("oc3", text(lambda t: t.replace("ACCOM", "HOME")), [], "OC3 has no column ACCOM"),
    "it is of another year": (
        "reviews",
        text(of_last_year),
        ["was used, but has no date in the year to 31 March 2027; check that it is the file of that year"],
        "",
    ),
    "it is larger than any return": (
        "reviews",
        sparse,
        ["is larger than 512 MiB; check that it is the right file"],
        "the table Reviews was not given",
    ),
    "it is a picture": (
        "reviews",
        lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))),
        ["is not text; save it as CSV"],
        "the table Reviews was not given",
    ),
    "it is a workbook": (
        "reviews",
        lambda path: path.write_bytes(b"PK\x03\x04" + bytes(100)),
        ["is not text; save it as CSV"],
        "the table Reviews was not given",
    ),
    "it is empty": ("reviews", text(lambda t: ""), ["is empty"], "the table Reviews was not given"),
    "it is something else": (
        "reviews",
        text(lambda t: "Dear all,\nthe file comes later.\n"),
        ["has the columns of no table of this return"],
        "the table Reviews was not given",
    ),
    "it is cut off in a line": ("reviews", text(lambda t: t[:-9]), ["has 3 cells instead of 4"], ""),
    "it is cut off in a quotation": ("reviews", text(lambda t: t + '1,"2'), ["has 2 cells instead of 4"], ""),
    "it is another return": (
        "reviews",
        text(lambda t: "<Message><Header/></Message>"),
        ["begins with MESSAGE and not with EXPSSDA903; check that it is the return's file"],
        "the table Reviews was not given",
    ),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_file_is_said_and_stops_no_rule_that_does_not_need_it(tmp_path: Path, what: str) -> None:
    stem, spoil, said, not_run = SPOILT[what]
    this, last = made_set(60)
    folders = [write_set(tmp_path / "this", this), write_set(tmp_path / "last", last)]
    spoil(folders[0] / f"{stem}.csv")
    checked = check("ssda903", 2027, "E09000031", [folders[0]], previous=[folders[1]])
    assert [item.reason for item in checked.set_aside] == said
    assert {item.file for item in checked.set_aside} <= {f"{stem}.csv"}
    reads = {rule.code: rule.reads for rule in checked.rules.rules}
    table = {"reviews": "Reviews", "oc3": "OC3"}[stem]
    stopped = {
        code
        for code, reason in checked.outcome.not_run.items()
        if "which was not given" not in reason and table in reads[code]
    }
    assert bool(stopped) == bool(not_run)
    assert {checked.outcome.not_run[code] for code in stopped} == ({not_run} if not_run else set())
    assert len(checked.outcome.ran) == 302 - len(stopped)


NONSENSE = ["2026-05-01", "31/02/2026", "-46143", "9" * 40, "é'\"; ", "x" * 5000]


@pytest.mark.parametrize("value", NONSENSE)
def test_any_value_in_any_cell_leaves_every_rule_running(tmp_path: Path, value: str) -> None:
    """Every third row of every table has the value in every column but the child's."""
    this, last = made_set(30)
    for rows in (*this.values(), *last.values()):
        for row in rows[::3]:
            row.update({name: value for name in row if name != "CHILD"})
    folders = [write_set(tmp_path / "this", this), write_set(tmp_path / "last", last)]
    checked = check("ssda903", 2027, "E09000031", [folders[0]], previous=[folders[1]])
    assert len(checked.outcome.ran) == 302
    assert "101" in {finding.rule for finding in checked.findings}

    def spoil(rows: list[Values]) -> None:
        for row in rows[::3]:
            row["ChildIdentifiers"][0].update(UPN=value, Sex=value, PersonBirthDate=value)
            row["CINdetails"][0].update(dict.fromkeys(row["CINdetails"][0], value), Assessments=[], Section47=[])

    file = write_census(tmp_path / "cin.xml", 30, change=spoil)
    checked = check("cin", 2027, "301", [file], previous=[])
    assert len(checked.outcome.ran) == 109
    assert "4180" in {finding.rule for finding in checked.findings}


def test_children_given_twice_and_rows_without_a_child_leave_every_rule_running(tmp_path: Path) -> None:
    this, last = made_set(30)
    for rows in (*this.values(), *last.values()):
        rows += [dict(row) for row in rows]
        rows += [row | {"CHILD": ""} for row in rows[:3]]
    folders = [write_set(tmp_path / "this", this), write_set(tmp_path / "last", last)]
    checked = check("ssda903", 2027, "E09000031", [folders[0]], previous=[folders[1]])
    assert len(checked.outcome.ran) == 302
    file = write_census(tmp_path / "cin.xml", 30, change=lambda rows: rows.extend(rows[:10]))
    checked = check("cin", 2027, "301", [file], previous=[])
    assert len(checked.outcome.ran) == 109
    assert len([f for f in checked.findings if f.rule == "8510"]) == 20
