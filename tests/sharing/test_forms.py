"""The bytes of every form: minimal, plain, without a word about us, and held to the decisions by a second reading."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from fairhold.sharing import forms
from fairhold.sharing.forms import About, Row
from fairhold.sharing.forms.csvfile import cell
from fairhold.sharing.shares import ShareError
from tests.intake import made
from tests.sharing.made_up import CORE, EXTRA

FIELDS = CORE + EXTRA
PERMITTED = frozenset(FIELDS)
ABOUT = About(
    share=7,
    recipient="Made-up recipient",
    organisation="3202001",
    purpose="youth-support",
    day=date(2026, 11, 24),
    marking="OFFICIAL-SENSITIVE",
    keeps="until the 25th birthday (made up)",
    grounds=(("law", "a made-up Act"),),
    titles={name: name.replace("_", " ").capitalize() for name in (*FIELDS, "sex", "upn")},
)
ODD = [
    "=1+1",
    "-",
    "@x",
    'a "b", c',
    "two\r\nlines",
    "tab\there",
    "'=",
    " ",
    "_x0041_",
    "<b>&amp;",
    "nul\x00",
    "#f()$x",
]
FORMED = ("csv", "xlsx", "json", "letter")  # a transfer file has places for other fields: below


def texts(form: str) -> st.SearchStrategy[str | None]:
    """Values as a record can hold them; a letter's fonts have Latin letters alone."""
    last = 0x17F if form == "letter" else None
    letters = st.text(st.characters(exclude_categories=["Cs", "Cf"], max_codepoint=last), max_size=8)
    return st.none() | letters | st.sampled_from(ODD)


def some_rows(form: str) -> st.SearchStrategy[list[Row]]:
    values = st.fixed_dictionaries({name: texts(form) for name in FIELDS})
    return st.lists(st.builds(Row, st.integers(1, 10**6), values, st.frozensets(st.sampled_from(FIELDS))), max_size=4)


@pytest.mark.proves("N081")
@pytest.mark.parametrize("form", FORMED)
@settings(max_examples=20, deadline=None)  # the first call loads what writes the form
@given(data=st.data())
def test_what_is_built_passes_the_check_and_no_value_that_may_not_leave_changes_a_byte(
    form: str, data: st.DataObject
) -> None:
    rows = data.draw(some_rows(form))
    built = forms.build(form, rows, FIELDS, ABOUT)
    if not built.rows:
        assert built.columns == ()
        return
    forms.check(form, built.data, built.rows, PERMITTED, ABOUT)
    assert all(any(row.told(name) for row in built.rows) for name in built.columns)
    secret = [Row(row.subject, {name: "SECRET" for name in FIELDS}, frozenset()) for row in rows]
    hidden = [replace(row, values={**{n: "SECRET" for n in PERMITTED - row.allowed}, **_open(row)}) for row in rows]
    assert forms.build(form, [*rows, *secret], FIELDS, ABOUT).data == built.data
    assert forms.build(form, hidden, FIELDS, ABOUT).data == built.data
    for other in built.rows:  # one value less may leave: the file that was made before is caught
        fewer = [replace(one, allowed=frozenset()) if one is other else one for one in built.rows]
        with pytest.raises(ShareError, match="not the one that was decided"):
            forms.check(form, built.data, fewer, PERMITTED, ABOUT)


def _open(row: Row) -> dict[str, str | None]:
    return {name: row.values.get(name) for name in row.allowed}


HELD = {
    "name": "Mia Made-Up",
    "address": "Flat 1, 1 Nowhere Road, E17 0ZZ",
    "date_of_birth": "2012-01-01",
    "school": "S",
    "upn": "U",
}
ROW = Row(1, HELD, frozenset(CORE))


@pytest.mark.proves("N113")
def test_without_consent_a_row_is_the_three_fields_to_the_byte() -> None:
    data = forms.build("csv", [ROW], FIELDS, ABOUT).data
    assert data == b'name,address,date_of_birth\r\nMia Made-Up,"Flat 1, 1 Nowhere Road, E17 0ZZ",2012-01-01\r\n'


@pytest.mark.proves("N113")
@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xef\xbb\xbfname\r\nMia Made-Up\r\n", "first or last bytes"),
        (b"name\r\nMia Made-Up", "first or last bytes"),
        (b"name,upn\r\nMia Made-Up,U\r\n", "a column that may not leave"),
        (b"name,name\r\nMia Made-Up,Mia Made-Up\r\n", "a column that may not leave"),
        (b"name,school\r\nMia Made-Up,S\r\n", "where the decision says no"),
        (b"name\r\nMia Made-Up\r\nMia Made-Up\r\n", "a row too many"),
        (b"name\r\n", "a row too many or too few"),
        (b"name\r\nMia Other\r\n", "not the one the record holds"),
        (b'name\r\n"Mia\nMade-Up"\r\n', "line break"),
        (b"name\r\nMia Made-Up,2012-01-01\r\n", "more or fewer cells"),
    ],
)
def test_a_table_that_was_not_decided_so_is_caught(data: bytes, says: str) -> None:
    forms.check("csv", b"name\r\nMia Made-Up\r\n", [ROW], PERMITTED, ABOUT)
    with pytest.raises(ShareError, match=says):
        forms.check("csv", data, [ROW], PERMITTED, ABOUT)


def test_a_value_that_a_spreadsheet_would_run_is_made_plain() -> None:
    assert [cell(text) for text in ("=1+1", "-1", "+44", "@a", "O'Neil", "")] == [
        "'=1+1", "'-1", "'+44", "'@a", "O'Neil", "",
    ]  # fmt: skip


def changed(name: str, change: Callable[[bytes], bytes], extra: str = "") -> bytes:
    """The workbook of `ROW` with one part changed, or one more."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(forms.build("xlsx", [ROW], FIELDS, ABOUT).data)) as book:
        with zipfile.ZipFile(out, "w") as spoiled:
            for part in [*book.infolist(), *([zipfile.ZipInfo(extra)] if extra else [])]:
                data = b"<x/>" if part.filename == extra else book.read(part.filename)
                spoiled.writestr(part, change(data) if part.filename == name else data)
    return out.getvalue()


def test_a_workbook_is_one_sheet_of_texts_that_another_program_reads_and_tells_nothing_of_us() -> None:
    data = forms.build("xlsx", [ROW, replace(ROW, values={**HELD, "name": "=SUM(1)"})], FIELDS, ABOUT).data
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["rows"]
    assert book.get_sheet_by_index(0).to_python()[2] == ["=SUM(1)", HELD["address"], HELD["date_of_birth"]]
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert {one.date_time for one in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        text = b"".join(parts.read(one) for one in parts.namelist())
    for ours in (b"docProps", b"creator", b"created", b"Company", b"hidden"):
        assert ours not in text


@pytest.mark.parametrize(
    ("part", "old", "new", "extra", "says"),
    [
        ("xl/workbook.xml", b"<sheet ", b'<sheet state="hidden" ', "", "a hidden one"),
        ("xl/workbook.xml", b"</sheets>", b"</sheets><definedNames/>", "", "a hidden one"),
        ("xl/worksheets/sheet1.xml", b'<row r="2"', b'<row hidden="1" r="2"', "", "hidden or is no plain text"),
        ("xl/worksheets/sheet1.xml", b"<sheetData>", b"<cols/><sheetData>", "", "hidden or is no plain text"),
        ("xl/worksheets/sheet1.xml", b"<v>3</v>", b"<f>1</f><v>3</v>", "", "hidden or is no plain text"),
        ("xl/worksheets/sheet1.xml", b'r="C2"', b'r="D2"', "", "outside the table"),
        ("xl/sharedStrings.xml", b"Mia", b"Ann", "", "not the one the record holds"),
        ("", b"", b"", "docProps/core.xml", "parts that a plain table does not have"),
    ],
)
def test_a_workbook_with_anything_else_is_caught(part: str, old: bytes, new: bytes, extra: str, says: str) -> None:
    forms.check("xlsx", changed("", bytes), [ROW], PERMITTED, ABOUT)
    spoiled = changed(part, lambda data: data.replace(old, new), extra)
    with pytest.raises(ShareError, match=says):
        forms.check("xlsx", spoiled, [ROW], PERMITTED, ABOUT)


@pytest.mark.parametrize(
    "data",
    [
        b'{"fields":["name"],"rows":[{"name":"Mia Made-Up"}]}',  # no line end
        b'{"fields":["name"],"rows":[{"name":"Mia Made-Up"}],"why":1}\n',
        b'{"fields":["name"],"rows":[{"name":"Mia Made-Up","name":"Mia Made-Up"}]}\n',
        b'{"fields":["name"],"rows":[{"name":1}]}\n',
        b"[]\n",
        b"\xff\n",
    ],
)
def test_json_of_another_shape_is_caught(data: bytes) -> None:
    good = {"fields": ["name"], "rows": [{"name": "Mia Made-Up"}]}
    forms.check("json", json.dumps(good, separators=(",", ":")).encode() + b"\n", [ROW], PERMITTED, ABOUT)
    with pytest.raises(ShareError, match="not JSON as we write it"):
        forms.check("json", data, [ROW], PERMITTED, ABOUT)


PUPIL = Row(
    1,
    {**HELD, "name": "Mia Anna van Made Up", "sex": "F", "upn": made.upn(1), "year_group": "9"},
    frozenset(("name", "address", "date_of_birth", "sex", "upn", "year_group")),
    ("Mia Anna", "van Made Up"),
)
ITEMS = ("name", "address", "date_of_birth", "sex", "upn", "year_group", "school")
ALL = frozenset(ITEMS)


@pytest.mark.proves("N140")
def test_a_transfer_file_holds_the_allowed_items_and_is_read_back_by_the_reader_of_transfer_files() -> None:
    other = replace(PUPIL, allowed=PUPIL.allowed - {"address", "upn"})
    built = forms.build("ctf", [PUPIL, other], ITEMS, ABOUT)
    forms.check("ctf", built.data, built.rows, ALL, ABOUT)
    assert built.data.count(b"<Surname>van Made Up</Surname>") == 2
    assert (
        built.data.count(b"<PostCode>E17 0ZZ</PostCode>") == built.data.count(f"<UPN>{made.upn(1)}</UPN>".encode()) == 1
    )
    assert b"<LEA>320</LEA>" in built.data  # the receiving school's
    with pytest.raises(ShareError, match="decision says no"):
        forms.check("ctf", built.data, [other, other], ALL, ABOUT)
    with pytest.raises(ShareError, match="header"):
        forms.check("ctf", built.data, built.rows, ALL, replace(ABOUT, organisation=None))
    for old, new, says in (
        (b"<Sex>F</Sex>", b"<Sex>F</Sex><Email>m@x.example</Email>", "a column that may not leave"),
        (b"<Sex>F</Sex>", b"<Sex>F</Sex><UCI>1</UCI>", "an item that may not leave"),
        (b"<Sex>F</Sex>", b"<Sex>F</Sex><Odd>1</Odd>", "not a valid transfer file"),
        (b"</CTfile>", b"", "not a valid transfer file"),
        (b"van Made Up", b"van Other", "not the one the record holds"),
    ):
        with pytest.raises(ShareError, match=says):
            forms.check("ctf", built.data.replace(old, new), built.rows, ALL, ABOUT)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (replace(PUPIL, allowed=PUPIL.allowed - {"sex"}), "needs of each pupil: Name, Date of birth, Sex"),
        (replace(PUPIL, allowed=PUPIL.allowed | {"school"}), "no place for: School"),
        (replace(PUPIL, name=("Mia", None)), "needs of each pupil"),
    ],
)
def test_a_transfer_file_that_cannot_be_valid_is_not_made(row: Row, says: str) -> None:
    with pytest.raises(ShareError, match=says):
        forms.build("ctf", [row], ITEMS, ABOUT)


@pytest.mark.proves("N133")
def test_a_letter_says_what_is_told_on_which_law_how_long_and_whom_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    from fairhold import letters

    monkeypatch.setenv("FAIRHOLD_DATA_PROTECTION_OFFICER", "Made-up officer")
    data = forms.build("letter", [ROW], FIELDS, ABOUT).data
    text = letters.text_of(data)
    for said in ("OFFICIAL-SENSITIVE", "Made-up recipient", "24 November 2026", "Mia Made-Up", "2012-01-01",
                 "a made-up Act", "until the 25th birthday", "Made-up officer"):  # fmt: skip
        assert "".join(said.split()) in text
    assert "SEN" not in text.replace("OFFICIAL-SENSITIVE", "")
    assert forms.table("letter", data, ABOUT.titles).rows[0].keys() == {"name", "address", "date_of_birth"}
    for spoiled in (
        letters.pdf("Information from the council, share 7", [letters.contacts().grid()], marking=ABOUT.marking),
        forms.build("letter", [ROW, ROW], FIELDS, ABOUT).data,
        forms.build("letter", [replace(ROW, allowed=frozenset(FIELDS))], FIELDS, ABOUT).data,
        forms.build("letter", [ROW], FIELDS, replace(ABOUT, keeps="for ever")).data,
        data[:-9],
    ):
        with pytest.raises(Exception, match=r"not the one that was decided|not a document as we set it"):
            forms.check("letter", spoiled, [ROW], PERMITTED, ABOUT)


def test_a_form_that_is_none_gets_its_sentence() -> None:
    with pytest.raises(ShareError, match="no form “fax”"):
        forms.build("fax", [], FIELDS, ABOUT)
