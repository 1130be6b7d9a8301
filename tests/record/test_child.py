"""The child as at any day and as known at any instant, as far as a purpose may see."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.intake.made import OTHER, ctf, pupil, table, upn
from tests.intake.test_protection import register

from fairhold import identity, record
from fairhold.dates import clock
from fairhold.record import NoSuchChild

CARE = {"CHILD": "100", "SEX": "F", "DOB": "01/03/2014", "ETHNIC": "WBRI", "UPN": upn(1), "MOTHER": "0"}
EPISODE = {
    "CHILD": "100",
    "DECOM": "01/05/2025",
    "RNE": "S",
    "LS": "C2",
    "CIN": "N1",
    "PLACE": "U1",
}


@pytest.fixture
def child_of_three(send, link):
    """One child whom two schools and the case system know; the second school has another surname."""
    send(
        ctf([pupil(1)], at="2026-11-06T08:00:00"),
        ctf([pupil(1, Surname="Married", Phones__Phone=[{"TelephoneType": "H", "PhoneNo": "1"}])], school=OTHER),
        table("Header", [CARE]),
        table("Episodes", [EPISODE]),
    )
    assert sum(link().links.values()) == 3


def test_every_value_names_source_delivery_line_and_period(child_of_three, under):
    with under("safeguarding") as scope:
        child = record.child(scope, person=1)
    assert child.subjects == (1, 2, 3)
    block = child.block("people.name")
    assert block is not None
    said = {item.source.name: item for item in block.current}
    item = said["Made-up School"]
    assert (item.get("surname"), item.start, item.end) == ("SurnameA", date(2026, 11, 6), None)
    assert (item.source.delivery, item.source.line is not None) == (1, True)


def test_sources_that_differ_are_shown_and_nobody_wins(child_of_three, under):
    with under("safeguarding") as scope:
        child = record.child(scope, person=3)
    (conflict,) = [one for one in child.conflicts if one.field == "surname"]
    assert set(conflict.said) == {("SurnameA", "Made-up School"), ("Married", "Other Made-up School")}
    assert not [one for one in child.conflicts if one.field == "date_of_birth"]


def test_why_the_records_are_one_child(child_of_three, under):
    with under("safeguarding") as scope:
        reasons = record.child(scope, person=1).why_joined
    assert {reason.sources for reason in reasons} == {
        ("Made-up School", "Other Made-up School"),
        ("Made-up School", "Made-up case system"),
        ("Other Made-up School", "Made-up case system"),
    }
    assert all(reason.author == "a rule" and reason.sentence.endswith(".") for reason in reasons)
    assert "differ: surname" in next(r.evidence for r in reasons if "Made-up case system" not in r.sources)


def test_the_timeline_spans_schools_and_care(child_of_three, under):
    with under("safeguarding") as scope:
        spans = record.child(scope, person=1).timeline
    lanes = {(span.lane, span.start) for span in spans}
    assert {("School", date(2025, 9, 1)), ("Care", date(2025, 5, 1)), ("Address", date(2026, 11, 6))} <= lanes
    (care,) = [span for span in spans if span.lane == "Care"]
    assert care.end is None
    assert care.label


@pytest.mark.proves("N010")
def test_as_at_a_day(send, under):
    send(ctf([pupil(1)], at="2026-11-06T08:00:00"))
    send(ctf([pupil(1, Surname="Later")], at="2026-11-13T08:00:00"))
    with under("safeguarding") as scope:
        shown = {
            day: record.child(scope, person=1, on=date(2026, 11, day)).first("people.name", "surname")
            for day in (5, 6, 12, 13)
        }
    assert shown == {5: None, 6: "SurnameA", 12: "SurnameA", 13: "Later"}


def test_as_known_at_an_instant(store, send, link, under):
    def at(day: int) -> datetime:
        return datetime(2026, 11, day, 12, tzinfo=UTC)

    with clock.frozen(at(14)):
        send(ctf([pupil(1)], at="2026-11-06T08:00:00"), ctf([pupil(1)], at="2026-11-06T09:00:00", school=OTHER))
    with clock.frozen(at(16)):
        link()
    with clock.frozen(at(18)):
        send(ctf([pupil(1, Surname="Later")], at="2026-11-13T08:00:00"))
    with under("safeguarding") as scope:
        then = record.child(scope, person=1, on=date(2026, 11, 13), known=at(15))
        linked = record.child(scope, person=1, on=date(2026, 11, 13), known=at(17))
        now = record.child(scope, person=1, on=date(2026, 11, 13))
    assert (then.subjects, then.first("people.name", "surname")) == ((1,), "SurnameA")
    assert (linked.subjects, linked.first("people.name", "surname")) == ((1, 2), "SurnameA")
    assert {item.get("surname") for item in now.block("people.name").current} == {"Later", "SurnameA"}
    with under("safeguarding") as scope, pytest.raises(NoSuchChild):
        record.child(scope, person=1, known=at(13))


def test_an_undone_link_is_still_there_in_what_was_known(store, send, link, under):
    with clock.frozen(datetime(2026, 11, 14, tzinfo=UTC)):
        send(ctf([pupil(1)], at="2026-11-06T08:00:00"), ctf([pupil(1)], at="2026-11-06T09:00:00", school=OTHER))
        link()
    with under("record-matching") as scope:
        identity.undo(scope, link=1, reason="Two cousins")
    with under("safeguarding") as scope:
        assert record.child(scope, person=1).subjects == (1,)
        assert record.child(scope, person=1, known=datetime(2026, 11, 15, tzinfo=UTC)).subjects == (1, 2)


@pytest.mark.parametrize(
    ("purpose", "sees", "never"),
    [
        ("safeguarding", "social_care.episode", "system.account"),
        ("missing-education", "people.phone", "social_care.episode"),
        ("youth-support", "education.enrolment", "people.phone"),
        ("record-matching", "people.name", "people.ethnicity"),
    ],
)
def test_a_purpose_sees_its_own_tables_alone(child_of_three, under, purpose, sees, never):
    with under(purpose) as scope:
        tables = {block.table for block in record.child(scope, person=1).blocks}
    assert sees in tables
    assert never not in tables


@pytest.mark.proves("N012")
def test_a_restricted_child_does_not_exist_and_a_protected_address_is_not_shown(send, under):
    send(register(f"{upn(1)},,,,restricted,", f"{upn(2)},,,,address,"), ctf([pupil(1), pupil(2), pupil(3)]))
    with under("missing-education") as scope:
        with pytest.raises(NoSuchChild) as refused:
            record.child(scope, person=1)
        with pytest.raises(NoSuchChild) as nobody:
            record.child(scope, person=999)
        assert refused.value.sentence == nobody.value.sentence
        protected, other = record.child(scope, person=2), record.child(scope, person=3)
    assert (protected.block("people.address"), protected.address_protected) == (None, True)
    assert other.first("people.address", "postcode") == "E17 0ZZ"
    with under("safeguarding") as scope:
        assert record.child(scope, person=1).guard == 2
        assert record.child(scope, person=2).first("people.address", "postcode") == "E17 0ZZ"


def test_codes_are_shown_with_their_meaning(send, under):
    send(ctf([pupil(1, BasicDetails__EnrolStatus="C")]))
    with under("missing-education") as scope:
        (item,) = record.child(scope, person=1).block("education.year_group").current
    (value,) = [value for value in item.values if value.field == "enrol_status"]
    assert value.shown == f"{value.label} (C)"
    assert value.label.startswith("Current")


def test_text_that_could_not_be_read_is_shown_as_sent(send, under):
    send(table("Episodes", [EPISODE | {"DEC": "45748"}]))
    with under("safeguarding") as scope:
        (item,) = record.child(scope, person=1).block("social_care.episode").items
    assert item.get("ended") == "45748"
