"""How files are read: encodings, columns, quoted line breaks and physical lines, what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.formats import ssda903
from fairhold.returns.checking import Checked, check
from fairhold.returns.files import CannotRun, decode
from fairhold.returns.recognising import recognise
from fairhold.returns.sheets import read_csv
from fairhold.returns.ssda903 import RETURN

TABLES = RETURN.tables()
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n"
GOOD = "1,M,01/05/2015,WBRI,A1,,\n"


def run(tmp_path: Path, **files: str | bytes) -> Checked:
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (tmp_path / f"{name}.csv").write_bytes(data)
    return check("ssda903", 2027, "E09000031", [tmp_path], previous=[])


def lines_at_fault(checked: Checked, rule: str = "101") -> list[tuple[int, str, tuple[str, ...]]]:
    return [(f.line, f.child, f.values) for f in checked.findings if f.rule == rule]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEADER + GOOD + "2,X,,,,,\n", 3),
        (HEADER + '1,M,01/05/2015,"W\nB\r\nR",A1,,\n2,X,,,,,\n', 5),
        (HEADER + "\n\n" + GOOD + "\n2,X,,,,,", 6),
        ("\n\n" + HEADER + "2,X,,,,,\n", 4),
        ((HEADER + GOOD + "2,X,,,,,\n").replace("\n", "\r\n"), 3),
        ((HEADER + GOOD + "2,X,,,,,\n").replace("\n", "\r"), 3),
        (HEADER + '"1","M","a ""quoted"" one","W",A1,,\n"2","X",,,,,\n', 3),
        (HEADER + "bad\n" + GOOD + "2,X,,,,,\n", 4),
        (HEADER + '1,M,"bad\n' + GOOD + "2,X,,,,,\n", 4),
    ],
)
def test_the_line_is_the_physical_line_a_row_starts_on(tmp_path: Path, text: str, line: int) -> None:
    assert lines_at_fault(run(tmp_path, header=text)) == [(line, "2", ("X",))]


@given(
    st.lists(
        st.tuples(st.booleans(), st.text(alphabet="ab\n\r,\"'\x1e\x1f é", max_size=6), st.booleans()),
        min_size=1,
        max_size=8,
    )
)
def test_rows_lines_and_values_agree_with_a_plain_count_of_lines(rows: list[tuple[bool, str, bool]]) -> None:
    """Each row is written with one quoted cell; the plain reference counts the line ends written so far."""
    text, at, wanted = "A,B\n", 2, []
    for blank_before, cell, crlf in rows:
        if blank_before:
            text += "\n"
            at += 1
        text += '"' + cell.replace('"', '""') + '",x' + ("\r\n" if crlf else "\n")
        wanted.append((at, [cell, "x"]))
        at += 1 + len(cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1
    sheet = read_csv("made.csv", text)
    assert sheet is not None
    assert [(sheet.line(row), cells) for row, cells in sheet.rows()] == wanted
    assert sheet.wrong == []


@pytest.mark.parametrize(
    "data",
    [
        (HEADER + "Zoë,X,,,,,\n").encode(),
        b"\xef\xbb\xbf" + (HEADER + "Zoë,X,,,,,\n").encode(),
        (HEADER + "Zoë,X,,,,,\n").encode("windows-1252"),
        (HEADER + "Zoë,X,,,,,\n").encode("utf-16"),
    ],
)
def test_encodings_are_told_apart(tmp_path: Path, data: bytes) -> None:
    assert lines_at_fault(run(tmp_path, header=data)) == [(2, "Zoë", ("X",))]


def test_bytes_that_no_encoding_has_are_not_lost() -> None:
    assert decode(b"a\x81\xff") == "a\x81ÿ"


def test_columns_in_any_order_and_case_and_extra_ones_reported(tmp_path: Path) -> None:
    checked = run(tmp_path, h="mother,Sex,Extra,child,dob,ETHNIC,mc_dob,upn, \n,X,e,7,,,,,\n")
    assert lines_at_fault(checked) == [(2, "7", ("X",))]
    assert checked.extra_columns == {"Header": ["Extra", ""]}


def test_a_missing_column_stops_exactly_the_rules_that_read_it(tmp_path: Path) -> None:
    checked = run(tmp_path, h="CHILD,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,,,A1,,\n2,,,A1,,\n")
    assert checked.outcome.not_run["101"] == "Header has no column SEX"
    assert lines_at_fault(checked, "444") == [(2, "1", ("A1",)), (3, "2", ("A1",))]


def test_values_are_compared_in_capitals_and_shown_as_sent(tmp_path: Path) -> None:
    checked = run(tmp_path, h=HEADER + "a,m,,,ab1,,\nb,f,,,AB1,,\n")
    assert lines_at_fault(checked, "444") == [(2, "a", ("ab1",)), (3, "b", ("AB1",))]
    assert lines_at_fault(checked) == []


def test_rows_with_another_number_of_cells_are_left_out_and_said(tmp_path: Path) -> None:
    checked = run(tmp_path, h=HEADER + "1,X\n" + "2,X,,,,,\n" + "3,X,,,,,,\n")
    assert lines_at_fault(checked) == [(3, "2", ("X",))]
    assert [(a.file, a.line, a.table, a.reason) for a in checked.set_aside] == [
        ("h.csv", 2, "Header", "has 2 cells instead of 7"),
        ("h.csv", 4, "Header", "has 8 cells instead of 7"),
    ]
    assert checked.rows == {"Header": 1}


def test_a_stray_quotation_mark_costs_one_line_only(tmp_path: Path) -> None:
    checked = run(tmp_path, h=HEADER + '0,"M,,,,,\n' + GOOD * 3 + "2,X,,,,,\n")
    assert checked.rows == {"Header": 4}
    assert [a.line for a in checked.set_aside] == [2]


def test_stray_quotation_marks_never_join_two_rows_into_one(tmp_path: Path) -> None:
    stray = "".join(f'{child},"M,01/05/2015,WBRI,A{child},,\n' for child in (3, 4, 5))
    checked = run(tmp_path, h=HEADER + stray + "2,X,,,,,\n")
    assert lines_at_fault(checked) == [(5, "2", ("X",))]
    assert [a.line for a in checked.set_aside] == [2, 3, 4]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"A,B\n1,2\n", "has the columns of no table of this return"),
        (b"\x00\x01\x02\x00", "is not text; save it as CSV"),
        (b"CHILD,DOB\n1,\n", "has the columns of no table of this return"),
        (b"<html></html>", "begins with HTML and not with EXPSSDA903; check that it is the return's file"),
    ],
)
def test_a_file_that_holds_no_table_is_left_out_and_said(tmp_path: Path, content: bytes, reason: str) -> None:
    checked = run(tmp_path, header=HEADER + GOOD, other=content)
    assert [(a.file, a.line, a.reason) for a in checked.set_aside] == [("other.csv", 0, reason)]
    assert checked.rows == {"Header": 1}


def test_a_file_with_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    checked = run(tmp_path, h=HEADER)
    assert checked.rows == {"Header": 0}
    assert {"101", "444"} <= set(checked.outcome.ran)
    assert checked.findings == []


def test_the_same_file_twice_is_used_once_and_two_of_one_table_are_refused(tmp_path: Path) -> None:
    twice = run(tmp_path, a=HEADER + GOOD, b=HEADER + GOOD)
    assert [(a.file, a.reason) for a in twice.set_aside] == [("b.csv", "is the same as a.csv")]
    with pytest.raises(CannotRun, match=r"a\.csv and b\.csv both hold the table Header; give only one of them\."):
        run(tmp_path, b=HEADER)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "No table of ssda903 was found in what was given; check the paths."),
        ({"a": "x,y\n"}, "No table of ssda903 was found in what was given: a.csv has the columns of no table of this"),
    ],
)
def test_nothing_to_check_cannot_run(tmp_path: Path, files: dict[str, str], sentence: str) -> None:
    with pytest.raises(CannotRun) as refused:
        run(tmp_path, **files)
    assert refused.value.sentence.startswith(sentence)


@pytest.mark.parametrize(
    ("sent", "read"),
    [("31/03/2027", True), ("1/3/2027", False), ("2027-03-31", False), ("30/02/2027", False), ("31/03/27", False),
     ("31/03/2027 ", False), ("46112", False), ("29/02/2028", True), ("29/02/2027", False)],
)  # fmt: skip
def test_dates_are_strict(tmp_path: Path, sent: str, *, read: bool) -> None:
    checked = run(tmp_path, m=f"CHILD,DOB,MISSING,MIS_START,MIS_END\n1,,M,,{sent}\n")
    assert [f.values for f in checked.findings if f.rule == "1005"] == ([] if read else [(sent,)])


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_each_table_is_told_by_its_columns(table: str) -> None:
    names = ssda903.tables()[table].names
    for header in (names, names[::-1], [name.lower() for name in names], [*names, "UPN", "DUC", "x"]):
        found = recognise(header, TABLES, "CHILD")
        assert found is not None
        assert found.table.name == table
    if len(names) > 4:
        for left in names[2:]:
            found = recognise([name for name in names if name != left], TABLES, "CHILD")
            assert found is not None
            assert found.table.name == table


@pytest.mark.parametrize(
    ("header", "table"),
    [
        ("CHILD,DECOM,DEC,REC", "Episodes"), ("rec,child", "Episodes"), ("CHILD,DOB,SDQ_SCORE,SDQ_REASON", "OC2"),
        ("CHILD,SEX,UPN", "Header"), ("Child,Mis_End", "Missing"),
        ("CHILD,DOB", None), ("DECOM,DEC,REC", None), ("CHILD,UPN,Surname", None), ("CHILD,REC,SDQ_SCORE", None),
    ],
)  # fmt: skip
def test_a_file_with_few_columns_is_told_when_it_holds_nothing_else(header: str, table: str | None) -> None:
    found = recognise(header.split(","), TABLES, "CHILD")
    assert (found.table.name if found else None) == table


def test_rules_run_on_a_file_with_few_columns_and_the_others_say_what_is_missing(tmp_path: Path) -> None:
    checked = run(tmp_path, e="CHILD,DECOM,DEC,REC\n1,01/05/2026,,X1\n")
    assert lines_at_fault(checked, "148") == [(2, "1", ("", "X1"))]
    reads = {rule.code: rule.reads for rule in checked.rules.rules}
    assert all(set(reads[code].get("Episodes", ())) <= {"CHILD", "DECOM", "DEC", "REC"} for code in checked.outcome.ran)
    assert checked.outcome.not_run["361"] == "Episodes has no column LS"


def test_the_children_in_the_uasc_file_are_known_as_such(tmp_path: Path) -> None:
    header = HEADER + "1,M,01/05/2020,,,,\n2,M,01/05/2020,,,,\n"
    checked = run(tmp_path, h=header, u="CHILD,SEX,DOB,DUC\n2,M,,\n")
    assert [(f.child, f.fields, f.values) for f in checked.findings if f.rule == "231"] == [
        ("2", ("DOB", "UASC"), ("01/05/2020", "1"))
    ]
    (tmp_path / "u.csv").unlink()
    reason = "UASC of Header is worked out from the UASC table, which was not given"
    assert run(tmp_path).outcome.not_run["231"] == reason
