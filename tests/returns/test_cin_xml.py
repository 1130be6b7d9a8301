"""The census file: rows with the line of their element, keys counted, what is not known said, cut files kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairhold.returns.checking import Checked, check
from fairhold.returns.cin import RETURN, xml
from fairhold.returns.files import CannotRun
from fairhold.returns.loading import Given

HEADER = """<Header><CollectionDetails><Collection>CIN</Collection><Year>2027</Year>
<ReferenceDate>2027-03-31</ReferenceDate></CollectionDetails><Source><LEA>301</LEA></Source></Header>"""
XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<Message>
{HEADER}
<Children>
 <Child>
  <ChildIdentifiers>
   <LAchildID>7</LAchildID><UPN/><PersonBirthDate>2015-05-01</PersonBirthDate><Sex> M</Sex>
  </ChildIdentifiers>
  <ChildCharacteristics><Ethnicity>WBRI</Ethnicity><Disabilities>
    <Disability>MOB</Disability>
    <Disability>LD</Disability></Disabilities></ChildCharacteristics>
  <CINdetails><CINreferralDate>2026-05-01</CINreferralDate><DateOfInitialCPC>2026-05-20</DateOfInitialCPC>
   <Assessments><AssessmentActualStartDate>2026-05-02</AssessmentActualStartDate></Assessments>
   <Assessments>
    <FactorsIdentifiedAtAssessment><AssessmentFactors>1A</AssessmentFactors>
     <AssessmentFactors>2B</AssessmentFactors></FactorsIdentifiedAtAssessment>
   </Assessments>
   <Section47><DateOfInitialCPC>2026-06-01</DateOfInitialCPC><ICPCnotRequired>true</ICPCnotRequired></Section47>
   <ReferralNFA>0</ReferralNFA>
   <ChildProtectionPlans><CPPstartDate>2026-06-01</CPPstartDate>
    <Reviews>
     <CPPreviewDate>2026-08-01</CPPreviewDate></Reviews></ChildProtectionPlans>
   <ChildProtectionPlans>
    <Reviews><CPPreviewDate>2026-09-01</CPPreviewDate>
     <CPPreviewDate>2026-10-01</CPPreviewDate></Reviews>
    <Reviews></Reviews>
   </ChildProtectionPlans>
  </CINdetails>
  <CINdetails><CINPlanDates><CINPlanStartDate>soon</CINPlanStartDate></CINPlanDates>
   <Assessments></Assessments></CINdetails>
 </Child>
 <Child><ChildCharacteristics/><ChildIdentifiers><LAchildID>8 &amp; 9</LAchildID></ChildIdentifiers><CINdetails/>
 </Child>
</Children>
</Message>
"""
Table = list[tuple[int, tuple[str, ...]]]


def read(text: str | bytes) -> tuple[dict[str, Given], list[tuple[int, str, str]]]:
    data = text if isinstance(text, bytes) else text.encode()
    given, aside = xml.read("cin.xml", data, RETURN.tables())
    return given, [(item.line, item.table, item.reason) for item in aside]


def rows(given: dict[str, Given], table: str, *columns: str) -> Table:
    sheet = given[table]
    return [(sheet.sheet.line(n), tuple(sheet.value(n, c) for c in columns)) for n, _ in sheet.sheet.rows()]


def run(folder: Path, text: str | bytes) -> Checked:
    (folder / "cin.xml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return check("cin", 2027, "301", [folder], previous=[])


KEYS = ("LAchildID", "CINdetailsID")
EXPECTED: dict[str, tuple[tuple[str, ...], Table]] = {
    "Header": (("Collection", "Year", "ReferenceDate", "LEA"), [(3, ("CIN", "2027", "2027-03-31", "301"))]),
    "ChildIdentifiers": (
        ("LAchildID", "UPN", "PersonBirthDate", "Sex"),
        [(7, ("7", "", "2015-05-01", " M")), (33, ("8 & 9", "", "", ""))],
    ),
    "ChildCharacteristics": (("LAchildID", "Ethnicity"), [(10, ("7", "WBRI")), (33, ("8 & 9", ""))]),
    "Disabilities": (("LAchildID", "Disability"), [(11, ("7", "MOB")), (12, ("7", "LD"))]),
    "CINdetails": (
        (*KEYS, "CINreferralDate", "DateOfInitialCPC", "ReferralNFA"),
        [
            (13, ("7", "1", "2026-05-01", "2026-05-20", "0")),
            (30, ("7", "2", "", "", "")),
            (33, ("8 & 9", "1", "", "", "")),
        ],
    ),
    "Assessments": (
        (*KEYS, "AssessmentID", "AssessmentActualStartDate", "AssessmentFactors"),
        [
            (14, ("7", "1", "1", "2026-05-02", "")),
            (15, ("7", "1", "2", "", "1A,2B")),
            (31, ("7", "2", "1", "", "")),
        ],
    ),
    "AssessmentFactorsList": (
        (*KEYS, "AssessmentID", "AssessmentFactors"),
        [(16, ("7", "1", "2", "1A")), (17, ("7", "1", "2", "2B"))],
    ),
    "CINplanDates": ((*KEYS, "CINPlanStartDate"), [(30, ("7", "2", "soon"))]),
    "Section47": (
        (*KEYS, "DateOfInitialCPC", "ICPCnotRequired"),
        [(19, ("7", "1", "2026-06-01", "true"))],
    ),
    "ChildProtectionPlans": (
        (*KEYS, "CPPID", "CPPstartDate"),
        [(21, ("7", "1", "1", "2026-06-01")), (24, ("7", "1", "2", ""))],
    ),
    "Reviews": (
        (*KEYS, "CPPID", "CPPreviewDate"),
        [
            (22, ("7", "1", "1", "2026-08-01")),
            (25, ("7", "1", "2", "2026-09-01")),
            (26, ("7", "1", "2", "2026-10-01")),
            (27, ("7", "1", "2", "")),
        ],
    ),
    "PreProceedings": (KEYS, []),
}


@pytest.mark.parametrize("table", EXPECTED)
def test_each_element_is_a_row_of_its_table_with_its_line_and_counted_keys(table: str) -> None:
    given, aside = read(XML)
    columns, wanted = EXPECTED[table]
    assert rows(given, table, *columns) == wanted
    assert aside == []


def test_the_lines_are_the_same_without_indentation_and_with_comments_and_sections_of_text() -> None:
    text = XML.replace("<Ethnicity>WBRI", "<!-- a\nb --><Ethnicity><![CDATA[WB]]>RI").replace("<Sex> M", "<Sex>&#32;M")
    given, _ = read(text)
    assert rows(given, "ChildCharacteristics", "Ethnicity")[0] == (10, ("WBRI",))
    assert rows(given, "ChildIdentifiers", "Sex")[0] == (7, (" M",))
    assert rows(given, "Disabilities", "Disability") == [(12, ("MOB",)), (13, ("LD",))]
    flat = "".join(line.strip() for line in XML.splitlines())
    given, _ = read(flat)
    for table, (columns, wanted) in EXPECTED.items():
        assert rows(given, table, *columns) == [(1, cells) for _, cells in wanted]


def test_elements_in_other_capitals_count_and_unknown_ones_are_said() -> None:
    text = XML.replace("CINPlanDates", "CINplanDates").replace("<Sex> M</Sex>", "<SEX>M</SEX><Mood><Sex>F</Sex></Mood>")
    text = text.replace("<Children>", "<Children><Adults><Sex>U</Sex></Adults>").replace("<CINdetails/>", "<Contact/>")
    given, aside = read(text)
    assert rows(given, "CINplanDates", "CINPlanStartDate") == [(30, ("soon",))]
    assert [cells for _, cells in rows(given, "ChildIdentifiers", "LAchildID", "Sex")] == [("7", "M"), ("8 & 9", "")]
    extra = {table: source.recognised.extra for table, source in given.items() if source.recognised.extra}
    assert extra == {"Header": ("Adults",), "ChildIdentifiers": ("Mood", "Contact")}
    assert aside == []


def test_attributes_and_declared_prefixes_change_nothing() -> None:
    text = XML.replace("<Message>", '<Message xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="1">')
    given, aside = read(text.replace("<CINdetails>", '<CINdetails id="1">').replace("<Sex>", '<Sex code="x">'))
    for table, (columns, wanted) in EXPECTED.items():
        assert rows(given, table, *columns) == wanted
    assert aside == []


def test_an_element_given_twice_counts_once_and_is_said() -> None:
    given, aside = read(XML.replace("<Sex> M</Sex>", "<Sex>F</Sex><Sex>M</Sex><Sex>U</Sex>"))
    assert rows(given, "ChildIdentifiers", "Sex")[0] == (7, ("F",))
    assert aside == [(8, "ChildIdentifiers", "Sex stands 3 times in one element; the first was used")]


@pytest.mark.parametrize("at", ["<CINdetails/>\n </Child>", "</ChildIdentifiers><CINdetails/>", "8 &amp; 9"])
def test_of_a_file_cut_off_the_children_before_are_kept(at: str) -> None:
    given, ((line, table, reason),) = read(XML[: XML.index(at) + 5])
    assert [cells for _, cells in rows(given, "ChildIdentifiers", "LAchildID")] == [("7",)]
    assert len(rows(given, "CINdetails")) == 2
    assert (line, table) == (33, "")
    assert reason.startswith("is not well formed here (")
    assert reason.endswith("); children complete before it were used")


def test_a_fault_in_the_midst_keeps_the_children_before_it(tmp_path: Path) -> None:
    checked = run(tmp_path, XML.replace("<ChildCharacteristics/>", "<ChildCharacteristics/></Nonsense>"))
    assert checked.rows["ChildIdentifiers"] == 1
    assert [item.line for item in checked.set_aside] == [33]


REFUSED = {
    "a document type": ("<!DOCTYPE Message [<!ENTITY a 'b'>]>" + XML[39:], "declares a document type, which is not"),
    "an entity": (XML.replace(" M<", "&a;<"), "is not well formed here (undefined entity)"),
    "another return": ("<EXPSSDA903/>", "begins with EXPSSDA903 and not with Message; check that it is a census file"),
    "another census": (XML.replace(">CIN<", ">SC<"), "is of the collection SC and not CIN; check that it is a census"),
    "a namespace": (XML.replace("<Message>", '<Message xmlns="urn:x">'), "puts Message in a namespace, which a census"),
    "a prefix": (XML.replace("Message>", "a:Message>"), "begins with a:Message and not with Message; check that it"),
    "an encoding": (XML.replace("UTF-8", "shift_jis"), "says it is in an encoding that cannot be read; save it as"),
    "nothing else": ("<", "is not well formed here (unclosed token)"),
    "text": ("<Message>" + "x" * 100_000, "is not well formed here (no element found)"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_read_as_a_census_is_left_out_and_said(what: str) -> None:
    text, reason = REFUSED[what]
    given, ((_, _, said),) = read(text)
    assert said.startswith(reason)
    assert not any(source.sheet.records for table, source in given.items() if table != "Header")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_encodings_that_a_file_declares_are_read(tmp_path: Path, encoding: str) -> None:
    named = encoding.removesuffix("-sig").upper()
    text = XML.replace("UTF-8", named).replace("8 &amp; 9", "Zoë").replace("<Sex> M", "<Sex>X")
    checked = run(tmp_path, text.encode(encoding))
    assert [(f.line, f.child, f.values) for f in checked.findings if f.rule == "4180"] == [
        (7, "7", ("X",)),
        (33, "Zoë", ("",)),
    ]


def test_without_a_header_the_rules_about_the_period_are_not_run(tmp_path: Path) -> None:
    checked = run(tmp_path, XML.replace(HEADER, ""))
    assert checked.outcome.not_run["8600"] == "the table Header was not given"
    assert "4180" in checked.outcome.ran


def test_a_return_level_finding_names_no_row(tmp_path: Path) -> None:
    checked = run(tmp_path, XML)
    (finding,) = (f for f in checked.findings if f.rule == "2886Q")
    assert finding.cells() == (
        "2886Q", "query", "", "", "", "ExpectedPersonBirthDate;Sex", "", finding.message, "1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("<Year>2027", "<Year>2026"), ["its Year is 2026 and not 2027; check --year and"]),
        (
            ("2027-03-31", "2026-03-31"),
            ["its ReferenceDate is 2026-03-31 and not 31 March 2027; check --year and"],
        ),
        (("<LEA>301", "<LEA>302"), ["its LEA is 302 and not 301; check --la and"]),
        (("<LEA>301</LEA>", ""), []),
    ],
)
def test_a_header_of_another_year_or_authority_is_said(
    tmp_path: Path, change: tuple[str, str], said: list[str]
) -> None:
    checked = run(tmp_path, XML.replace(*change))
    assert [item.reason for item in checked.set_aside] == [f"was used, but {reason} the file" for reason in said]
    assert checked.rows["CINdetails"] == 3


def test_nothing_but_a_file_that_cannot_be_read_cannot_run(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match=r"No table of cin was found in what was given: cin\.xml begins with html"):
        run(tmp_path, "<html></html>")


@pytest.mark.parametrize(
    ("sent", "read_as"),
    [("2027-03-31", True), ("2027-03-31T00:00:00", True), ("2027-03-31Z", True), ("31/03/2027", False),
     ("2027-02-30", False), ("2027-3-31", False), (" 2027-03-31", False), ("20270331", False), ("", False)],
)  # fmt: skip
def test_dates_of_the_file_are_iso_dates(tmp_path: Path, sent: str, *, read_as: bool) -> None:
    checked = run(tmp_path, XML.replace("<CINreferralDate>2026-05-01", f"<CINreferralDate>{sent}"))
    missing = [f for f in checked.findings if f.rule == "8600" and f.line == 13]
    assert [f.values for f in missing] == ([] if read_as else [(sent,)])


def test_tables_may_come_as_csv_and_then_write_dates_either_way(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Year,ReferenceDate,LEA,Collection,SourceLevel\n2027,31/03/2027,301,CIN,L\n")
    (tmp_path / "b.csv").write_text(
        "lachildid,cindetailsid,cinreferraldate,referralnfa\n7,1,2027-04-01,0\n8,1,01/04/2027,0\n9,1,31/03/2027,0\n"
    )
    (tmp_path / "c.csv").write_text("LAchildID,CINdetailsID,AssessmentID,AssessmentFactors\n7,1,1,1A\n")
    checked = check("cin", 2027, "301", [tmp_path], previous=[])
    assert checked.rows == {"AssessmentFactorsList": 1, "CINdetails": 3, "Header": 1}
    assert [(f.line, f.child, f.values) for f in checked.findings if f.rule == "8600"] == [
        (2, "7", ("2027-04-01",)),
        (3, "8", ("01/04/2027",)),
    ]
    assert checked.outcome.not_run["8866"] == "CINdetails has no column ReferralSource"
    assert checked.set_aside == []
