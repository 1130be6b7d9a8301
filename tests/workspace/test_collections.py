"""The register of collections, and how ready the council is for each."""

from __future__ import annotations

import re
from datetime import date

import pytest

from fairhold import access, governance
from fairhold.returns.workspace import collections
from fairhold.returns.workspace.collections import NOT_FOUND, of_year, register
from tests.workspace.conftest import Council, header


@pytest.mark.proves("N056")
def test_every_collection_has_a_statute_a_window_and_an_owner_or_says_that_it_is_not_found() -> None:
    bases = {basis.id for basis in governance.lawful_bases()}
    roles = {role.slug for role in access.ROLES}
    for row, one in zip(governance.rows("collections"), register(), strict=True):
        assert row["basis"] in bases or row["basis"] == NOT_FOUND, one.id
        said = (one.statute, one.law_note, one.opens, one.deadline, one.reference_date, one.cadence)
        assert all((*said, one.status, one.source)), one.id
        assert one.owner in roles, one.id
        assert one.reviewed <= date(2026, 11, 26)
        assert (one.statute == NOT_FOUND) == ("statute" in one.missing)
    assert len({one.id for one in register()}) == len(register()) > 35


@pytest.mark.proves("N056")
def test_the_returns_that_are_made_here_have_their_law_and_their_year() -> None:
    for name, statute in (("ssda903", "s83(3)"), ("cin", "ss17, 47")):
        [one] = [one for one in of_year(2027) if one.name == name]
        assert statute in one.statute
        assert one.owner == "analyst"
        assert one.status != "verified", "no source gives the dates of 2027; they stay marked"


def test_the_law_that_is_not_in_force_says_so() -> None:
    [one] = [one for one in register() if one.id == "not-in-school-register"]
    assert "NOT in force" in one.law_note


def test_a_year_has_its_own_collections_and_those_that_go_on_by_their_last_day() -> None:
    found = of_year(2027)
    assert {one.year for one in found} == {2027, None}
    days = [one.due for one in found if one.due]
    assert days == sorted(days)
    [census] = [one for one in found if one.id == "school-census-autumn-2026"]
    assert (census.due, census.window) == (date(2026, 10, 28), "opens: not found; deadline: 2026-10-28")
    [cin] = [one for one in found if one.id == "cin-2027"]
    assert cin.due == date(2027, 7, 30), "loading ends before submitting: the last day counts"
    assert not [one for one in found if re.fullmatch(r"\d{4}-\d{2}", one.deadline) and one.due]


def test_how_ready_a_collection_is(council: Council) -> None:
    def told() -> str:
        with council.analyst() as scope:
            [one] = [one for one in collections.collections(scope, year=2027) if one.collection.name == "ssda903"]
        return one.sentence

    council.knows(["1"])
    assert told() == "Nothing was delivered yet."
    council.deliver("Header", [header("1", ETHNIC="XXXX")])
    assert told() == "Delivered, not checked yet."
    council.check()
    assert re.fullmatch(r"\d+ faults to put right or explain\.", told())
    council.deliver("Header", [header("1")])
    assert told() == "A file came after the last check: check it again."
    with council.analyst() as scope:
        [sen2] = [one for one in collections.collections(scope, year=2027) if one.collection.name == "sen2"]
    assert (sen2.known, sen2.sentence) == (False, "Fairhold has no rules for it yet.")
