"""Who is in which table, drawn small: what the year touches, what came later, who is asked where a source is silent."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from datetime import date

import pytest

from fairhold import access, identity
from fairhold.engine import database
from fairhold.formats.cin import FORMAT
from fairhold.formats.ssda903 import FILES, specification
from fairhold.formats.ssda903.writer import write
from fairhold.formats.xmlwrite import Value, write_xml
from fairhold.returns.building.domain import BuildError
from tests.building.conftest import OFFICER, at, built, rows
from tests.building.drawn import census, child, episode, header, need, table
from tests.intake.made import ctf, pupil, upn

Send = Callable[..., object]
Row = Mapping[str, Value]


def years(send: Send, *files: bytes, day: str = "2027-05-10", year: str = "2027") -> None:
    with at(day):
        send(*files, year=year)


def test_episodes_that_touch_the_year_are_in_cut_to_its_last_day(send: Send) -> None:
    years(
        send,
        table("Header", *(header(str(n)) for n in range(1, 7))),
        table(
            "Episodes",
            episode("1", DECOM="01/05/2025", DEC="31/03/2026", REC="E4A"),
            episode("2", DECOM="01/05/2025", DEC="01/04/2026", REC="E4A"),
            episode("3", DECOM="01/05/2026"),
            episode("4", DECOM="31/03/2027", DEC="09/04/2027", REC="X1", REASON_PLACE_CHANGE="CARPL"),
            episode("4", DECOM="09/04/2027", RNE="P"),
            episode("5", DECOM="01/04/2027"),
        ),
        table("OC3", {"CHILD": "6", "DOB": "01/02/2012", "IN_TOUCH": "YES", "ACTIV": "F2", "ACCOM": "U1"}),
    )
    with at("2027-05-11"):
        made = built("ssda903", 2027)
    assert rows(made, "Episodes", "CHILD", "DECOM", "DEC", "REC", "REASON_PLACE_CHANGE") == [
        ("2", "01/05/2025", "01/04/2026", "E4A", ""),
        ("3", "01/05/2026", "", "", ""),
        ("4", "31/03/2027", "", "", ""),
    ]
    assert rows(made, "Header", "CHILD", "MOTHER") == [("2", "0"), ("3", "0"), ("4", "0"), ("6", "")]


BORN = {"DOB": "01/02/2012"}


def of(child: str, **said: str) -> dict[str, str]:
    return {"CHILD": child, **BORN, **said}


def test_what_is_told_of_children_in_care_is_told_of_the_year(send: Send) -> None:
    adopted = {"DATE_MATCH": "01/06/2026", "FOSTER_CARE": "0", "NB_ADOPTR": "2", "SEX_ADOPTR": "MF", "LS_ADOPTR": "L11"}
    reviews = ("30/03/2026", "06/06/2026", "01/04/2027")
    away = (("01/03/2026", "02/03/2026"), ("30/03/2026", "05/04/2026"), ("31/03/2027", "02/04/2027"))
    years(
        send,
        table("Header", *(header(child) for child in ("1", "2", "3"))),
        table(
            "Episodes",
            episode("1", DEC="01/02/2027", REC="E11"),
            episode("2", DEC="01/02/2026", REC="E11"),
            episode("3", DECOM="05/05/2026"),
        ),
        table("AD1", *(of(child, DATE_INT="01/01/2026", **adopted) for child in ("1", "2", "3"))),
        table("Reviews", *(of("3", REVIEW=day, REVIEW_CODE="PN1") for day in reviews)),
        table("PrevPerm", *(of(child, PREV_PERM="Z1") for child in ("1", "3"))),
        table("Missing", *(of("3", MISSING="M", MIS_START=start, MIS_END=end) for start, end in away)),
        table("UASC", of("1", SEX="F", DUC="31/03/2026"), of("3", SEX="F", DUC="01/02/2030")),
        table("OC2", of("1", CONVICTED="1"), of("3", IMMUNISATIONS="1")),
        table("DoLo", of("3", DOLO_START="01/07/2026", DOLO_END="01/08/2026")),
    )
    with at("2027-05-11"):
        made = built("ssda903", 2027)
    assert rows(made, "AD1", "CHILD", "DATE_INT") == [("1", "01/01/2026")]
    assert rows(made, "Reviews", "CHILD", "REVIEW") == [("3", "06/06/2026")]
    assert rows(made, "PrevPerm", "CHILD") == [("3",)]
    assert rows(made, "Missing", "MIS_START", "MIS_END") == [("30/03/2026", "05/04/2026"), ("31/03/2027", "")]
    assert rows(made, "UASC", "CHILD", "DUC") == [("3", "01/02/2030")]
    assert rows(made, "OC2", "CHILD", "CONVICTED", "IMMUNISATIONS") == [("1", "1", ""), ("3", "", "1")]
    assert rows(made, "DoLo", "CHILD", "DOB", "DOLO_START") == [("3", "01/02/2012", "01/07/2026")]


def test_a_correction_made_after_the_year_has_ended_is_in_and_a_value_that_is_no_date_comes_back_as_it_was(
    send: Send,
) -> None:
    years(send, table("Header", header("1", ETHNIC="NOBT", SEX="M")), table("Episodes", episode("1", DEC="31/02/2027")))
    years(send, table("Header", header("1", ETHNIC="WBRI", SEX="M")), day="2027-05-20")
    with at("2027-05-21"):
        made = built("ssda903", 2027)
        before = built("ssda903", 2027, on=date(2027, 5, 15))
    assert rows(made, "Header", "ETHNIC") == [("WBRI",)]
    assert rows(made, "Episodes", "DEC") == [("31/02/2027",)]
    assert rows(before, "Header", "ETHNIC") == [("NOBT",)]


def test_what_this_year_s_return_corrects_of_last_year_s_is_not_told_twice(send: Send) -> None:
    """An episode left open last year began for another reason or on another day. Of a child whom this year's return
    does not name, nothing is forgotten, and what ended last year stays."""
    years(
        send,
        table("Header", *(header(child) for child in ("1", "2", "3"))),
        table(
            "Episodes",
            episode("1", DECOM="01/01/2025", DEC="01/05/2025", REC="X1"),
            episode("1", DECOM="01/05/2025", RNE="L"),
            episode("2", DECOM="01/06/2025"),
            episode("3", DECOM="01/07/2025"),
        ),
        day="2026-05-01",
        year="2026",
    )
    years(
        send,
        table("Header", header("1"), header("2")),
        table("Episodes", episode("1", DECOM="01/05/2025", RNE="P"), episode("2", DECOM="02/06/2025")),
    )
    with at("2027-05-11"):
        made = built("ssda903", 2027)
        before, then = built("ssda903", 2026), built("ssda903", 2026, on=date(2026, 5, 2))
    now = [("1", "01/05/2025", "P"), ("2", "02/06/2025", "S"), ("3", "01/07/2025", "S")]
    assert rows(made, "Episodes", "CHILD", "DECOM", "RNE") == now
    assert rows(before, "Episodes", "CHILD", "DECOM", "RNE") == [("1", "01/01/2025", "S"), *now]
    assert rows(then, "Episodes", "CHILD", "DECOM", "RNE") == [
        ("1", "01/01/2025", "S"),
        ("1", "01/05/2025", "L"),
        ("2", "01/06/2025", "S"),
        ("3", "01/07/2025", "S"),
    ]


def test_a_blank_is_filled_from_a_linked_record_while_the_link_stands(send: Send) -> None:
    number = upn(1)
    with at("2026-11-02"):
        send(ctf([pupil(1, BasicDetails__Ethnicity="WIRI")], at="2026-11-01T08:00:00"))
        send(
            table("Header", header("77", UPN=number, DOB="01/03/2014", ETHNIC="")),
            table("Episodes", episode("77")),
            year="2027",
        )
        with access.scope(OFFICER, "record-matching") as scope:
            assert identity.link_all(scope).links
            (link,) = [row["id"] for row in scope.rows("select id from people.link")]
    with at("2026-11-03"):
        linked = built("ssda903", 2027)
    with at("2026-11-04"), access.scope(OFFICER, "record-matching") as scope:
        identity.undo(scope, link=link, reason="Two children after all.")
    with at("2026-11-05"):
        apart = built("ssda903", 2027)
        then = built("ssda903", 2027, on=date(2026, 11, 3))
    assert (rows(linked, "Header", "ETHNIC", "UPN"), linked.links) == ([("WIRI", number)], [link])
    assert (rows(apart, "Header", "ETHNIC", "UPN"), apart.links) == ([("", number)], [])
    assert then.files == linked.files


def assessed(started: str, authorised: str, *factors: str) -> Row:
    found = [{"AssessmentFactors": list(factors)}]
    dates = {"AssessmentActualStartDate": started, "AssessmentAuthorisationDate": authorised}
    return {**dates, "FactorsIdentifiedAtAssessment": found}


def enquiry(started: str, conference: str = "") -> Row:
    no = "0" if conference else "1"
    return {"S47ActualStartDate": started, "DateOfInitialCPC": conference, "ICPCnotRequired": no}


def protection(started: str, ended: str, *reviews: str) -> Row:
    kind = {"InitialCategoryOfAbuse": "NEG", "LatestCategoryOfAbuse": "NEG", "NumberOfPreviousCPP": "0"}
    return {"CPPstartDate": started, "CPPendDate": ended, **kind, "Reviews": [{"CPPreviewDate": list(reviews)}]}


def test_the_census_holds_the_need_of_the_year_and_what_belongs_to_it(send: Send) -> None:
    inside = {
        "Assessments": [assessed("2026-05-02", "2026-06-01", "3B", "1A"), assessed("2027-03-01", "2027-04-01", "21")],
        "Section47": [enquiry("2026-05-05", "2026-05-20"), enquiry("2027-04-02")],
        "ChildProtectionPlans": [protection("2026-05-20", "2027-04-15", "2026-08-01", "2027-04-10")],
    }
    with at("2027-05-10"):
        send(
            census(
                child("1", need("2025-01-01", "2026-03-31")),
                child("2", need("2025-01-01", "2026-04-01")),
                child("3", need("2026-05-01", "2027-04-20", **inside), need("2027-04-25")),
                child("4", need("2027-04-01")),
            )
        )
    with at("2027-05-11"):
        made = built("cin", 2027)
    assert rows(made, "ChildIdentifiers", "LAchildID") == [("2",), ("3",)]
    assert rows(made, "CINdetails", "CINreferralDate", "CINclosureDate", "ReasonForClosure") == [
        ("2025-01-01", "2026-04-01", "RC3"),
        ("2026-05-01", "", ""),
    ]
    assert rows(made, "Assessments", "AssessmentActualStartDate", "AssessmentAuthorisationDate") == [
        ("2026-05-02", "2026-06-01"),
        ("2027-03-01", ""),
    ]
    assert rows(made, "AssessmentFactorsList", "AssessmentFactors") == [("1A",), ("3B",)]
    assert rows(made, "Section47", "S47ActualStartDate", "DateOfInitialCPC") == [("2026-05-05", "2026-05-20")]
    assert rows(made, "ChildProtectionPlans", "CPPstartDate", "CPPendDate") == [("2026-05-20", "")]
    assert rows(made, "Reviews", "CPPreviewDate") == [("2026-08-01",)]


def test_one_case_system_tells_a_number_or_why_there_is_none_to_both_returns(send: Send) -> None:
    with at("2026-11-02"):
        send(
            census(
                child("1", need("2026-05-01"), UPNunknown="UN3"),
                child("2", need("2026-05-01"), UPN=upn(2)),
                child("3", need("2026-05-01"), ExpectedPersonBirthDate="2026-12-01"),
            )
        )
        send(
            table("Header", header("1", UPN=""), header("2", UPN=""), header("3", UPN="UN4")),
            table("Episodes", episode("1"), episode("2"), episode("3")),
            year="2027",
        )
    with at("2026-11-03"):
        assert rows(built("ssda903", 2027), "Header", "CHILD", "UPN") == [("1", "UN3"), ("2", upn(2)), ("3", "UN4")]
        census_again = rows(
            built("cin", 2027), "ChildIdentifiers", "LAchildID", "UPN", "UPNunknown", "ExpectedPersonBirthDate"
        )
    assert census_again == [("1", "", "UN3", ""), ("2", upn(2), "", ""), ("3", "", "UN4", "")]


def test_every_child_of_the_return_is_in_it_restricted_and_protected_ones_too(send: Send) -> None:
    years(send, table("Header", header("1"), header("2")), table("Episodes", episode("1"), episode("2")))
    with database.connect("owner") as owner:
        owner.execute("set role p_data_intake")
        owner.execute("select system.raise_guard(array[1, 2], array[1, 2]::smallint[])")
    with at("2027-05-11"):
        made = built("ssda903", 2027)
    assert rows(made, "Episodes", "CHILD", "HOME_POST") == [("1", "AA1 1AA"), ("2", "AA1 1AA")]


@pytest.mark.proves("N130")
def test_the_files_hold_exactly_the_items_of_the_year_s_specification_and_one_more_fails(send: Send) -> None:
    inside = {
        "Assessments": [assessed("2026-05-02", "2026-06-01", "3B")],
        "Section47": [enquiry("2026-05-05", "2026-05-20")],
        "ChildProtectionPlans": [protection("2026-05-20", "", "2026-08-01")],
    }
    years(send, table("Header", header("1")), table("Episodes", episode("1")))
    years(send, census(child("1", need("2026-05-01", "2026-06-01", **inside))))
    with at("2027-05-11"):
        for year, without in ((2023, {"SWEpisodes", "DoLo"}), (2026, {"DoLo"}), (2027, set())):
            made = built("ssda903", year, on=date(2027, 5, 11)).files
            heads = {name: data.split(b"\n")[0].decode() for name, data in made.items() if name.endswith(".csv")}
            assert heads == {FILES[name]: ",".join(columns) for name, columns in specification(year).items()}
            assert set(FILES) - set(specification(year)) == without
        xml = built("cin", 2027).files["cin-2027.xml"].decode()
        early = built("cin", 2024, on=date(2027, 5, 11)).tables["ChildIdentifiers"]
    written = set(re.findall(r"<(\w+)", xml))
    asked = {element.name for element in FORMAT.of_year(2027)}
    assert written < asked
    assert {"Sex", "AssessmentFactors", "CPPreviewDate", "ICPCnotRequired"} <= written
    assert ("Sex" in early.columns, "GenderCurrent" in early.columns) == (False, True)
    with pytest.raises(KeyError):
        write(io.BytesIO(), "OC3", [{"CHILD": "1", "NICKNAME": "not asked"}])
    with pytest.raises(KeyError):
        write_xml(io.BytesIO(), FORMAT, {}, [("Child", {"ChildIdentifiers": [{"Nickname": "not asked"}]})])


def test_a_year_that_has_not_begun_and_a_day_to_come_are_refused(send: Send) -> None:
    with at("2026-11-03"):
        with pytest.raises(BuildError, match="has not begun"):
            built("ssda903", 2028)
        with pytest.raises(BuildError, match="still to come"):
            built("ssda903", 2027, on=date(2026, 11, 4))
