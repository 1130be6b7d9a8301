"""Transfer files: what a row is, and what keeps a pupil or a value out (contract of `read`, points 3 to 6)."""

from __future__ import annotations

import pytest

from tests.formats.drawn import DETAILS, TEMPORARY, UPN_A, UPN_B, UPN_C, ctf, faults, pupil, read


def values(inner: str) -> dict[str, str]:
    """The values of one pupil beyond name and birth date."""
    reading, rows = read(ctf(pupil(inner)))
    assert not reading.set_aside
    return {path: text for path, text in rows[0].values.items() if path not in ("Surname", "Forename", "DOB")}


def test_rows_count_from_one_in_document_order_and_know_their_line() -> None:
    reading, rows = read(ctf(pupil(upn=UPN_A), "<!-- a\nremark -->", pupil(upn=UPN_B)))
    assert [(row.row, row.element, row.line) for row in rows] == [(1, "Pupil", 3), (2, "Pupil", 6)]
    assert (reading.kind, reading.version, reading.header) == ("ctf", "25.0", {"CTFversion": "25.0"})


def test_values_are_the_text_as_sent_without_blanks_at_either_end() -> None:
    assert values("<BasicDetails><MiddleNames>  Ada \n Mary\t</MiddleNames></BasicDetails>") == {
        "BasicDetails/MiddleNames": "Ada \n Mary"
    }


def test_references_and_quoted_blocks_are_text() -> None:
    inner = "<BasicDetails><MiddleNames>&lt;A&#38;&#x42;<![CDATA[<&amp;]]>&#32;</MiddleNames></BasicDetails>"
    assert values(inner) == {"BasicDetails/MiddleNames": "<A&B<&amp;"}


def test_a_remark_inside_a_value_is_no_part_of_it() -> None:
    assert values("<Email>a<!-- no\n -->b@example.org</Email>") == {"Email": "ab@example.org"}


def test_repeated_elements_are_numbered_under_their_parent() -> None:
    inner = (
        "<Contacts><Contact><Order>1</Order><Phones><Phone><PhoneNo>1</PhoneNo></Phone>"
        "<Phone><PhoneNo>2</PhoneNo></Phone></Phones></Contact><Contact><Order>2</Order>"
        "<Phones><Phone><PhoneNo>3</PhoneNo></Phone></Phones></Contact></Contacts>"
    )
    assert values(inner) == {
        "Contacts/Contact/Order": "1",
        "Contacts/Contact/Phones/Phone/PhoneNo": "1",
        "Contacts/Contact/Phones/Phone[2]/PhoneNo": "2",
        "Contacts/Contact[2]/Order": "2",
        "Contacts/Contact[2]/Phones/Phone/PhoneNo": "3",
    }


def test_empty_elements_count_but_are_left_out() -> None:
    inner = (
        "<BasicDetails><Disabilities><Disability/><Disability> </Disability><Disability>MOB</Disability></Disabilities>"
    )
    reading, rows = read(ctf(pupil(inner + "</BasicDetails>")))
    disabilities = {path: text for path, text in rows[0].values.items() if "Disab" in path}
    assert disabilities == {"BasicDetails/Disabilities/Disability[3]": "MOB"}
    assert not reading.unknown


def test_attributes_are_left_out_whatever_stands_in_them() -> None:
    reading, rows = read(ctf(f"<Pupil id=\"a>b\" x='</Pupil'>{DETAILS}</Pupil>".replace("</Pupil'", "&lt;/Pupil'")))
    assert rows[0].values == {"Surname": "Begum", "Forename": "Noor", "DOB": "2012-05-04"}
    assert not reading.unknown


def test_the_order_of_elements_never_matters() -> None:
    parts = ["<Sex>F</Sex>", "<Surname>Begum</Surname>", "<DOB>2012-05-04</DOB>", "<Forename>Noor</Forename>"]
    first = read(ctf(pupil(details="".join(parts))))[1][0]
    for turn in range(1, 4):
        turned = read(ctf(pupil(details="".join(parts[turn:] + parts[:turn]))))[1][0]
        assert turned.values == first.values
    late = "<CTfile><CTFpupilData>" + pupil() + "</CTFpupilData><Header><CTFversion>25.0</CTFversion></Header></CTfile>"
    reading, rows = read(late)
    assert (reading.version, reading.header, len(rows)) == ("25.0", {"CTFversion": "25.0"}, 1)


def test_brothers_that_return_after_others_are_numbered_too() -> None:
    inner = (
        "<Contacts><Contact><Order>1</Order></Contact><Other>x</Other><Contact><Title>Ms</Title></Contact></Contacts>"
    )
    reading, rows = read(ctf(pupil(inner)))
    assert rows[0].values["Contacts/Contact[2]/Title"] == "Ms"
    assert [(item.path, item.value) for item in reading.unknown] == [("Contacts/Other", "x")]


SPELLINGS = [
    ("<Address><Postcode>E17 9AB</Postcode></Address>", "Address/PostCode"),
    ("<BasicDetails><NCYearActual>7</NCYearActual></BasicDetails>", "BasicDetails/NCyearActual"),
    (f"<FormerUPN>{UPN_B}</FormerUPN>", "BasicDetails/FormerUPN"),
    (
        "<Contacts><Contact><Address><Postcode>E4 7AA</Postcode></Address></Contact></Contacts>",
        "Contacts/Contact/Address/PostCode",
    ),
]


@pytest.mark.parametrize(("inner", "path"), SPELLINGS)
def test_known_spellings_count_as_the_reference_s_element(inner: str, path: str) -> None:
    assert list(values(inner)) == [path]


def test_a_moved_element_that_also_stands_in_place_is_one_more_of_it() -> None:
    inner = f"<FormerUPN>{UPN_A}</FormerUPN><BasicDetails><FormerUPN>{UPN_B}</FormerUPN></BasicDetails>"
    assert values(inner) == {"BasicDetails/FormerUPN": UPN_A, "BasicDetails/FormerUPN[2]": UPN_B}


def test_every_former_upn_is_kept_wherever_it_stands() -> None:
    many = "".join(f"<FormerUPN>{number}</FormerUPN>" for number in (UPN_A, UPN_B))
    inner = f"<FormerUPN>{UPN_C}</FormerUPN><BasicDetails><FormerUPN/>{many}</BasicDetails>"
    assert values(inner) == {
        "BasicDetails/FormerUPN": UPN_C,
        "BasicDetails/FormerUPN[2]": UPN_A,
        "BasicDetails/FormerUPN[3]": UPN_B,
    }


def test_a_namespace_changes_no_name() -> None:
    text = ctf(pupil(upn=UPN_A)).replace("<CTfile>", '<CTfile xmlns="http://example.invalid/ctf">')
    assert read(text)[1][0].values["UPN"] == UPN_A
    prefixed = '<c:CTfile xmlns:c="u"><c:CTFpupilData><c:Pupil><c:Surname>A</c:Surname><c:Forename>B</c:Forename>'
    reading, rows = read(prefixed + "<c:DOB>2012-05-04</c:DOB></c:Pupil></c:CTFpupilData></c:CTfile>")
    assert (reading.kind, rows[0].values["Forename"], reading.unknown) == ("ctf", "B", [])


@pytest.mark.parametrize("spelling", ["CTFversion", "CTFVersion", "CTFVERSION", "ctfversion"])
def test_the_version_is_read_without_regard_to_case(spelling: str) -> None:
    reading, _ = read(ctf(pupil(), version=f"<{spelling}>25.0</{spelling}>"))
    assert (reading.version, reading.header) == ("25.0", {"CTFversion": "25.0"})


@pytest.mark.parametrize("version", ["99.0", "twelve"])
def test_a_version_nobody_knows_is_read_the_same_way(version: str) -> None:
    reading, rows = read(ctf(pupil(upn=UPN_A), version=f"<CTFversion>{version}</CTFversion>"))
    assert (reading.version, len(rows), reading.set_aside) == (version, 1, [])


def test_elements_no_list_holds_are_kept_apart_and_are_no_fault() -> None:
    text = ctf(pupil(upn=UPN_A), pupil("<New>\n<Inner>a</Inner><Inner>b</Inner>\n</New>"), header="<Extra>x</Extra>")
    reading, rows = read(text)
    assert len(rows) == 2
    assert not reading.set_aside
    assert rows[1].values == {"Surname": "Begum", "Forename": "Noor", "DOB": "2012-05-04"}
    assert [tuple(item) for item in reading.unknown] == [
        (None, 2, "Extra", "x"),
        (2, 5, "New/Inner", "a"),
        (2, 5, "New/Inner[2]", "b"),
    ]


def test_an_admissions_file_is_read_like_a_transfer_file() -> None:
    text = ctf(
        pupil("<ApplicationReference>A1</ApplicationReference>", upn=UPN_A), version="<ATFversion>9.1</ATFversion>"
    )
    reading, rows = read(text.replace("CTf", "ATf").replace("CTFpupil", "ATFpupil"))
    assert (reading.kind, reading.version, reading.unknown) == ("atf", "9.1", [])
    assert rows[0].values["ApplicationReference"] == "A1"


MISSING = [
    ("<Forename>Noor</Forename><DOB>2012-05-04</DOB>", "Surname"),
    ("<Surname>Begum</Surname><DOB>2012-05-04</DOB>", "Forename"),
    ("<Surname>Begum</Surname><Forename>Noor</Forename>", "DOB"),
    ("<Surname> </Surname><Forename>Noor</Forename><DOB>2012-05-04</DOB>", "Surname"),
]


@pytest.mark.parametrize(("details", "path"), MISSING)
def test_a_pupil_without_name_or_birth_date_is_set_aside_whole(details: str, path: str) -> None:
    reading, rows = read(ctf(pupil(upn=UPN_A), pupil(upn=UPN_B, details=details), pupil()))
    assert [row.row for row in rows] == [1, 3]
    assert faults(reading) == [(2, 4, path, "missing")]
    assert reading.set_aside[0].values["UPN"] == UPN_B


@pytest.mark.parametrize("day", ["2012-02-30", "04/05/2012", "2012-5-4", "20120504", "yes", "2012-05-04T00:00:00"])
def test_a_birth_date_that_is_none_sets_the_pupil_aside(day: str) -> None:
    reading, rows = read(ctf(pupil(upn=UPN_A, details=DETAILS.replace("2012-05-04", day)), pupil()))
    assert [row.row for row in rows] == [2]
    assert faults(reading) == [(1, 3, "DOB", "bad-date")]
    assert day not in reading.set_aside[0].reason


def test_another_bad_date_is_set_aside_alone_on_its_own_line() -> None:
    inner = "<SchoolHistory><School>\n<EntryDate>2019-13-01</EntryDate><LEA>320</LEA></School></SchoolHistory>"
    reading, rows = read(ctf(pupil(inner, upn=UPN_A)))
    assert faults(reading) == [(1, 4, "SchoolHistory/School/EntryDate", "bad-date")]
    assert rows[0].values["SchoolHistory/School/LEA"] == "320"
    assert "SchoolHistory/School/EntryDate" not in rows[0].values


UPNS = [
    ("X123", "upn-pattern"),
    ("I801200001001", "upn-pattern"),
    ("A801200005001", "upn-check-letter"),
    ("K801200001001", "upn-check-letter"),
]


@pytest.mark.parametrize(("number", "kind"), UPNS)
def test_a_wrong_upn_is_set_aside_alone(number: str, kind: str) -> None:
    reading, rows = read(ctf(pupil(upn=number)))
    assert faults(reading) == [(1, 3, "UPN", kind)]
    assert "UPN" not in rows[0].values
    assert rows[0].values["Surname"] == "Begum"


@pytest.mark.parametrize("number", [None, TEMPORARY, f" {UPN_A.lower()} "])
def test_no_upn_a_temporary_one_and_small_letters_are_good_rows(number: str | None) -> None:
    reading, rows = read(ctf(pupil(upn=number)))
    assert not reading.set_aside
    assert rows[0].values.get("UPN") == (number.strip() if number else None)


def test_of_two_pupils_with_one_upn_the_first_stays() -> None:
    reading, rows = read(ctf(pupil(upn=UPN_A), pupil(upn=UPN_B), pupil(upn=f" {UPN_A.lower()}"), pupil(), pupil()))
    assert [row.row for row in rows] == [1, 2, 4, 5]
    assert faults(reading) == [(3, 5, "UPN", "duplicate")]


def test_a_pupil_that_is_set_aside_does_not_keep_a_good_one_out() -> None:
    reading, rows = read(ctf(pupil(upn=UPN_A, details="<Surname>Begum</Surname>"), pupil(upn=UPN_A)))
    assert [row.row for row in rows] == [2]
    assert faults(reading) == [(1, 3, "Forename", "missing")]


def test_a_number_that_is_wrong_is_nobody_s_number() -> None:
    reading, rows = read(ctf(pupil(upn="TBC"), pupil(upn="TBC")))
    assert len(rows) == 2
    assert faults(reading) == [(1, 3, "UPN", "upn-pattern"), (2, 4, "UPN", "upn-pattern")]


CODES = [
    ("<Sex>X</Sex>", "Sex"),
    ("<Sex>m</Sex>", "Sex"),
    ("<BasicDetails><Ethnicity>PAKI</Ethnicity></BasicDetails>", "BasicDetails/Ethnicity"),
    ("<BasicDetails><NCyearActual>07</NCyearActual></BasicDetails>", "BasicDetails/NCyearActual"),
    ("<SENhistory><SEN><SENprovision>Z</SENprovision></SEN></SENhistory>", "SENhistory/SEN/SENprovision"),
]


@pytest.mark.parametrize(("inner", "path"), CODES)
def test_a_code_no_edition_ever_held_is_set_aside_alone(inner: str, path: str) -> None:
    reading, rows = read(ctf(pupil(inner)))
    assert faults(reading) == [(1, 3, path, "unknown-code")]
    assert path not in rows[0].values


NO_FAULT = [
    "<SENhistory><SEN><SENprovision>S</SENprovision></SEN></SENhistory>",  # held until 2018
    "<BasicDetails><Ethnicity>WBRI</Ethnicity></BasicDetails>",
    "<LookedAfter><InCare>maybe</InCare><CareAuthority>999</CareAuthority></LookedAfter>",  # not of type code
    "<SENhistory><SENneeds><SENneed><SENtypeRank>9</SENtypeRank></SENneed></SENneeds></SENhistory>",
    "<StageAssessments><KeyStage><Stage>EYF</Stage></KeyStage></StageAssessments>",  # no code set held
    "<NAWdetails><SpeakWelsh>??</SpeakWelsh></NAWdetails>",
]


@pytest.mark.parametrize("inner", NO_FAULT)
def test_only_elements_of_type_code_with_a_held_set_are_judged(inner: str) -> None:
    reading, _ = read(ctf(pupil(inner)))
    assert not reading.set_aside


def test_several_faults_of_one_pupil_come_in_document_order() -> None:
    inner = "<Sex>X</Sex><BasicDetails><Ethnicity>?</Ethnicity></BasicDetails>"
    reading, rows = read(ctf(pupil(inner, upn="nope")))
    assert [item.path for item in reading.set_aside] == ["UPN", "Sex", "BasicDetails/Ethnicity"]
    assert sorted(rows[0].values) == ["DOB", "Forename", "Surname"]
