"""Censuses: rows of each kind, versions, and nothing set aside for being wrong (points 2, 3 and 7)."""

from __future__ import annotations

import pytest

from tests.formats.drawn import read


def census(collection: str, body: str, *, year: str = "2026", term: str = "") -> str:
    named = f"<Term>{term}</Term>" if term else ""
    details = f"<CollectionDetails><Collection>{collection}</Collection>{named}<Year>{year}</Year></CollectionDetails>"
    return f"<Message>\n<Header>{details}</Header>\n{body}\n</Message>"


SCHOOL = """<School><SchoolCharacteristics><Phase>PS</Phase></SchoolCharacteristics></School>
<Pupils><PupilsOnRoll>
<PupilOnRoll><PupilIdentifiers><UPN>bad</UPN><DOB>never</DOB></PupilIdentifiers>
<PupilStatus><NCyearActual>R</NCyearActual></PupilStatus></PupilOnRoll>
</PupilsOnRoll><PupilsNoLongerOnRoll>
<PupilNoLongerOnRoll><PupilIdentifiers><UPN>bad</UPN><Oddity>x</Oddity></PupilIdentifiers></PupilNoLongerOnRoll>
</PupilsNoLongerOnRoll></Pupils>"""


def test_a_school_census_has_two_kinds_of_row_numbered_together() -> None:
    reading, rows = read(census("SC", SCHOOL, term="AUT"))
    assert (reading.kind, reading.version) == ("school-census", "2026-AUT")
    assert [tuple(row) for row in rows] == [
        (
            1,
            "PupilOnRoll",
            5,
            {"PupilIdentifiers/UPN": "bad", "PupilIdentifiers/DOB": "never", "PupilStatus/NCYearActual": "R"},
        ),
        (2, "PupilNoLongerOnRoll", 8, {"PupilIdentifiers/UPN": "bad"}),
    ]
    assert [tuple(item) for item in reading.unknown] == [(2, 8, "PupilIdentifiers/Oddity", "x")]
    assert reading.set_aside == []
    assert reading.around == {"School/SchoolCharacteristics/Phase": "PS"}


def test_a_census_of_alternative_provision() -> None:
    body = "<Pupils><Pupil><PupilIdentifiers><UPN/><Surname>Begum</Surname></PupilIdentifiers></Pupil></Pupils>"
    reading, rows = read(census("AP", body, term="SPR", year="2027"))
    assert (reading.kind, reading.version) == ("ap-census", "2027-SPR")
    assert rows[0].values == {"PupilIdentifiers/Surname": "Begum"}
    assert reading.set_aside == []


def test_a_children_in_need_census() -> None:
    body = (
        "<Children><Child><ChildIdentifiers><LAchildID>1</LAchildID></ChildIdentifiers>"
        "<CINdetails><Assessments><FactorsIdentifiedAtAssessment><AssessmentFactors>1A</AssessmentFactors>"
        "<AssessmentFactors>99</AssessmentFactors></FactorsIdentifiedAtAssessment></Assessments></CINdetails>"
        "<CINdetails><CINreferralDate>x</CINreferralDate></CINdetails></Child><Child/></Children>"
    )
    reading, rows = read(census("CIN", body))
    factors = "CINdetails/Assessments/FactorsIdentifiedAtAssessment/AssessmentFactors"
    assert (reading.kind, reading.version) == ("cin", "2026")
    assert rows[0].values == {
        "ChildIdentifiers/LAchildID": "1",
        factors: "1A",
        f"{factors}[2]": "99",
        "CINdetails[2]/CINreferralDate": "x",
    }
    assert (rows[1].row, rows[1].values) == (2, {})
    assert reading.set_aside == []


BY_ROWS = [
    ("<Pupils><PupilsOnRoll><PupilOnRoll/></PupilsOnRoll></Pupils>", "school-census"),
    ("<Pupils><Pupil/></Pupils>", "ap-census"),
    ("<Children><Child/></Children>", "cin"),
]


@pytest.mark.parametrize(("body", "kind"), BY_ROWS)
def test_without_a_collection_the_rows_tell_the_kind(body: str, kind: str) -> None:
    reading, rows = read(f"<Message><Header/>{body}</Message>")
    assert (reading.kind, reading.version, len(rows)) == (kind, None, 1)


def test_a_collection_nobody_reads_is_refused() -> None:
    reading, rows = read(census("SWF", "<Pupils/>"))
    assert reading.refused is not None
    assert (reading.kind, reading.refused.kind, rows) == (None, "unknown-kind", [])
