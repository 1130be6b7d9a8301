"""What social care says of a child: on the record of who helps the child, and nowhere that would tell others of it."""

from __future__ import annotations

from datetime import date

import pytest
from tests.intake.made import cin, ctf, need, pupil, ssd, upn
from tests.intake.test_census import SPELL
from tests.intake.test_extract import PERSON, REFERRAL

from fairhold import access, record
from fairhold.record import NoSuchChild

BROAD = ("missing-education", "youth-support")
NAMED = PERSON | {"pers_surname": "SurnameA", "pers_forename": "ForenameA", "pers_dob": "2014-03-01"}


@pytest.fixture
def child_in_need(send, link):
    """A pupil whom social care knows too, and a child whom it alone knows."""
    alone = PERSON | {"pers_person_id": "101", "pers_surname": "Onlycare", "pers_upn": upn(9), "pers_dob": "2014-04-05"}
    send(
        ctf([pupil(1)]),
        cin([need("100", SPELL, UPN=upn(1), PersonBirthDate="2014-03-01")]),
        ssd("ssd_person", [NAMED, alone]),
        ssd("ssd_cin_episodes", [REFERRAL]),
    )
    assert sum(link().links.values()) == 1


@pytest.mark.proves("N034", "N055")
def test_who_helps_the_child_sees_it_in_words_with_every_place_it_is_from(child_in_need, under):
    with under("children-in-need") as scope:
        found = record.child(scope, person=1)
    block = found.block("social_care.need_episode")
    assert block is not None
    (item,) = block.items
    told = {
        "Who referred": "INDIVIDUAL – family member, relative or carer (1A)",
        "No further action after the referral": "no (False)",
        "What the referral led to": "Single assessment",
        "Initial conference that followed no section 47 enquiry of the episode": "2025-06-01",
    }
    assert told.items() <= {value.title: value.shown for value in item.values}.items()
    assert (item.source.delivery, [place.delivery for place in item.beside]) == (4, [2])
    lanes = {span.lane: span for span in found.timeline}
    assert (lanes["Child in need"].start, lanes["Child in need"].end) == (date(2025, 5, 1), None)
    assert (lanes["Child protection plan"].label, lanes["Child protection plan"].start) == (
        "Emotional abuse",
        date(2025, 7, 1),
    )


@pytest.mark.proves("N012")
@pytest.mark.parametrize("purpose", BROAD)
def test_a_broad_purpose_does_not_learn_that_social_care_knows_a_child(child_in_need, under, purpose):
    with under(purpose) as scope:
        found = record.child(scope, person=1)
    assert found.subjects == (1,)
    assert {item.source.name for block in found.blocks for item in block.items} == {"Made-up School"}
    assert {block.domain for block in found.blocks}.isdisjoint({"social_care", "early_help"})
    assert found.why_joined == ()


@pytest.mark.proves("N012")
@pytest.mark.parametrize("purpose", BROAD)
def test_a_child_whom_social_care_alone_knows_is_nobody_to_a_broad_purpose(child_in_need, under, ask, purpose):
    ((number,),) = ask("select id from system.subject where key = '101'")
    with under(purpose) as scope:
        assert record.search(scope, text="onlycare") == []
        assert record.search(scope, text=upn(9)) == []
    with under(purpose) as scope, pytest.raises(NoSuchChild):
        record.child(scope, person=number)
    with under("safeguarding") as scope:
        assert [hit.surname for hit in record.search(scope, text="onlycare")] == ["Onlycare"]


def test_social_care_is_not_open_to_a_broad_purpose_at_all(child_in_need, under):
    with under("missing-education") as scope, pytest.raises(access.Refused):
        scope.rows("select * from social_care.need_episode")
