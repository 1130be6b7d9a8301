"""The children in need census as a source: drawn children, what is held of them, and what a later census changes."""

from __future__ import annotations

import pytest
from tests.intake.made import cin, need, table, upn
from tests.intake.test_deliveries import EPISODE, HEADER

from fairhold.intake import Outcome

SPELL = {
    "CINreferralDate": "2025-05-01",
    "ReferralSource": "1A",
    "PrimaryNeedCode": "N1",
    "ReferralNFA": "0",
    "DateOfInitialCPC": "2025-06-01",
    "Assessments": [
        {
            "AssessmentActualStartDate": "2025-05-02",
            "AssessmentInternalReviewDate": "2025-05-20",
            "AssessmentAuthorisationDate": "2025-06-10",
            "FactorsIdentifiedAtAssessment": [{"AssessmentFactors": ["1B", "3A"]}],
        }
    ],
    "CINPlanDates": [{"CINPlanStartDate": "2025-06-11", "CINPlanEndDate": "2025-07-01"}],
    "Section47": [
        {
            "S47ActualStartDate": "2025-06-15",
            "InitialCPCtarget": "2025-07-04",
            "DateOfInitialCPC": "2025-07-01",
            "ICPCnotRequired": "false",
        }
    ],
    "ChildProtectionPlans": [
        {
            "CPPstartDate": "2025-07-01",
            "InitialCategoryOfAbuse": "NEG",
            "LatestCategoryOfAbuse": "EMO",
            "NumberOfPreviousCPP": "1",
            "Reviews": [{"CPPreviewDate": ["2025-09-20", "2026-03-01"]}],
        }
    ],
}
NOW = "known_until = 'infinity'"


def test_a_child_and_all_that_hangs_on_it(send, ask):
    who = {"UPN": upn(1), "FormerUPN": upn(2), "PersonDeathDate": "2026-02-01"}
    (done,) = send(cin([need("100", SPELL, **who, Disabilities=[{"Disability": ["MOB", "AUT"]}])]))
    assert (done.outcome, done.kind, done.rows, done.new_subjects, done.set_aside) == (Outcome.STORED, "cin", 1, 1, 0)
    assert ask("select key from system.subject") == [("100",)]
    assert ask("select date_of_birth::text, sex from people.birth") == [("2012-03-02", "F")]
    assert ask("select kind, value from people.identifier order by 1") == [("former_upn", upn(2)), ("upn", upn(1))]
    assert ask("select death_date::text from people.death") == [("2026-02-01",)]
    assert ask("select code from social_care.disability order by 1") == [("AUT",), ("MOB",)]
    assert ask(
        "select referral_date::text, referral_number, source, primary_need, no_further_action, closure_date,"
        " conference_date::text, from_date::text, until_date::text from social_care.need_episode"
    ) == [("2025-05-01", 1, "1A", "N1", False, None, "2025-06-01", "2025-05-01", "infinity")]
    assert ask(
        "select start_date::text, number, referral_date::text, referral_number, internal_review_date::text,"
        " authorised_date::text from social_care.assessment"
    ) == [("2025-05-02", 1, "2025-05-01", 1, "2025-05-20", "2025-06-10")]
    factors = "select start_date::text, assessment_number, factor from social_care.assessment_factor order by factor"
    assert ask(factors) == [("2025-05-02", 1, "1B"), ("2025-05-02", 1, "3A")]
    assert ask("select start_date::text, end_date::text, until_date::text from social_care.cin_plan") == [
        ("2025-06-11", "2025-07-01", "2025-07-01")
    ]
    assert ask(
        "select start_date::text, conference_target::text, conference_date::text, conference_not_required"
        " from social_care.section_47"
    ) == [("2025-06-15", "2025-07-04", "2025-07-01", False)]
    assert ask(
        "select start_date::text, initial_category, latest_category, previous_plans from social_care.protection_plan"
    ) == [("2025-07-01", "NEG", "EMO", 1)]
    assert ask(
        "select review_date::text, plan_start_date::text, plan_number, until_date::text"
        " from social_care.protection_review order by 1"
    ) == [("2025-09-20", "2025-07-01", 1, "2025-09-21"), ("2026-03-01", "2025-07-01", 1, "2026-03-02")]


def test_an_unborn_child_has_an_expected_date_and_a_reason_for_no_number(send, ask):
    send(cin([need("100", PersonBirthDate=None, ExpectedPersonBirthDate="2026-05-05", UPNunknown="UN2", Sex="U")]))
    assert ask("select expected_date::text from people.expected_birth") == [("2026-05-05",)]
    assert ask("select reason from people.upn_unknown") == [("UN2",)]
    assert ask("select date_of_birth, sex from people.birth") == [(None, "U")]


def test_items_of_one_day_are_told_apart_and_find_what_they_stand_in(send, ask):
    """Two referrals of one day, the second with two assessments of one day: each keeps its own."""
    later = {"CINreferralDate": "2025-05-01", "ReferralSource": "6", "ReferralNFA": "0"}
    twice = [
        {"AssessmentActualStartDate": "2025-05-03", "FactorsIdentifiedAtAssessment": [{"AssessmentFactors": [factor]}]}
        for factor in ("4A", "5A")
    ]
    send(cin([need("100", SPELL | {"Assessments": []}, later | {"Assessments": twice})]))
    assert ask("select referral_number, source from social_care.need_episode order by 1") == [(1, "1A"), (2, "6")]
    assert ask(
        "select a.number, a.referral_number, f.factor from social_care.assessment a"
        " join social_care.assessment_factor f on f.start_date = a.start_date and f.assessment_number = a.number"
        " order by 1"
    ) == [(1, 2, "4A"), (2, 2, "5A")]


def test_reviews_in_blocks_of_their_own_are_the_same_reviews(send, ask):
    plan = {"CPPstartDate": "2025-07-01", "InitialCategoryOfAbuse": "NEG", "LatestCategoryOfAbuse": "NEG"}
    blocks = [{"CPPreviewDate": ["2025-09-20"]}, {"CPPreviewDate": ["2026-03-01"]}]
    send(cin([need("100", SPELL | {"ChildProtectionPlans": [plan | {"Reviews": blocks}]})]))
    assert ask("select review_date::text, plan_start_date::text from social_care.protection_review order by 1") == [
        ("2025-09-20", "2025-07-01"),
        ("2026-03-01", "2025-07-01"),
    ]


def test_the_census_and_the_other_return_of_one_case_system_speak_of_one_child(send, ask):
    send(table("Header", [HEADER]), table("Episodes", [EPISODE]), cin([need("100", SPELL)]))
    assert ask("select count(*) from system.subject") == [(1,)]
    assert ask("select count(*) from people.birth") == [(1,)]


@pytest.mark.proves("N031")
def test_a_census_that_says_the_same_adds_nothing_and_one_sent_again_takes_back(send, ask):
    closed = SPELL | {"CINclosureDate": "2026-03-02", "ReasonForClosure": "RC7"}
    send(cin([need("100", SPELL), need("101", SPELL)]))
    (same,) = send(cin([need("101", SPELL), need("100", SPELL)]))
    assert same.added == 0
    send(cin([need("100", closed | {"Section47": []}), need("101", SPELL)]))
    assert ask(f"select closure_reason from social_care.need_episode where {NOW} order by 1") == [("RC7",), (None,)]
    assert ask(f"select count(*) from social_care.section_47 where {NOW}") == [(1,)]
    assert ask("select count(*) from social_care.section_47") == [(2,)]


def test_next_years_census_leaves_what_it_does_not_list(send, ask):
    send(cin([need("100", SPELL)], year="2026"))
    (next_year,) = send(cin([need("100", {"CINreferralDate": "2026-06-01", "ReferralNFA": "1"})], year="2027"))
    assert next_year.outcome is Outcome.STORED
    assert ask(f"select referral_date::text from social_care.need_episode where {NOW} order by 1") == [
        ("2025-05-01",),
        ("2026-06-01",),
    ]
    assert ask(f"select count(*) from social_care.assessment where {NOW}") == [(1,)]


def test_an_assessment_told_again_lists_all_its_factors(send, ask):
    other = {**SPELL, "Assessments": [{**SPELL["Assessments"][0], "FactorsIdentifiedAtAssessment": [
        {"AssessmentFactors": ["3A", "16A"]}]}]}  # fmt: skip
    send(cin([need("100", SPELL)], year="2026"))
    send(cin([need("100", other)], year="2027"))
    assert ask(f"select factor from social_care.assessment_factor where {NOW} order by 1") == [("16A",), ("3A",)]


def test_what_keeps_a_census_or_a_child_out(send, ask):
    nameless = need("100", SPELL)
    nameless["ChildIdentifiers"] = [{"Sex": "F"}]
    (done,) = send(cin([nameless, need("101", SPELL), need("101", SPELL | {"ReferralSource": "6"})]))
    assert (done.outcome, done.new_subjects) == (Outcome.STORED, 1)
    assert ask("select row, field, kind from system.set_aside order by row") == [
        (1, "ChildIdentifiers/LAchildID", "missing"),
        (3, None, "same-key"),
    ]
    (no_year,) = send(cin([need("100", SPELL)], year=None))
    assert no_year.reason == (
        "The header names no collection year (CollectionDetails/Year): ask for the file again, or name the year."
    )
    (early,) = send(cin([need("100", SPELL)], year="2031"))
    assert early.reason == "The file says it is of the year to 31 March 2031, which is yet to begin: check it."
    assert send(cin([need("100", SPELL)], year=None, reference="2026-03-31"), year="2026")[0].outcome is Outcome.STORED


def test_text_that_is_no_date_is_kept_and_the_item_stays_an_item(send, ask):
    odd = {"AssessmentActualStartDate": "31/12/2025", "AssessmentAuthorisationDate": "soon"}
    send(cin([need("100", SPELL | {"Assessments": [odd]})]))
    assert ask("select start_date, number, raw from social_care.assessment") == [
        (None, 1, {"start_date": "31/12/2025", "authorised_date": "soon"})
    ]
