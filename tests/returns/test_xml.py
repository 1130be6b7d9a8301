"""The XML form as far as its elements are known: rows with the line of their element, the rest not run."""

from __future__ import annotations

from pathlib import Path

from fairhold.returns.checking import Checked, check

XML = """<?xml version="1.0" encoding="UTF-8"?>
<EXPSSDA903>
 <CHILD>
  <HEADER>
   <CHILDID>7</CHILDID><SEX>X</SEX><DOB>01/05/2018</DOB><UPN>A1</UPN><UASC>1</UASC>
   <IN_TOUCH>YES</IN_TOUCH>
   <AREVIEW><REVIEW>01/06/2026</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>
   <AMISSING><MISSING>M</MISSING><MIS_START>01/05/2026</MIS_START><MIS_END>soon</MIS_END></AMISSING>
   <AD_PLACED>
    <DATE_PLACED_CEASED>01/03/2026</DATE_PLACED_CEASED></AD_PLACED>
  </HEADER>
  <EPISODE><DECOM>01/05/2025</DECOM><RNE>S</RNE><LS>C2</LS><PL>U6</PL>
  </EPISODE><EPISODE><DECOM>01/05/2026</DECOM><RNE>L</RNE><LS>C2</LS><PL>U6</PL></EPISODE>
 </CHILD>
 <CHILD><HEADER><CHILDID>8</CHILDID><SEX>F</SEX><DOB>01/05/2010</DOB><UASC>0</UASC></HEADER>
 </CHILD>
</EXPSSDA903>
"""


def run(tmp_path: Path, text: str) -> Checked:
    (tmp_path / "return.xml").write_text(text, "utf-8")
    return check("ssda903", 2027, "E09000031", [tmp_path], previous=[])


def test_rows_are_found_with_the_line_of_their_element(tmp_path: Path) -> None:
    checked = run(tmp_path, XML)
    found = [(f.rule, f.table, f.line, f.child, f.values) for f in checked.findings]
    assert [finding for finding in found if finding[0] in ("1005", "101", "118", "231", "434")] == [
        ("1005", "Missing", 8, "7", ("soon",)),
        ("101", "Header", 4, "7", ("X",)),
        ("118", "Episodes", 12, "7", ("01/05/2025", "C2")),
        ("118", "PlacedAdoption", 9, "7", ("01/03/2026",)),
        ("231", "Header", 4, "7", ("01/05/2018", "1")),
        ("434", "Episodes", 13, "7", ("L", "C2", "U6", "", "", "")),
    ]
    assert checked.rows == {
        "Episodes": 2, "Header": 2, "Missing": 1, "OC2": 0, "PlacedAdoption": 1, "PrevPerm": 0, "Reviews": 1,
    }  # fmt: skip
    assert checked.extra_columns == {"Header": ["IN_TOUCH"]}


def test_tables_whose_elements_are_not_known_are_not_given(tmp_path: Path) -> None:
    reasons = set(run(tmp_path, XML).outcome.not_run.values())
    assert {"the table OC3 was not given", "the table SWEpisodes was not given"} <= reasons
    assert not {reason for reason in reasons if reason.startswith(("the table Episodes", "the table Header"))}
    assert "OC3" not in run(tmp_path, XML).rows


def test_a_file_cut_off_keeps_its_complete_rows_and_says_where(tmp_path: Path) -> None:
    checked = run(tmp_path, XML[: XML.index("<CHILDID>8")])
    assert checked.rows["Header"] == 1
    assert [(a.file, a.line) for a in checked.set_aside] == [("return.xml", 15)]
    assert checked.set_aside[0].reason.endswith("rows complete before it were used")


def test_a_document_type_is_refused_so_no_entity_can_be_declared(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><EXPSSDA903><CHILD>&b;</CHILD></EXPSSDA903>'
    (tmp_path / "good.csv").write_text("CHILD,SEX,DOB,DUC\n1,M,,\n")
    checked = run(tmp_path, bomb)
    assert [a.reason for a in checked.set_aside] == [
        "declares a document type, which is not allowed; save it without one"
    ]
    assert list(checked.rows) == ["UASC"]
