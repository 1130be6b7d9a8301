"""The rules as a truth table: a pupil of two schools, or of one and in care, and what becomes of the pair."""

from __future__ import annotations

import pytest
from tests.identity.conftest import looked_after
from tests.intake.made import OTHER, pupil, table, upn

SAME = {"UPN": upn(1)}
ELSE = {"UPN": upn(1, OTHER)}
NO_NUMBER = {"UPN": None}
TEMPORARY = "W32020012400A"

PAIRS = [
    # what the other school says differently of pupil 1         joined by, or asked because
    ("everything the same", {}, "number-and-details", None),
    ("surname changed", {"Surname": "Married"}, "number-and-details", None),
    ("forename misspelt", {"Forename": "Fornmae A"}, "number-and-details", None),
    ("birth date mistyped", {"DOB": "2013-03-01"}, "number-and-details", None),
    ("sex wrong", {"Sex": "M"}, "number-and-details", None),
    ("capitals, accents, hyphens", {"Surname": "SURNAME-A", "Forename": "Fórename A"}, "number-and-details", None),
    ("two of four differ", {"Surname": "Other", "Forename": "Else"}, None, "details-disagree"),
    ("three of four differ", {"Surname": "Other", "Forename": "Else", "DOB": "2011-01-09"}, None,
     "one-number-two-children"),
    ("nothing but the number", {"Surname": "Other", "Forename": "Else", "DOB": "2011-01-09", "Sex": "M"}, None,
     "one-number-two-children"),
    ("number given as former", {**ELSE, "BasicDetails/FormerUPN": upn(1)}, "number-and-details", None),
    ("another number, all else the same", ELSE, None, "two-numbers-one-child"),
    ("no number, all else the same", NO_NUMBER, "details-and-postcode", None),
    ("no number, another postcode", {**NO_NUMBER, "Address/PostCode": "E4 9ZZ"}, None, None),
    ("no number, no postcode", {**NO_NUMBER, "Address/PostCode": None}, None, None),
    ("no number, forename misspelt", {**NO_NUMBER, "Forename": "Forname"}, None, None),
    ("temporary number, all else the same", {"UPN": TEMPORARY}, "details-and-postcode", None),
    ("temporary number, another postcode", {"UPN": TEMPORARY, "Address/PostCode": "E4 9ZZ"}, None, None),
    ("another child", {**ELSE, "Surname": "Other", "Forename": "Else", "DOB": "2011-01-09"}, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("case", "over", "step", "doubt"), PAIRS, ids=[case[0] for case in PAIRS])
def test_a_pupil_of_two_schools(match, persons, case, over, step, doubt):
    values = {path: value for path, value in (pupil(1) | over).items() if value is not None}
    found = match(here=[pupil(1)], there=[values])
    assert found.links == ({step: 1} if step else {})
    assert found.doubts == ({doubt: 1} if doubt else {})
    assert persons() == ([[1, 2]] if step else [])


CARE = [
    ("number, birth date and sex", {"UPN": upn(1)}, "number-birth-sex", None),
    ("number in small letters", {"UPN": upn(1).lower()}, "number-birth-sex", None),
    ("another birth date", {"UPN": upn(1), "DOB": "02/03/2014"}, None, "details-disagree"),
    ("no birth date", {"UPN": upn(1), "DOB": ""}, None, "details-disagree"),
    ("another sex", {"UPN": upn(1), "SEX": "M"}, None, "details-disagree"),
    ("no number", {}, None, None),
    ("a reason instead of a number", {"UPN": "UN1"}, None, None),
    ("wrong check letter", {"UPN": "A" + upn(1)[1:]}, None, None),
]


@pytest.mark.parametrize(("case", "over", "step", "doubt"), CARE, ids=[case[0] for case in CARE])
def test_a_pupil_and_a_child_in_care(match, persons, case, over, step, doubt):
    found = match(here=[pupil(1)], care=[looked_after(**over)])
    assert found.links == ({step: 1} if step else {})
    assert found.doubts == ({doubt: 1} if doubt else {})
    assert persons() == ([[1, 2]] if step else [])


def test_nothing_is_joined_on_empty_fields(match, persons):
    nothing = {"UPN": None, "Address/PostCode": None, "Sex": None}
    someone = {path: value for path, value in (pupil(1) | nothing).items() if value is not None}
    found = match(here=[someone], there=[someone], care=[looked_after(SEX="", DOB="")])
    assert (found.links, found.doubts, persons()) == ({}, {}, [])


def test_twins_are_never_joined_by_rule(match, persons):
    twin = pupil(2, DOB=pupil(1)["DOB"], Surname=pupil(1)["Surname"])
    found = match(here=[pupil(1), twin], there=[pupil(1)], care=[looked_after(UPN=upn(2))])
    assert found.links == {}
    assert found.doubts == {"twin": 2}  # each with its own other record, for a person to look at
    assert persons() == []


def test_a_twin_is_seen_at_another_school_too(match):
    twin = pupil(2, DOB=pupil(1)["DOB"], Surname=pupil(1)["Surname"])
    assert match(here=[pupil(1)], there=[twin | {"UPN": upn(2)}], care=[looked_after(UPN=upn(1))]).doubts == {"twin": 1}


@pytest.mark.parametrize("reason", ["E11", "E12"])
def test_an_adopted_child_is_not_even_a_candidate(match, persons, reason):
    episode = {"CHILD": "100", "DECOM": "01/05/2025", "RNE": "S", "LS": "E1", "DEC": "01/02/2026", "REC": reason}
    found = match(
        here=[pupil(1)],
        there=[pupil(1)],
        care=[looked_after(UPN=upn(1))],
        other=[table("Episodes", [episode])],
    )
    assert (found.links, found.doubts, persons()) == ({}, {}, [])


def test_a_child_in_the_adoption_table_is_not_even_a_candidate(match):
    adopted = {"CHILD": "100", "DOB": "01/03/2014", "DATE_INT": "01/05/2025", "DATE_MATCH": "01/06/2025"}
    found = match(here=[pupil(1)], care=[looked_after(UPN=upn(1))], other=[table("AD1", [adopted])])
    assert (found.links, found.doubts) == ({}, {})


def test_the_same_source_never_lists_one_child_twice(match, persons):
    """Two children of one school would become one through a third record: neither link is made."""
    born_alike = pupil(2, DOB=pupil(1)["DOB"], Surname="Other")
    found = match(
        here=[pupil(1), born_alike],
        there=[pupil(1, BasicDetails__FormerUPN=upn(2))],
        care=[looked_after(UPN=upn(2))],
    )
    assert "number-and-details" not in found.links
    assert "two-of-one-source" in found.doubts
    assert [1, 2] not in [group[:2] for group in persons()]


def test_the_same_five_details_twice_in_one_source_are_not_unique(match):
    double = pupil(1) | {"UPN": upn(3)}
    numberless = {path: value for path, value in pupil(1).items() if path != "UPN"}
    found = match(here=[numberless, double], there=[numberless])
    assert found.links == {}
    assert set(found.doubts) == {"not-unique"}


def test_only_what_came_since_the_last_run_is_compared(match):
    assert match(here=[pupil(1)], there=[pupil(1)]).links == {"number-and-details": 1}
    assert match().links == {}
    assert match(here=[pupil(2), pupil(1)], there=[pupil(2)]).links == {"number-and-details": 1}
