"""The record in the shape of the sector's dataset: what went in as an extract comes out, under the analyst's sight."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from tests.intake.conftest import ADMINISTRATOR, OFFICER
from tests.intake.made import cin, need, ssd, table, upn
from tests.intake.test_census import SPELL
from tests.intake.test_deliveries import EPISODE
from tests.intake.test_extract import ASSESSMENT, CONFERENCE, ENQUIRY, FACTORS, PERSON, PLAN, REFERRAL, REVIEW, VISIT

from fairhold import access, intake, ledger, record, vault
from fairhold.dates import clock
from fairhold.formats import ssd as dataset

ANALYST = access.Actor(3, "Made-up analyst", "analyst")
PLACEMENT = {"clap_cla_placement_id": "Q1", "clap_person_id": "100", "clap_cla_placement_type": "U1",
             "clap_cla_placement_postcode": "E4 9ZQ", "clap_cla_placement_distance": "1.5"}  # fmt: skip
SENT = {
    "ssd_person": PERSON,
    "ssd_cin_episodes": REFERRAL,
    "ssd_cin_assessments": ASSESSMENT,
    "ssd_assessment_factors": FACTORS,
    "ssd_s47_enquiry": ENQUIRY,
    "ssd_initial_cp_conference": CONFERENCE,
    "ssd_cp_plans": PLAN,
    "ssd_cp_reviews": REVIEW,
    "ssd_cp_visits": VISIT,
    "ssd_cla_placement": PLACEMENT,
    "ssd_professionals": {"prof_professional_id": "W7", "prof_professional_name": "Made-up Worker"},
    "ssd_permanence": {"perm_table_id": "M1", "perm_person_id": "100", "perm_part_of_sibling_group": "1",
                       "perm_number_of_adopters": "2"},
}  # fmt: skip
CHANGED = {  # told otherwise than sent, each with its reason
    "pers_surname": "",  # no name to make a count
    "pers_forename": "",
    "cine_referral_outcome_json": '{"OUTCOME_SINGLE_ASSESSMENT_FLAG": "Y"}',  # the comment is not held
}


@pytest.fixture
def store(clean: Path) -> Path:
    with clock.frozen(date(2026, 11, 24)), access.scope(ADMINISTRATOR, "administration") as scope:
        sources = [intake.NewSource("case-system", "Made-up case system"), intake.NewSource("register", "Register")]
        intake.add_sources(scope, sources=sources)
    return clean


def send(*files: bytes) -> None:
    with access.scope(OFFICER, "data-intake") as scope:
        done = intake.ingest(scope, offered=intake.offer([("", data) for data in files], scope))
    assert {one.outcome for one in done} == {intake.Outcome.STORED}


def taken_out() -> dict[str, list[dict[str, str]]]:
    with access.scope(ANALYST, "statutory-returns") as scope:
        made = record.take_out(scope)
        data = vault.open(scope, made.number)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = {name.removesuffix(".csv"): archive.read(name).decode() for name in archive.namelist()}
    for entity, text in texts.items():
        assert text.splitlines()[0] == ",".join(dataset.entities()[entity].names), entity
    return {entity: list(csv.DictReader(io.StringIO(text))) for entity, text in texts.items()}


def test_what_went_in_comes_out_with_the_columns_of_the_model(store):
    send(*(ssd(entity, [row]) for entity, row in SENT.items()))
    found = taken_out()
    assert set(found) == set(dataset.entities())
    assert {entity for entity, rows in found.items() if rows} == set(SENT)
    for entity, sent in SENT.items():
        (row,) = found[entity]
        for column in dataset.entities()[entity].columns:
            wanted = CHANGED.get(column.name, sent.get(column.name, ""))
            if column.type == "datetime" and wanted:
                wanted = f"{wanted[:10]} 00:00:00"
            assert row[column.name] == wanted, column.name


def test_what_returns_alone_told_stands_there_under_numbers_of_its_own(store):
    send(cin([need("100", SPELL, UPN=upn(1))]), table("Episodes", [EPISODE]))
    found = taken_out()
    (referral,), (assessment,), (factors,) = (
        found[name] for name in ("ssd_cin_episodes", "ssd_cin_assessments", "ssd_assessment_factors")
    )
    assert referral["cine_referral_id"].startswith("F")
    assert assessment["cina_referral_id"] == referral["cine_referral_id"]
    assert factors["cinf_assessment_id"] == assessment["cina_assessment_id"]
    assert factors["cinf_assessment_factors_json"] == '["1B", "3A"]'
    assert found["ssd_cla_episodes"][0]["clae_cla_episode_start_reason"] == "S"
    assert found["ssd_person"][0]["pers_upn"] == upn(1)
    assert taken_out() == found


@pytest.mark.proves("N010", "N012")
def test_restricted_children_are_nobody_and_a_protected_postcode_is_not_told(store):
    other = {"pers_person_id": "101", "pers_upn": upn(2), "pers_surname": "Vexworthy", "pers_dob": "2011-10-31"}
    visit = VISIT | {"cppv_cp_visit_id": "B2", "cppv_person_id": "101"}
    lines = ["UPN,SURNAME,FORENAME,DOB,KIND,FROM", f"{upn(1)},,,,address,", f"{upn(2)},,,,restricted,"]
    send("\n".join(lines).encode())
    send(
        ssd("ssd_person", [PERSON, other]), ssd("ssd_cla_placement", [PLACEMENT]), ssd("ssd_cp_visits", [VISIT, visit])
    )
    found = taken_out()
    assert [row["pers_person_id"] for row in found["ssd_person"]] == ["100"]
    assert [row["cppv_person_id"] for row in found["ssd_cp_visits"]] == ["100"]
    assert [(row["clap_person_id"], row["clap_cla_placement_postcode"]) for row in found["ssd_cla_placement"]] == [
        ("100", "")
    ]


@pytest.mark.proves("N050")
def test_the_views_open_to_returns_alone_and_each_taking_out_stands_in_the_ledger(store):
    send(ssd("ssd_person", [PERSON]))
    taken_out()
    event = ledger.newest(limit=1)[0]
    assert (event.kind, event.purpose) == ("record.extract", "statutory-returns")
    assert len(event.children) == 1
    with access.scope(OFFICER, "data-intake") as scope, pytest.raises(access.Refused):
        scope.rows("select * from ssd.ssd_person")
