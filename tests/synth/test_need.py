"""Children in need: episodes hold together, and a clean borough of full size looks like the published one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from fairhold.synth.build import Borough, build
from fairhold.synth.domain import Options
from fairhold.synth.need import Case, Spell
from fairhold.synth.need_census import write_census
from fairhold.synth.need_rules import findings
from fairhold.synth.write import write_borough

ON = date(2026, 11, 23)
RARE = ("ad1", "dolo", "uasc", "placed_for_adoption")
# the year to 31 March 2025 [CSC, LAIT]: children at any time, open at the end, referrals, enquiries, conferences, plans
PUBLISHED = {"children": 5015, "open": 2001, "referrals": 3730, "enquiries": 1226, "conferences": 317, "plans": 243}


@pytest.fixture(scope="module")
def borough() -> Borough:
    """A clean borough; a fifth of the full size keeps the test quick."""
    return build(Options(9_000, 1, 0.0, 3, ON, Path("unused")))


def spells(borough: Borough) -> Iterator[tuple[Case, Spell]]:
    return ((case, spell) for case in borough.cases for spell in case.spells)


def test_the_year_looks_like_the_published_one(borough: Borough) -> None:
    census = borough.censuses[0]
    rows: list[Any] = [spell for entry in census.entries for spell in entry.spells]
    inside = [one for row in rows for one in row["Section47"]]
    plans = [one for row in rows for one in row["ChildProtectionPlans"]]
    found = {
        "children": len(census.entries),
        "open": sum(not row["CINclosureDate"] for row in rows),
        "referrals": sum(str(row["CINreferralDate"]) >= census.start.isoformat() for row in rows),
        "enquiries": sum(one["S47ActualStartDate"] >= census.start.isoformat() for one in inside),
        "conferences": sum(bool(one["DateOfInitialCPC"]) for one in inside),
        "plans": sum(not one["CPPendDate"] for one in plans),
    }
    assert {what: count * 5 for what, count in found.items()} == pytest.approx(PUBLISHED, rel=0.3)


def test_episodes_of_one_child_follow_each_other(borough: Borough) -> None:
    for case in borough.cases:
        for one, other in pairwise(case.spells):
            assert one.closed is not None
            assert one.closed < other.referred


def test_work_lies_inside_its_episode(borough: Borough) -> None:
    for case, spell in spells(borough):
        last = spell.closed or date.max
        days = [a.started for a in spell.assessments] + [a.authorised for a in spell.assessments if a.authorised]
        days += [e.started for e in spell.enquiries] + [e.conference for e in spell.enquiries if e.conference]
        days += [p.started for p in spell.protections] + [first for first, _ in spell.plans]
        assert all(spell.referred <= day <= last for day in days), case.key
        assert not (spell.no_action and (spell.enquiries or spell.plans or spell.protections or spell.assessments))
        for plan in spell.protections:
            assert plan.started in {e.conference for e in spell.enquiries}
            assert plan.ended is None or plan.started < plan.ended <= last
            assert all(plan.started < day <= (plan.ended or ON) for day in plan.reviews)


def test_every_child_in_care_is_a_child_in_need_under_the_same_number(borough: Borough) -> None:
    numbers = {case.key: case.child for case in borough.cases}
    assert all(numbers[course.key] is course.child for course in borough.courses)
    assert len({case.key for case in borough.cases}) == len(borough.cases)


def test_a_clean_census_breaks_no_rule_looked_at(borough: Borough) -> None:
    for census in borough.censuses:
        assert [list(findings(entry)) for entry in census.entries if list(findings(entry))] == []


def test_the_unborn_have_a_day_they_are_expected_and_no_sex(borough: Borough, tmp_path: Path) -> None:
    unborn = [e for e in borough.censuses[1].entries if e.who.get("ExpectedPersonBirthDate")]
    assert unborn
    assert all(e.who["Sex"] == "U" and "PersonBirthDate" not in e.who for e in unborn)
    assert len(write_census(borough.censuses[1], tmp_path)) == len(borough.censuses[1].entries)


def test_sets_for_measuring_have_as_many_children_as_asked_for(tmp_path: Path) -> None:
    written = write_borough(Options(1_000, 0, 1.0, 3, ON, tmp_path, children=300))
    header = (tmp_path / "in/social-care/2027/header.csv").read_text("utf-8").splitlines()
    assert len({line.split(",")[0] for line in header[1:]}) == 300
    assert (tmp_path / "in/children-in-need/2027/cin.xml").read_bytes().count(b"<Child>") == 300
    assert all(len((tmp_path / f"in/social-care/2027/{name}.csv").read_text().splitlines()) > 1 for name in RARE)
    assert written.files == len(list((tmp_path / "in").rglob("*.*")))
    assert not (tmp_path / "in/schools").exists()
