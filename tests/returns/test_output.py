"""Findings in Excel and HTML: cells at fault coloured and explained, nothing a value can turn into, one page alone."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from fairhold.returns.checking import Checked, check
from fairhold.returns.findings import HEADER
from fairhold.returns.output import render, xlsx_
from tests.returns.made_cin import Values, write_census

NAMES = ["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB", "MORE"]
NASTY = '=HYPERLINK("https://example.org")'


@pytest.fixture
def checked(tmp_path: Path) -> Checked:
    (tmp_path / "h.csv").write_text(
        ",".join(NAMES) + "\n"
        f'1,"{NASTY.replace(chr(34), chr(34) * 2)}",01/05/2015,WBRI,A1,,,<b>\n'
        "2,M,01/05/2015,WBRI,a1,,,0012345678901234567\nshort\n"
    )
    return check("ssda903", 2027, "E09000031", [tmp_path], previous=[])


def test_the_workbook_holds_findings_what_was_not_run_and_each_table_as_sent(checked: Checked) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(render(checked, "xlsx")))
    assert book.sheet_names == ["Findings", "Not run", "Left out", "Header"]
    assert book.get_sheet_by_name("Left out").to_python()[1:] == [["h.csv", "4", "Header", "has 1 cells instead of 8"]]
    findings = book.get_sheet_by_name("Findings").to_python()
    assert tuple(findings[0]) == HEADER
    assert [row[0] for row in findings[1:] if row[0] in ("101", "444")] == ["101", "444", "444"]
    assert book.get_sheet_by_name("Header").to_python() == [
        ["line", *NAMES],
        ["2", "1", NASTY, "01/05/2015", "WBRI", "A1", "", "", "<b>"],
        ["3", "2", "M", "01/05/2015", "WBRI", "a1", "", "", "0012345678901234567"],
    ]
    assert ["118", "the table Episodes was not given"] in book.get_sheet_by_name("Not run").to_python()


def test_cells_at_fault_are_coloured_and_carry_the_rule(checked: Checked) -> None:
    files = zipfile.ZipFile(io.BytesIO(render(checked, "xlsx")))
    table = files.read("xl/worksheets/sheet4.xml").decode()
    coloured = re.findall(r'<c r="([A-Z]+\d+)" s="2"', table)
    at_fault = {f"{'ABCDEFGHI'[1 + NAMES.index(name)]}{f.line}" for f in checked.findings for name in f.fields}
    assert set(coloured) == at_fault
    assert {"C2", "F2", "F3"} <= at_fault
    comments = files.read("xl/comments1.xml").decode()
    assert re.findall(r'<comment ref="(\w+)"', comments) == coloured
    assert "101: Sex is missing or not one of the codes" in comments
    assert not [name for name in files.namelist() if b"<f>" in files.read(name)]


def test_the_page_stands_alone_and_shows_values_as_text(checked: Checked) -> None:
    page = render(checked, "html").decode()
    assert page.startswith('<!doctype html>\n<html lang="en-GB">')
    assert "<script" not in page
    assert not re.search(r"src=|href=\"[^#]|url\(|@import", page)
    assert set(re.findall(r'href="#([^"]+)"', page)) == set(re.findall(r'<h2 id="([^"]+)"', page)) != set()
    assert "SEX = <mark>=HYPERLINK(&quot;https://example.org&quot;)</mark>" in page
    assert "<b>" not in page
    assert "h.csv</td><td>4</td><td>has 1 cells instead of 8" in page
    assert "the table Episodes was not given" in page


def test_a_rule_with_very_many_findings_is_shown_in_part_and_that_is_said(checked: Checked) -> None:
    many = replace(checked, findings=[checked.findings[0]] * 1_001)
    page = render(many, "html").decode()
    assert "The first 1,000 of 1,001 rows; the others are in the CSV form." in page
    assert page.count("<mark>") == 1_000


def test_very_many_comments_are_cut_off_and_that_is_said(checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_, "COMMENTS", 1)
    files = zipfile.ZipFile(io.BytesIO(render(checked, "xlsx")))
    comments = re.findall(r'<comment ref="(\w+)"', files.read("xl/comments1.xml").decode())
    assert (len(comments), comments[0]) == (2, "A1")
    assert files.read("xl/worksheets/sheet4.xml").count(b' s="2"') > 2


@pytest.mark.parametrize(
    "value", ["a\x01b", "_x0041_", " padded ", "a\tb", "<&>\"'", "x" * 40_000, "é\U0001f600", "0012"]
)
def test_any_value_comes_back_from_the_workbook_as_it_was_sent(tmp_path: Path, value: str) -> None:
    quoted = value.replace('"', '""')
    (tmp_path / "h.csv").write_text(f'CHILD,SEX,DOB,ETHNIC,UPN\n1,"{quoted}",,,\n', "utf-8")
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(render(check("ssda903", 2027, "E09000031", [tmp_path], previous=[]), "xlsx"))
    )
    assert book.get_sheet_by_name("Header").to_python()[1][2] == value[:32_767]


def test_a_finding_about_the_whole_return_stands_in_every_form(tmp_path: Path) -> None:
    checked = check("cin", 2027, "301", [write_census(tmp_path / "cin.xml", 12, change=without_sex)], previous=[])
    assert "2886Q" in {finding.rule for finding in checked.findings}
    page = render(checked, "html").decode()
    assert "<td>the return as a whole</td>" in page
    assert "<td>Sex = <mark>blank</mark></td>" in page
    book = CalamineWorkbook.from_filelike(io.BytesIO(render(checked, "xlsx")))
    assert book.sheet_names[:3] == ["Findings", "Not run", "Header"]
    (row,) = (row for row in book.get_sheet_by_name("Findings").to_python() if row[0] == "2886Q")
    assert row[2:7] == ["", "", "", "ExpectedPersonBirthDate;Sex", ""]
    (item,) = (item for item in json.loads(render(checked, "json")) if item["rule"] == "2886Q")
    assert (item["table"], item["line"], item["values"]) == ("", None, [])


def without_sex(rows: list[Values]) -> None:
    for row in rows:
        row["ChildIdentifiers"][0]["Sex"] = ""
