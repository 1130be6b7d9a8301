"""Courses of care hold together, and both years' sets obey more rules than are shipped."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from fairhold.dates.birthdays import birthday
from fairhold.formats.ssda903 import tables
from fairhold.returns.checking import check
from fairhold.synth.build import build
from fairhold.synth.care_rules import RULES, Line, Sheets
from fairhold.synth.domain import Options

Key = Callable[[Path, str], list[dict[str, str]]]
ON = date(2026, 11, 23)
PLACE = ("PLACE", "PL_POST", "URN", "PLACE_PROVIDER")
CHANGED = {"L": (True, False), "P": (False, True), "T": (False, True), "B": (True, True)}  # legal status, placement
INSIDE = (("Reviews", "REVIEW"), ("Missing", "MIS_START"), ("Missing", "MIS_END"), ("DoLo", "DOLO_END"))


@pytest.fixture(scope="module", params=[0, 1], ids=["last year", "this year"])
def sheets(request: pytest.FixtureRequest) -> Sheets:
    """Both years' sets of a clean borough of 12,000 pupils."""
    return build(Options(12_000, 1, 0.0, 3, ON, Path("unused"))).sheets[request.param]


def lines(sheets: Sheets, table: str) -> list[Line]:
    return [line for _, line in sheets.numbered(table)]


def runs(sheets: Sheets) -> Iterator[list[Line]]:
    for rows in sheets.by_child("Episodes").values():
        yield [line for _, line in rows]


def day(line: Line, column: str) -> date:
    found = line.day(column)
    assert found is not None
    return found


def test_all_tables_have_rows(sheets: Sheets) -> None:
    assert len(sheets.tables) == (12 if sheets.end.year > 2026 else 11)
    assert [table for table, rows in sheets.tables.items() if not rows] == []


def test_episodes_follow_on(sheets: Sheets) -> None:
    for episodes in runs(sheets):
        for one, other in pairwise(episodes):
            assert one["REC"] == "X1"
            assert one["DEC"] == other["DECOM"]
            assert other["RNE"] != "S"
        assert episodes[-1]["REC"] != "X1"
        for one in episodes:
            assert bool(one["DEC"]) is bool(one["REC"])
            assert not one["DEC"] or day(one, "DECOM") < day(one, "DEC") <= sheets.end


def test_reasons_say_what_changed(sheets: Sheets) -> None:
    for episodes in runs(sheets):
        for one, other in pairwise(episodes):
            moved = any(one[column] != other[column] for column in PLACE)
            status = one["LS"] != other["LS"]
            assert (status, moved) == {"L": (True, False), "P": (False, True), "T": (False, True), "B": (True, True)}[
                other["RNE"]
            ]
            assert bool(one["REASON_PLACE_CHANGE"]) is (other["RNE"] in {"P", "B", "T"})
            assert one["CIN"] == other["CIN"]


def test_placements_fit(sheets: Sheets) -> None:
    for line in lines(sheets, "Episodes"):
        born, began = line.course.child.born, day(line, "DECOM")
        assert began >= born
        assert (line["PLACE"] == "P1") is (line["PLACE_PROVIDER"] == "PR0")
        assert not (line["PLACE"] == "P1" and line["LS"] == "V2")
        assert (line["PLACE"] == "P1") is (line["HOME_POST"] == line["PL_POST"])
        assert (line["PLACE"] == "P1") is (line["URN"] == "")
        assert line["PLACE"] != "K3" or birthday(born, 16) <= began
        assert line["PLACE"] not in {"A5", "A6"} or line["LS"] == "E1"
        assert line["RNE"] != "S" or began < birthday(born, 18)
        assert line["DEC"] or birthday(born, 18) > sheets.end


def test_ends_fit_the_age(sheets: Sheets) -> None:
    for line in lines(sheets, "Episodes"):
        if line["REC"] in {"E17", "E5", "E6"}:
            assert day(line, "DEC") == birthday(line.course.child.born, 18)
        elif line["REC"]:
            assert day(line, "DEC") < birthday(line.course.child.born, 18)
        if line["REC"] in {"E45", "E46"}:
            assert line["PLACE"][0] == "U"


def test_one_header_each_and_nobody_without(sheets: Sheets) -> None:
    known = Counter(line["CHILD"] for line in lines(sheets, "Header"))
    assert set(known.values()) == {1}
    for table, rows in sheets.tables.items():
        assert {line["CHILD"] for line in rows} <= set(known), table
        assert all(line["DOB"] == text(line.course.born) for line in rows if table != "Episodes")
    numbers = [line["UPN"] for line in lines(sheets, "Header") if line["UPN"][:2] != "UN"]
    assert len(numbers) == len(set(numbers))
    assert all(line["UPN"] for line in lines(sheets, "Header"))


def text(moment: date) -> str:
    return moment.strftime("%d/%m/%Y")


def test_no_number_only_below_school_age(sheets: Sheets) -> None:
    edge = date(sheets.start.year - 1, 8, 31)
    for line in lines(sheets, "Header"):
        assert line["UPN"] != "UN1" or birthday(line.course.born, 4) > edge


def test_mothers(sheets: Sheets) -> None:
    leavers = {line["CHILD"] for line in lines(sheets, "OC3")}
    for line in lines(sheets, "Header"):
        girl = line["SEX"] == "F" and line["CHILD"] not in leavers
        assert bool(line["MOTHER"]) is girl
        assert (line["MOTHER"] == "1") is bool(line["MC_DOB"])


def test_health_by_age(sheets: Sheets) -> None:
    health = {line["CHILD"]: line for line in lines(sheets, "OC2")}
    for line in health.values():
        born = line.course.born
        assert bool(line["CONVICTED"]) is (birthday(born, 10) <= sheets.end)
        assert bool(line["HEALTH_CHECK"]) is (birthday(born, 5) > sheets.end)
        asked = birthday(born, 4) <= sheets.end and birthday(born, 17) >= sheets.start
        assert (bool(line["SDQ_SCORE"]) != bool(line["SDQ_REASON"])) is asked
        assert bool(line["INTERVENTION_RECEIVED"]) is (line["SUBSTANCE_MISUSE"] == "1")
        assert bool(line["INTERVENTION_OFFERED"]) is (line["INTERVENTION_RECEIVED"] == "0")
    for episodes in runs(sheets):
        all_year = episodes[0]["RNE"] != "S" or day(episodes[0], "DECOM") <= sheets.start
        ended = episodes[-1]["REC"] not in {"", "X1"}
        assert (episodes[0]["CHILD"] in health) is (all_year and not ended)


def test_starters_have_a_row_of_earlier_permanence(sheets: Sheets) -> None:
    earlier = {line["CHILD"] for line in lines(sheets, "PrevPerm")}
    began = {e["CHILD"] for e in lines(sheets, "Episodes") if e["RNE"] == "S" and day(e, "DECOM") >= sheets.start}
    assert earlier == began


def test_reviews_and_absences_lie_in_care(sheets: Sheets) -> None:
    courses = defaultdict(list)
    for line in lines(sheets, "Episodes"):
        courses[line["CHILD"]].append((day(line, "DECOM"), line.day("DEC") or date.max))
    for table, column in (
        ("Reviews", "REVIEW"),
        ("Missing", "MIS_START"),
        ("Missing", "MIS_END"),
        ("DoLo", "DOLO_END"),
    ):
        for line in lines(sheets, table):
            assert any(first <= day(line, column) <= last for first, last in courses[line["CHILD"]]), table
    for line in lines(sheets, "Reviews"):
        young = day(line, "REVIEW") < birthday(line.course.born, 4)
        assert (line["REVIEW_CODE"] == "PN0") is young


def test_adoption_dates_come_in_order(sheets: Sheets) -> None:
    adopted = {line["CHILD"]: line for line in lines(sheets, "AD1")}
    assert adopted
    decided = {line["CHILD"]: line for line in lines(sheets, "PlacedAdoption")}
    for episodes in runs(sheets):
        child = episodes[0]["CHILD"]
        if any(e["LS"] == "E1" for e in episodes):
            assert child in decided
        if episodes[-1]["REC"] in {"E11", "E12"}:
            decision, match = day(adopted[child], "DATE_INT"), day(adopted[child], "DATE_MATCH")
            assert decision == day(decided[child], "DATE_PLACED")
            assert decision <= match <= day(episodes[-1], "DECOM") < day(episodes[-1], "DEC")
        else:
            assert child not in adopted


def test_only_columns_and_codes_of_the_return(sheets: Sheets) -> None:
    seen = 0
    for table, rows in sheets.tables.items():
        columns = {column.name: column for column in tables()[table].columns}
        for line in rows:
            for name, value in line.row.items():
                if value and columns[name].codes:
                    assert value in columns[name].codes, (table, name)
                    seen += 1
            blank = [name for name, column in columns.items() if column.blank == "no" and not line[name]]
            assert blank == [], table
    assert seen > 500


def test_social_workers_leave_no_gap(sheets: Sheets) -> None:
    for rows in sheets.by_child("SWEpisodes").values():
        ordered = sorted((line for _, line in rows), key=lambda line: day(line, "SW_DECOM"))
        for one, other in pairwise(ordered):
            assert timedelta(0) < day(other, "SW_DECOM") - day(one, "SW_DEC") <= timedelta(7)
        assert not ordered[-1]["SW_DEC"]


def test_open_episodes_come_again() -> None:
    last, this = build(Options(6000, 1, 0.0, 4, ON, Path("unused"))).sheets
    now = {rows[0][1]["CHILD"]: rows[0][1] for rows in this.by_child("Episodes").values()}
    carried = 0
    for rows in last.by_child("Episodes").values():
        line = rows[-1][1]
        if not line["DEC"]:
            first = now[line["CHILD"]]
            same = ("DECOM", "RNE", "LS", "CIN", *PLACE, "HOME_POST")
            assert [first[column] for column in same] == [line[column] for column in same]
            carried += 1
    assert carried > 20


@pytest.mark.parametrize("year", [2026, 2027])
def test_the_check_finds_what_the_key_expects(faulty: Path, key: Key, year: int) -> None:
    """Two statements of the rules the key knows, one in SQL and one in Python, agree row by row."""
    sets = faulty / "in" / "social-care"
    checked = check("ssda903", year, "E09000031", [sets / str(year)], previous=[sets / "2026"] if year > 2026 else [])
    found = sorted((f.rule, f.table, f.line, f.child) for f in checked.findings if f.rule in RULES)
    wanted = [f for f in key(faulty, "expected_findings") if f["year"] == str(year)]
    assert found == sorted((f["rule"], f["table"], int(f["line"]), f["child_key"]) for f in wanted)
    planted = [f for f in key(faulty, "faults") if f["kind"] == "rule_fault_903"]
    if year == 2027:
        assert len(planted) >= 5
        named = {f["detail"].removeprefix("rule ") for f in planted}
        assert named <= {f["rule"] for f in wanted} <= set(RULES)
        hit = {(f["rule"], f["child"]) for f in wanted}
        assert {(f["detail"].removeprefix("rule "), f["child"]) for f in planted} <= hit


def test_a_year_set_reads_as_csv(faulty: Path) -> None:
    with (faulty / "in" / "social-care" / "2027" / "header.csv").open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    assert header == ["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"]
