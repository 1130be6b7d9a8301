"""Broken and hostile files: always an answer, never an exception, whole pupils kept (points 8 and 9)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairhold import formats
from fairhold.formats.domain import SIZE_LIMIT
from fairhold.formats.opening import Unreadable, open_file
from tests.formats.drawn import UPN_A, UPN_B, UPN_C, ctf, faults, pupil, read

THREE = ctf(
    pupil("<!-- <Pupil> --><Email><![CDATA[</Pupil>]]></Email>", upn=UPN_A),
    pupil("<Address><BS7666Address><Street>Rue de l’Élan</Street></BS7666Address></Address>", upn=UPN_B),
    pupil(upn=UPN_C),
)


def test_a_file_cut_at_any_byte_keeps_its_whole_pupils() -> None:
    data = THREE.encode("utf-8")
    ends = [i + len(b"</Pupil>") for i in range(len(data)) if data.startswith(b"</Pupil>\n", i)]
    root_ends = data.index(b"<CTfile>") + len(b"<CTfile>")
    for cut in range(len(data) - 1):  # the last byte is a line break
        reading, rows = read(data[:cut])
        if cut < root_ends:
            assert reading.refused is not None
            assert reading.refused.kind == "not-xml"
        elif cut < len(data) - 1 and cut < data.index(b"</CTfile>") + len(b"</CTfile>"):
            whole = sum(end <= cut for end in ends)
            assert [row.row for row in rows] == list(range(1, whole + 1))
            assert [(item.row, item.kind) for item in reading.set_aside] == [(None, "truncated")]
            assert reading.refused is None


def test_a_break_in_the_middle_names_its_line_and_leaves_the_rest() -> None:
    text = ctf(pupil(upn=UPN_A), "<Pupil><Surname>x</Forename></Pupil>", pupil(upn=UPN_B))
    reading, rows = read(text)
    assert [row.row for row in rows] == [1]
    assert faults(reading) == [(None, 4, None, "truncated")]


@pytest.mark.parametrize("after", ["<more/>", "text", "</CTfile>"])
def test_something_after_the_end_is_a_break_too(after: str) -> None:
    reading, rows = read(ctf(pupil()) + after)
    assert (len(rows), [item.kind for item in reading.set_aside]) == (1, ["truncated"])


def test_a_cut_header_still_says_what_it_said() -> None:
    reading, rows = read(ctf(pupil(), header="<SourceSchool><LEA>320</LEA><Estab>20").partition("20</Header>")[0])
    assert (reading.kind, reading.version, rows) == ("ctf", "25.0", [])
    assert reading.header == {"CTFversion": "25.0", "SourceSchool/LEA": "320"}


def test_a_census_cut_before_it_says_which_is_cut() -> None:
    reading, rows = read("<Message><Header><CollectionDetails>")
    assert (reading.kind, rows, [item.kind for item in reading.set_aside]) == (None, [], ["truncated"])


ENTITIES = [
    '<!DOCTYPE CTfile [<!ENTITY a "b">]>',
    '<!DOCTYPE CTfile [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "<!DOCTYPE CTfile [<!ENTITY % a \"<!ENTITY b 'c'>\"> %a;]>",
    "<!DOCTYPE CTfile [" + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)) + "]>",
]


@pytest.mark.parametrize("declared", ENTITIES)
@pytest.mark.parametrize("used", ["", "&a;"])
def test_any_entity_declaration_refuses_the_file(declared: str, used: str) -> None:
    reading, rows = read(ctf(pupil(f"<Email>{used}</Email>"), decl=f'<?xml version="1.0"?>\n{declared}'))
    assert reading.refused is not None
    assert (reading.refused.kind, rows, reading.kind) == ("entities", [], "ctf")


def test_a_document_type_without_entities_is_read() -> None:
    reading, rows = read(ctf(pupil(), decl='<!DOCTYPE CTfile SYSTEM "http://example.invalid/ctf.dtd">'))
    assert (len(rows), reading.refused, reading.set_aside) == (1, None, [])


def test_an_entity_that_nobody_declared_breaks_the_file_off() -> None:
    reading, rows = read(ctf(pupil(), pupil("<Email>&x;</Email>"), decl='<!DOCTYPE CTfile SYSTEM "x.dtd">'))
    assert (len(rows), faults(reading)) == (1, [(None, 4, None, "truncated")])


def test_encodings_are_read_when_declared() -> None:
    text = ctf(pupil(upn=UPN_A), pupil("<BasicDetails><MiddleNames>Zoë</MiddleNames></BasicDetails>"))
    written = {
        "UTF-8": text.encode(),
        "utf-8": b"\xef\xbb\xbf" + text.encode(),
        "ISO-8859-1": text.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        "UTF-16": text.replace("UTF-8", "UTF-16").encode("utf-16"),
        "UTF-16 without mark": text.replace("UTF-8", "UTF-16").encode("utf-16-be"),
        "windows-1252": text.replace("UTF-8", "Windows-1252").encode("cp1252"),
        "windows lines": text.replace("\n", "\r\n").encode(),
        "old lines": text.replace("\n", "\r").encode(),
    }
    for data in written.values():
        reading, rows = read(data)
        assert rows[1].values["BasicDetails/MiddleNames"] == "Zoë"
        assert (rows[1].line, reading.set_aside, reading.refused) == (4, [], None)


WRONG = [
    ctf(pupil()).replace("UTF-8", "EBCDIC-CP-BE").encode(),
    ctf(pupil()).replace("UTF-8", "UTF-16").encode(),
    b"\xef\xbb\xbf" + ctf(pupil()).replace("UTF-8", "ISO-8859-1").encode(),
    ctf(pupil()).encode("utf-16"),
    ctf(pupil()).encode("utf-32"),
    ctf(pupil()).encode("utf-32-le"),
    b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- \xe9 --><CTfile/>',
]


@pytest.mark.parametrize("data", WRONG)
def test_a_file_that_contradicts_its_encoding_is_refused(data: bytes) -> None:
    reading, rows = read(data)
    assert reading.refused is not None
    assert (reading.refused.kind, rows) == ("encoding", [])


@pytest.mark.parametrize(
    "data",
    [
        ctf(pupil(), pupil("<Email>é</Email>"), pupil()).encode("latin-1"),
        ctf(pupil(), pupil("<Email>é</Email>"), pupil()).replace("UTF-8", "US-ASCII").encode(),
    ],
)
def test_bytes_that_do_not_fit_end_the_file_after_the_good_pupils(data: bytes) -> None:
    reading, rows = read(data)
    assert [row.row for row in rows] == [1]
    assert faults(reading) == [(None, 4, None, "encoding")]


UTF16 = ctf(pupil()).replace("UTF-8", "UTF-16").encode("utf-16-le")
ENDS = [
    (ctf(pupil()).encode() + b"\xff", "encoding"),
    (ctf(pupil()).encode() + "é".encode()[:1], "truncated"),
    (b"\xff\xfe" + UTF16[:-1], "truncated"),
    (b"\xff\xfe" + UTF16 + "😀".encode("utf-16-le")[:2], "truncated"),
    (b"\xff\xfe" + UTF16 + "😀".encode("utf-16-le")[2:], "encoding"),
]


@pytest.mark.parametrize(("data", "kind"), ENDS)
def test_half_a_letter_at_the_end_is_a_break_and_a_byte_that_fits_nowhere_is_not(data: bytes, kind: str) -> None:
    reading, rows = read(data)
    assert [row.row for row in rows] == [1]
    assert [(item.row, item.kind) for item in reading.set_aside] == [(None, kind)]


def test_a_file_in_utf16_cut_at_any_byte_is_cut_and_never_of_a_wrong_encoding() -> None:
    data = b"\xff\xfe" + UTF16
    root_ends = data.index("<CTfile>".encode("utf-16-le")) + 16
    whole = data.index("</CTfile>".encode("utf-16-le")) + 18
    for cut in range(root_ends, len(data)):
        reading, _ = read(data[:cut])
        broken = cut < whole or cut % 2 == 1
        assert [(item.row, item.kind) for item in reading.set_aside] == [(None, "truncated")] * broken


UNKNOWN = ["<html><body/></html>", "<ctfile/>", "<CTfiles/>", "<x:Other xmlns:x='u'/>", '{"a": 1}', "Dear all,\n"]


@pytest.mark.parametrize("text", UNKNOWN)
def test_a_root_or_columns_no_reader_knows_are_refused(text: str) -> None:
    reading, _ = read(text)
    assert reading.refused is not None
    assert (reading.refused.kind, reading.kind) == ("unknown-kind", None)


@pytest.mark.parametrize("text", ["<", "<<<", "< CTfile>", "<!-- only -->", '<?xml version="1.0"?>', "<CTfile"])
def test_what_begins_like_xml_but_is_none_is_refused(text: str) -> None:
    reading, _ = read(text)
    assert reading.refused is not None
    assert reading.refused.kind == "not-xml"


def test_beyond_the_size_limit_is_refused_unread(tmp_path: Path) -> None:
    big = tmp_path / "big.xml"
    with big.open("wb") as stream:
        stream.truncate(SIZE_LIMIT + 1)  # holes, no bytes
    for reading in (formats.open(big), open_file(b"x" * 11, limit=10)):
        assert reading.refused is not None
        assert reading.refused.kind == "too-large"


def test_a_path_that_leads_to_no_file_is_unreadable(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.xml", "nul\0l"):
        with pytest.raises(Unreadable):
            formats.open(path)


def test_deep_nesting_is_answered_at_once() -> None:
    for depth in (90, 150, 400, 200_000):
        started = time.perf_counter()
        for text in (f"<CTfile>{'<a>' * depth}", ctf(pupil(), pupil("<a>" * depth + "x" + "</a>" * depth), pupil())):
            reading, rows = read(text)
            assert reading.refused or reading.set_aside or depth == 90
            assert len(rows) <= 3
        assert time.perf_counter() - started < 5


def test_whole_pupils_before_one_that_is_too_deep_are_rows() -> None:
    reading, rows = read(ctf(pupil(), pupil("<a>" * 150 + "</a>" * 150), pupil()))
    assert [row.row for row in rows] == [1]
    assert faults(reading) == [(None, 4, None, "too-large")]


def test_huge_texts_tags_and_remarks_are_answered() -> None:
    huge = "x>" * 3_000_000
    reading, rows = read(ctf(pupil(f"<Email>{huge}</Email>")))
    assert rows[0].values["Email"] == huge
    for inner in (f"<!--{huge}-->", f'<Email a="{huge}"/>'):
        reading, rows = read(ctf(pupil(inner)))
        assert reading.refused is not None
        assert reading.refused.kind == "too-large"


def test_many_different_names_and_numbers_are_answered() -> None:
    many = "".join(f"<e{n}>1</e{n}>" for n in range(20_000)) + "<Phone>1</Phone>" * 20_000
    reading, rows = read(ctf(pupil(many), pupil()))
    assert (len(rows), len(reading.unknown)) == (2, 40_000)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_are_answered(data: bytes) -> None:
    read(data)


@settings(deadline=None)
@given(st.binary(max_size=60), st.sampled_from(["<CTfile>", "<?xml version='1.0'?><Message>", "CHILD,DUC,DOB,SEX\n"]))
def test_random_bytes_after_a_good_start_are_answered(data: bytes, start: str) -> None:
    read(start.encode() + data)


SEEDS = [
    THREE.encode(),
    THREE.replace("UTF-8", "UTF-16").encode("utf-16"),
    b'CHILD,DOB,MISSING,MIS_START,MIS_END\n1,01/01/2010,M,"01/05/2026",\n2,,A,,\n',
    b"<Message><Header><CollectionDetails><Collection>CIN</Collection></CollectionDetails></Header><Children>"
    b"<Child><ChildIdentifiers><LAchildID>1</LAchildID></ChildIdentifiers></Child></Children></Message>",
]


@settings(deadline=None)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=4)), max_size=4), st.data())
def test_mutated_files_are_answered(seed: bytes, changes: list[tuple[int, bytes]], data: st.DataObject) -> None:
    mutated = bytearray(seed)
    for at, new in changes:
        place = at % len(mutated)
        mutated[place : place + data.draw(st.integers(0, 3))] = new
    reading, rows = read(bytes(mutated))
    assert [row.row for row in rows] == sorted({row.row for row in rows})
    assert not (rows and reading.refused)
