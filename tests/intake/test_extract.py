"""Extracts of a case system: records that name each other, drawn small; what goes in, and what is set aside and why."""

from __future__ import annotations

from datetime import date

import pytest
from tests.intake.conftest import OFFICER
from tests.intake.made import cin, need, ssd, table, upn
from tests.intake.test_census import SPELL
from tests.intake.test_deliveries import EPISODE

from fairhold import access, intake
from fairhold.dates import clock
from fairhold.intake import Outcome

NOW = "known_until = 'infinity'"
PERSON = {"pers_person_id": "100", "pers_surname": "Made-Up", "pers_forename": "Ann", "pers_sex": "F",
          "pers_dob": "2012-03-02T00:00:00", "pers_ethnicity": "WBRI", "pers_upn": upn(1)}  # fmt: skip
REFERRAL = {"cine_referral_id": "R1", "cine_person_id": "100", "cine_referral_date": "2025-05-01 09:30:00.000",
            "cine_referral_source_code": "1A", "cine_cin_primary_need_code": "N1", "cine_referral_nfa": "N",
            "cine_referral_outcome_json": '{"OUTCOME_SINGLE_ASSESSMENT_FLAG": "Y", "COMMENTS": "said her aunt"}',
            "cine_referral_team": "T9", "cine_referral_worker_id": "W7"}  # fmt: skip
ASSESSMENT = {"cina_assessment_id": "A1", "cina_person_id": "100", "cina_referral_id": "R1",
              "cina_assessment_start_date": "2025-05-02", "cina_assessment_auth_date": "2025-06-10",
              "cina_assessment_child_seen": "Y", "cina_assessment_outcome_nfa": "N"}  # fmt: skip
FACTORS = {"cinf_table_id": "F1", "cinf_assessment_id": "A1", "cinf_assessment_factors_json": '["1B", "3A"]'}
ENQUIRY = {"s47e_s47_enquiry_id": "S1", "s47e_person_id": "100", "s47e_referral_id": "R1",
           "s47e_s47_start_date": "2025-06-15", "s47e_s47_nfa": "N"}  # fmt: skip
CONFERENCE = {"icpc_icpc_id": "C1", "icpc_person_id": "100", "icpc_s47_enquiry_id": "S1", "icpc_referral_id": "R1",
              "icpc_icpc_date": "2025-07-01", "icpc_icpc_outcome_cp_flag": "Y"}  # fmt: skip
PLAN = {"cppl_cp_plan_id": "P1", "cppl_person_id": "100", "cppl_referral_id": "R1", "cppl_icpc_id": "C1",
        "cppl_cp_plan_start_date": "2025-07-01", "cppl_cp_plan_initial_category": "NEG",
        "cppl_cp_plan_latest_category": "EMO"}  # fmt: skip
REVIEW = {"cppr_cp_review_id": "V1", "cppr_person_id": "100", "cppr_cp_plan_id": "P1",
          "cppr_cp_review_date": "2025-09-20", "cppr_cp_review_quorate": "Y"}  # fmt: skip
VISIT = {"cppv_cp_visit_id": "B1", "cppv_person_id": "100", "cppv_cp_plan_id": "P1", "cppv_cp_visit_date": "2025-08-01"}


def test_an_extract_in_any_order_of_files_says_the_same_as_the_census(send, ask):
    done = send(
        ssd("ssd_assessment_factors", [FACTORS]),
        ssd("ssd_cp_reviews", [REVIEW]),
        ssd("ssd_initial_cp_conference", [CONFERENCE]),
        ssd("ssd_cp_plans", [PLAN]),
        ssd("ssd_s47_enquiry", [ENQUIRY]),
        ssd("ssd_cin_assessments", [ASSESSMENT]),
        ssd("ssd_cin_episodes", [REFERRAL]),
        ssd("ssd_cp_visits", [VISIT]),
        ssd("ssd_person", [PERSON]),
    )
    assert {(one.outcome, one.kind, one.set_aside) for one in done} == {(Outcome.STORED, "ssd", 0)}
    assert ask("select key from system.subject") == [("100",)]
    assert ask("select surname, forename from people.name") == [("Made-Up", "Ann")]
    assert ask("select date_of_birth::text, sex from people.birth") == [("2012-03-02", "F")]
    assert ask("select kind, value from people.identifier") == [("upn", upn(1))]
    assert ask(
        "select referral_date::text, referral_number, source, no_further_action, outcomes, team_no, worker_no,"
        " record_no from social_care.need_episode"
    ) == [("2025-05-01", 1, "1A", False, '{"OUTCOME_SINGLE_ASSESSMENT_FLAG": "Y"}', "T9", "W7", "R1")]
    nested = "start_date::text, number, referral_date::text, referral_number, record_no"
    assert ask(f"select {nested} from social_care.assessment") == [("2025-05-02", 1, "2025-05-01", 1, "A1")]
    assert ask(f"select {nested} from social_care.section_47") == [("2025-06-15", 1, "2025-05-01", 1, "S1")]
    assert ask(f"select {nested} from social_care.protection_plan") == [("2025-07-01", 1, "2025-05-01", 1, "P1")]
    assert ask("select start_date::text, factor, record_no from social_care.assessment_factor order by factor") == [
        ("2025-05-02", "1B", "F1"),
        ("2025-05-02", "3A", "F1"),
    ]
    assert ask("select review_date::text, plan_start_date::text, quorate from social_care.protection_review") == [
        ("2025-09-20", "2025-07-01", True)
    ]
    assert ask(
        "select conference_date::text, s47_start_date::text, s47_number, plan_agreed from social_care.conference"
    ) == [("2025-07-01", "2025-06-15", 1, True)]
    assert ask("select visit_date::text, plan_no, until_date::text from social_care.protection_visit") == [
        ("2025-08-01", "P1", "2025-08-02")
    ]


def test_columns_in_capitals_and_empty_values_as_a_database_writes_them(send, ask):
    lines = ssd("ssd_person", [PERSON | {"pers_surname": "NULL", "pers_upn": "NULL"}]).decode().splitlines()
    (done,) = send("\n".join([lines[0].upper(), lines[1]]).encode())
    assert (done.kind, done.set_aside) == ("ssd", 0)
    assert ask("select surname from people.name") == [("NULL",)]
    assert ask("select count(*) from people.identifier") == [(0,)]


def test_what_leads_nowhere_is_set_aside_with_its_line_and_the_rest_goes_in(send, ask):
    """No such child; no such parent of a record without a child's number; a referral that did not come: that value."""
    stranger = REFERRAL | {"cine_referral_id": "R2", "cine_person_id": "999"}
    lost = FACTORS | {"cinf_table_id": "F2", "cinf_assessment_id": "A9"}
    adrift = ASSESSMENT | {"cina_assessment_id": "A2", "cina_referral_id": "R9"}
    nameless = REFERRAL | {"cine_referral_id": "", "cine_referral_date": "2025-05-03"}
    send(
        ssd("ssd_person", [PERSON]),
        ssd("ssd_cin_episodes", [REFERRAL, stranger, nameless]),
        ssd("ssd_cin_assessments", [ASSESSMENT, adrift]),
        ssd("ssd_assessment_factors", [FACTORS, lost]),
    )
    assert ask("select field, kind, line from system.set_aside order by delivery_id, line") == [
        ("cine_person_id", "no-person", 3),
        ("cine_referral_id", "missing", 4),
        ("cina_referral_id", "not-sent", 3),
        ("cinf_assessment_id", "no-record", 3),
    ]
    assert ask("select record_no, referral_date::text from social_care.assessment order by 1") == [
        ("A1", "2025-05-01"),
        ("A2", None),
    ]
    assert all(reason.endswith(".") for (reason,) in ask("select reason from system.set_aside"))


def test_a_part_of_an_extract_without_its_children_is_taken_as_it_names_them(send, ask):
    (done,) = send(ssd("ssd_cp_visits", [VISIT]))
    assert (done.new_subjects, done.set_aside) == (1, 0)
    assert ask("select key from system.subject") == [("100",)]


def test_a_plan_for_special_needs_is_found_through_four_records(send, ask):
    request = {"ehcr_ehcp_request_id": "2", "ehcr_send_table_id": "1", "ehcr_ehcp_req_outcome": "Y"}
    assessed = {"ehca_ehcp_assessment_id": "3", "ehca_ehcp_request_id": "2", "ehca_ehcp_assessment_outcome": "Y"}
    plan = {"ehcn_named_plan_id": "4", "ehcn_ehcp_asmt_id": "3", "ehcn_named_plan_start_date": "2024-02-03"}
    send(
        ssd("ssd_ehcp_named_plan", [plan]),
        ssd("ssd_ehcp_assessment", [assessed]),
        ssd("ssd_ehcp_requests", [request]),
        ssd("ssd_send", [{"send_table_id": "1", "send_person_id": "100"}]),
    )
    assert ask(
        "select s.key, p.record_no, p.start_date::text, p.assessment_no from send.ehc_plan p"
        " join system.subject s on s.id = p.subject_id"
    ) == [("100", "4", "2024-02-03", "3")]


def test_the_child_of_a_review_is_known_by_its_period_of_care_where_it_names_no_child(send, ask):
    episode = {"clae_cla_episode_id": "E1", "clae_person_id": "100", "clae_cla_id": "L1"}
    review = {"clar_cla_review_id": "V1", "clar_cla_id": "L1", "clar_cla_review_date": "2025-06-01"}
    review["clar_cla_review_participation"] = "PN1"
    send(ssd("ssd_cla_episodes", [episode]), ssd("ssd_cla_reviews", [review]))
    assert ask("select review_date::text, review_code, number, record_no from social_care.review") == [
        ("2025-06-01", "PN1", 1, "V1")
    ]


def test_workers_and_teams_are_kept_beside_the_children(send, ask):
    def worker(name: str) -> bytes:
        return ssd("ssd_professionals", [{"prof_professional_id": "W7", "prof_professional_name": name}])

    send(worker("Made-up Worker"), ssd("ssd_department", [{"dept_team_id": "T9", "dept_team_name": "Made-up Team"}]))
    send(worker("Made-up Worker-Married"))
    assert ask(f"select kind, number, name, line from system.worker where {NOW} order by kind") == [
        ("team", "T9", "Made-up Team", 2),
        ("worker", "W7", "Made-up Worker-Married", 2),
    ]
    assert ask("select count(*) from system.worker") == [(3,)]
    assert ask("select count(*) from system.subject") == [(0,)]


@pytest.mark.proves("N031")
def test_a_newer_extract_that_says_the_same_adds_nothing_and_takes_back_what_it_no_longer_lists(send, ask):
    visits = [VISIT | {"cppv_cp_visit_id": f"B{n}", "cppv_cp_visit_date": f"2025-08-0{n}"} for n in range(1, 7)]
    old = VISIT | {"cppv_cp_visit_id": "B0", "cppv_cp_visit_date": "2019-01-02"}
    send(ssd("ssd_cp_visits", [old, *visits]))
    with clock.frozen(date(2026, 11, 25)):
        (same,) = send(ssd("ssd_cp_visits", [*reversed(visits), old]))
        assert same.added == 0
    with clock.frozen(date(2026, 11, 26)):
        send(ssd("ssd_cp_visits", visits[1:]))  # one is gone; the old one lies beyond the years it looks back on
        assert ask(f"select record_no from social_care.protection_visit where {NOW} order by 1") == [
            (one,) for one in ("B0", "B2", "B3", "B4", "B5", "B6")
        ]
    with clock.frozen(date(2026, 11, 27)):
        send(ssd("ssd_cp_visits", visits[4:]))  # less than half: a part, and no word about the others
        assert ask(f"select count(*) from social_care.protection_visit where {NOW}") == [(6,)]


@pytest.mark.proves("N034")
def test_returns_and_extracts_tell_one_row_and_each_value_keeps_its_own_pointer(send, ask):
    """The census knows no worker, the extract no conference: neither takes away what the other alone carries."""
    row = "source, conference_date::text, worker_no, record_no, closure_reason, line, kept_from"
    current = f"select {row} from social_care.need_episode where {NOW}"
    (first,) = send(cin([need("100", SPELL)]))
    (extract,) = send(ssd("ssd_cin_episodes", [REFERRAL]))
    line = ask("select line from social_care.need_episode where known_until <> 'infinity'")[0][0]
    assert ask(current) == [("1A", "2025-06-01", "W7", "R1", None, 2, {"conference_date": [first.delivery, line]})]
    closed = SPELL | {"CINclosureDate": "2026-08-02", "ReasonForClosure": "RC7"}
    (later,) = send(cin([need("100", closed)], year="2027", reference="2026-11-24"))
    (found,) = ask(current)
    assert found[:5] == ("1A", "2025-06-01", "W7", "R1", "RC7")
    assert found[6] == {name: [extract.delivery, 2] for name in ("outcomes", "record_no", "team_no", "worker_no")}
    assert later.delivery == ask(f"select delivery_id from social_care.need_episode where {NOW}")[0][0]
    again = REFERRAL | {"cine_close_date": "2026-08-02", "cine_close_reason": "RC7"}
    assert send(ssd("ssd_cin_episodes", [again]))[0].added == 0


def test_an_episode_of_care_keeps_its_placement_from_the_return(send, ask):
    episode = {"clae_cla_episode_id": "E1", "clae_person_id": "100", "clae_cla_episode_start_date": "2025-05-01",
               "clae_cla_episode_start_reason": "S", "clae_cla_primary_need_code": "N1"}  # fmt: skip
    send(table("Episodes", [EPISODE]))
    send(ssd("ssd_cla_episodes", [episode]))
    assert ask(f"select placement, legal_status, record_no from social_care.episode where {NOW}") == [
        ("U1", "C2", "E1")
    ]


def test_an_entity_of_which_nothing_is_held_is_kept_and_not_read_into_the_record(send, ask):
    (done,) = send(ssd("ssd_voice_of_child", [{"voch_table_id": "1", "voch_person_id": "100", "voch_plan_safe": "Y"}]))
    assert (done.outcome, done.rows, done.facts, done.set_aside) == (Outcome.STORED, 1, 0, 0)
    assert ask("select count(*) from system.subject") == [(0,)]


def test_a_record_is_read_again_once_its_child_and_its_referral_have_come(send, ask):
    """Two assessments of one day: the second stays the second when it is read again by itself."""
    first, second = ASSESSMENT, ASSESSMENT | {"cina_assessment_id": "A2", "cina_person_id": "101"}
    third = second | {"cina_assessment_id": "A3"}
    person = PERSON | {"pers_person_id": "101", "pers_upn": upn(2)}
    send(ssd("ssd_person", [PERSON]), ssd("ssd_cin_assessments", [first, second, third]))
    send(ssd("ssd_person", [PERSON, person]), ssd("ssd_cin_episodes", [REFERRAL]))
    with access.scope(OFFICER, "data-intake") as scope:
        waiting = {(row["row"], row["kind"]): row["id"] for row in intake.set_aside(scope)}
        assert sorted(waiting) == [(1, "not-sent"), (2, "no-person"), (3, "no-person")]
        for number in (3, 2, 1):
            kind = "not-sent" if number == 1 else "no-person"
            assert intake.replay(scope, set_aside_id=waiting[number, kind]).taken_in
    assert ask(f"select record_no, number, referral_date::text from social_care.assessment where {NOW} order by 1") == [
        ("A1", 1, "2025-05-01"),
        ("A2", 1, "2025-05-01"),
        ("A3", 2, "2025-05-01"),
    ]


ADOPTED = SPELL | {"CINclosureDate": "2026-03-02", "ReasonForClosure": "RC1"}
PERMANENCE = {"perm_table_id": "1", "perm_person_id": "100"}


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (cin([need("100", ADOPTED)]), "adopted, says the census"),
        (ssd("ssd_permanence", [PERMANENCE | {"perm_placed_for_adoption_date": "2026-01-02"}]), "placed with adopters"),
        (ssd("ssd_permanence", [PERMANENCE | {"perm_permanence_order_type": "Adoption"}]), "there is an order"),
    ],
)
def test_an_adopted_child_stands_apart_so_that_no_rule_joins_its_records(send, ask, file, why):
    send(file)
    assert ask("select apart from system.subject") == [(True,)], why


def test_an_older_extract_that_comes_late_changes_nothing_known_since(store, ask, tmp_path):
    closed = REFERRAL | {"cine_close_date": "2026-01-05", "cine_close_reason": "RC7"}
    for name, row, day in (("new", closed, date(2026, 11, 20)), ("old", REFERRAL, date(2025, 11, 20))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "ssd_cin_episodes.csv").write_bytes(ssd("ssd_cin_episodes", [row]))
        intake.take_in(OFFICER, [tmp_path / name], as_at=day)
    assert ask(f"select closure_reason from social_care.need_episode where {NOW}") == [("RC7",)]
    assert ask("select file_date::text from system.delivery order by id") == [("2026-11-20",), ("2025-11-20",)]
