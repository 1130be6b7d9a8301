"""Findings in Excel and HTML: cells at fault coloured and explained, nothing a value can turn into, one page alone."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from fairhold.returns.checking import Checked, check
from fairhold.returns.findings import HEADER
from fairhold.returns.output import render

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
    assert book.sheet_names == ["Findings", "Not run", "Header"]
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
    table = files.read("xl/worksheets/sheet3.xml").decode()
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
    assert not re.search(r"(src|href)=", page)
    assert "SEX = =HYPERLINK(&quot;https://example.org&quot;)" in page
    assert "<b>" not in page
    assert "h.csv</td><td>4</td><td>has 1 cells instead of 8" in page
    assert "the table Episodes was not given" in page
