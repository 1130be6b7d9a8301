"""The dry run over stored facts: whose records, which day, on what evidence, and what blocks it."""

from __future__ import annotations

from datetime import date

import pytest

from fairhold import access, retention, vault, work
from fairhold.dates import clock
from fairhold.ledger import newest
from fairhold.retention import Record, Status
from tests.retention.conftest import DAY, Borough, ScopeFor

OLD = {"date_of_birth": date(1999, 3, 4)}
ROLL = "education.enrolment"


def run(scope_for: ScopeFor, day: date = DAY) -> retention.DryRun:
    with clock.frozen(day), scope_for("ig-officer", "retention") as scope:
        return retention.dry_run(scope)


def person(scope_for: ScopeFor, number: int, day: date = DAY) -> dict[str, Record]:
    with clock.frozen(day), scope_for("ig-officer", "retention") as scope:
        return {record.klass: record for record in retention.of_person(scope, person=number)}


@pytest.mark.proves("N160")
def test_each_class_of_a_person_has_its_own_day(borough: Borough, scope_for: ScopeFor) -> None:
    child = borough.child(people_birth=[OLD], send_provision=[{"provision": "K", "start_date": date(2006, 1, 1)}])
    found = person(scope_for, child)
    assert {klass: record.due.date for klass, record in found.items()} == {
        "RT16": date(2030, 3, 4),
        "RT14": date(2030, 3, 4),
    }
    assert run(scope_for).records == ()


@pytest.mark.parametrize(
    ("table", "fact"),
    [
        ("social_care.episode", {"started": date(2005, 1, 1), "rne": "S", "ended": date(2005, 2, 1)}),
        ("social_care.review", {"review_date": date(2005, 1, 1)}),
        ("social_care.care_leaver", {"collection_year": "2019"}),
    ],
)
def test_ever_looked_after_pulls_everything_of_the_person(
    borough: Borough, scope_for: ScopeFor, table: str, fact: dict[str, object]
) -> None:
    child = borough.child(people_birth=[OLD], **{table: [fact]})
    found = person(scope_for, child)
    assert {record.due.date for record in found.values()} == {date(2074, 3, 4)}
    assert found["RT16"].due.rule == "RT01"


def test_the_facts_of_all_linked_subjects_count(borough: Borough, scope_for: ScopeFor) -> None:
    at_school = borough.child(people_birth=[OLD])
    in_care = borough.child(social_care_episode=[{"started": date(2005, 1, 1), "rne": "S"}])
    assert run(scope_for).of(Status.DUE)[0].person == at_school
    borough.same_person(at_school, in_care)
    found = run(scope_for)
    assert found.of(Status.DUE) == []
    assert found.of(Status.UNKNOWN) == []
    assert person(scope_for, at_school)["RT16"].due.date == date(2074, 3, 4)


def test_of_two_birth_dates_the_younger_keeps_longer(borough: Borough, scope_for: ScopeFor) -> None:
    one = borough.child(people_birth=[OLD])
    two = borough.child(people_birth=[{"date_of_birth": date(2002, 3, 4)}])
    borough.same_person(one, two)
    assert person(scope_for, one)["RT16"].due.date == date(2027, 3, 4)


def test_without_a_birth_date_there_is_no_day_and_a_reason(borough: Borough, scope_for: ScopeFor) -> None:
    child = borough.child(people_birth=[{"sex": "F"}])
    (record,) = run(scope_for).of(Status.UNKNOWN)
    assert (record.person, record.due.date) == (child, None)
    assert "because there is no date of birth" in record.due.why


def test_an_adoption_order_makes_a_review(borough: Borough, scope_for: ScopeFor) -> None:
    episode = {"started": date(2001, 1, 1), "rne": "S", "ended": date(2002, 5, 6), "end_reason": "E11"}
    child = borough.child(people_birth=[OLD], social_care_episode=[episode])
    found = run(scope_for).of(Status.REVIEW)
    assert {(record.person, record.due.date, record.due.rule) for record in found} == {
        (child, date(2102, 5, 6), "RT03")
    }


def test_a_case_closed_because_of_adoption_makes_a_review_too(borough: Borough, scope_for: ScopeFor) -> None:
    case = {"referral_date": date(2001, 1, 1), "closure_date": date(2002, 5, 6), "closure_reason": "RC1"}
    child = borough.child(people_birth=[OLD], social_care_need_episode=[case])
    found = run(scope_for).of(Status.REVIEW)
    assert {(record.person, record.due.date, record.due.rule) for record in found} == {
        (child, date(2102, 5, 6), "RT03")
    }


def test_a_child_in_need_who_was_protected_is_kept_as_long_as_that_asks(borough: Borough, scope_for: ScopeFor) -> None:
    case = {"referral_date": date(2015, 1, 1), "closure_date": date(2016, 2, 29), "closure_reason": "RC7"}
    plan = {"start_date": date(2015, 2, 1), "end_date": date(2016, 1, 1)}
    child = borough.child(people_birth=[OLD], social_care_need_episode=[case], social_care_protection_plan=[plan])
    due = {klass: record.due.date for klass, record in person(scope_for, child).items()}
    assert (due["RT07"], due["RT08"]) == (date(2051, 3, 1), date(2051, 3, 1))


def test_a_date_of_death_counts_whoever_tells_it(borough: Borough, scope_for: ScopeFor) -> None:
    child = borough.child(
        people_birth=[OLD],
        people_death=[{"death_date": date(2012, 2, 29)}],
        social_care_episode=[{"started": date(2005, 1, 1), "rne": "S"}],
    )
    assert person(scope_for, child)["RT01"].due.date == date(2027, 3, 1)


def test_a_child_who_died_in_care_is_kept_fifteen_years(borough: Borough, scope_for: ScopeFor) -> None:
    episode = {"started": date(2005, 1, 1), "rne": "S", "ended": date(2012, 2, 29), "end_reason": "E2"}
    child = borough.child(people_birth=[OLD], social_care_episode=[episode])
    assert person(scope_for, child)["RT01"].due.date == date(2027, 3, 1)


@pytest.mark.proves("N163")
@pytest.mark.parametrize(
    ("table", "fact", "day", "words"),
    [
        (ROLL, {"entry_date": date(2015, 9, 1), "leaving_date": date(2020, 7, 20)}, date(2020, 7, 20), "left a school"),
        (ROLL, {"entry_date": date(2015, 9, 1)}, DAY, "is on the roll of a school"),
        (ROLL, {"entry_date": date(2027, 9, 1)}, None, "no contact on record"),
        ("send.provision", {"start_date": date(2018, 1, 8), "provision": "K"}, date(2018, 1, 8), "support for special"),
        ("social_care.review", {"review_date": date(2021, 5, 6)}, date(2021, 5, 6), "a review was held"),
        ("social_care.episode", {"started": date(2021, 5, 6), "rne": "S"}, DAY, "is in care"),
        ("social_care.care_leaver", {"collection_year": "2024", "in_touch": "YES"}, date(2024, 3, 31), "was in touch"),
        ("social_care.care_leaver", {"collection_year": "2024", "in_touch": "NO"}, None, "no contact on record"),
        ("social_care.care_leaver", {"collection_year": "20x4", "in_touch": "YES"}, None, "no contact on record"),
    ],
)
def test_the_last_genuine_contact_and_its_evidence(
    borough: Borough, scope_for: ScopeFor, table: str, fact: dict[str, object], day: date | None, words: str
) -> None:
    born = {"date_of_birth": date(2012, 1, 1)}
    child = borough.child(people_birth=[born], **{table: [fact]})
    record = person(scope_for, child)["RT16"]
    assert record.last_contact == day
    assert record.evidence.startswith(words)
    if day:
        assert table in record.evidence


@pytest.mark.proves("N163")
def test_a_file_loaded_again_is_no_contact_and_a_later_visit_is(borough: Borough, scope_for: ScopeFor) -> None:
    left = {"entry_date": date(2015, 9, 1), "leaving_date": date(2016, 7, 20)}
    child = borough.child(people_birth=[OLD], **{ROLL: [left]})
    borough.fact(child, ROLL, **left, delivery_id=2, until_date=DAY)
    borough.fact(child, "people.birth", **OLD, delivery_id=3)
    assert person(scope_for, child)["RT16"].last_contact == date(2016, 7, 20)
    borough.fact(child, "social_care.review", review_date=date(2019, 1, 1))
    assert person(scope_for, child)["RT16"].last_contact == date(2019, 1, 1)


def test_a_roll_nobody_closed_is_no_contact_for_ever(borough: Borough, scope_for: ScopeFor) -> None:
    child = borough.child(people_birth=[OLD], **{ROLL: [{"entry_date": date(2010, 9, 1)}]})
    assert person(scope_for, child)["RT16"].last_contact == date(2019, 3, 4), "the 20th birthday"


def test_what_is_known_no_longer_does_not_count(borough: Borough, scope_for: ScopeFor) -> None:
    child = borough.child(people_birth=[OLD])
    borough.fact(child, "social_care.episode", started=date(2005, 1, 1), rne="S", known_until=clock.now())
    assert person(scope_for, child)["RT16"].due.rule == "RT16"


def test_the_inquiry_holds_social_care_until_it_is_lifted(borough: Borough, scope_for: ScopeFor) -> None:
    episode = {"started": date(1930, 1, 1), "rne": "S", "ended": date(1931, 1, 1)}
    borough.child(people_birth=[{"date_of_birth": date(1920, 1, 1)}], social_care_episode=[episode])
    found = run(scope_for)
    assert [(r.klass, r.due.status, r.due.blocked_by) for r in found.records] == [
        ("RT01", Status.HELD, ("RT91 shipped in force",)),
        ("RT16", Status.DUE, ()),
    ]
    with scope_for("ig-officer", "retention") as scope:
        retention.lift_hold(scope, hold="RT91", because="letter 2029/4")
        assert retention.holds_in_force(scope) == []
        with pytest.raises(retention.RetentionError, match="shipped in force"):
            retention.lift_hold(scope, hold="RT91", because="letter 2029/4")
    assert {record.due.status for record in run(scope_for).records} == {Status.DUE}


def test_a_case_holds_every_record_of_the_person_until_it_ends(borough: Borough, scope_for: ScopeFor) -> None:
    child, twin, other = (borough.child(people_birth=[OLD]) for _ in range(3))
    borough.same_person(child, twin)
    with scope_for("ig-officer", "retention") as scope:
        hold = retention.place_hold(scope, rule="RT93", reference="request 7/2026", subjects=[twin])
    found = run(scope_for)
    assert [(r.person, r.due.blocked_by) for r in found.of(Status.HELD)] == [(child, ("RT93 request 7/2026",))]
    assert [r.person for r in found.of(Status.DUE)] == [other]
    with scope_for("ig-officer", "retention") as scope:
        retention.lift_hold(scope, hold=hold, because="closed 8/2026")
        with pytest.raises(retention.RetentionError, match="no such hold"):
            retention.lift_hold(scope, hold=hold, because="closed 8/2026")
    assert run(scope_for).of(Status.HELD) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"rule": "RT16"}, "not a hold"),
        ({"rule": "RT00"}, "not a hold"),
        ({"reference": ""}, "case number"),
        ({"reference": "x" * 70}, "case number"),
        ({"classes": ["RT00"]}, "no class RT00"),
        ({"classes": []}, "holds nothing"),
        ({"subjects": []}, "holds nothing"),
        ({"subjects": [999_999]}, "not there"),
    ],
)
def test_a_hold_that_makes_no_sense_is_refused(
    borough: Borough, scope_for: ScopeFor, words: dict[str, object], sentence: str
) -> None:
    with scope_for("ig-officer", "retention") as scope, pytest.raises(retention.RetentionError, match=sentence):
        retention.place_hold(scope, **{"rule": "RT93", "reference": "case 1", **words})


def test_kept_files_whose_day_has_come_are_listed(
    borough: Borough, scope_for: ScopeFor, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRHOLD_VAULT", str(tmp_path))
    with scope_for("data-officer", "data-intake") as scope:
        kept = vault.keep(scope, b"x", kind="delivery", klass="safeguarding", retention="RT31", due=DAY)
        vault.keep(scope, b"x", kind="delivery", klass="safeguarding", retention="RT31", due=date(2027, 1, 1))
        vault.keep(scope, b"x", kind="delivery", klass="safeguarding", retention="RT31")
    assert [(file.file, file.rule, file.blocked_by) for file in run(scope_for).files] == [(kept.id, "RT31", ())]


def test_looking_changes_nothing_and_is_in_the_ledger(borough: Borough, scope_for: ScopeFor) -> None:
    borough.child(people_birth=[OLD])
    assert run(scope_for).records == run(scope_for).records
    event = newest(limit=1)[0]
    assert event.kind == "retention.due"
    assert len(event.children) == 1
    assert event.detail == {"due": 1, "listed": 1, "files": 0}


def test_nobody_else_may_look(borough: Borough, scope_for: ScopeFor) -> None:
    for role, purpose in [("data-officer", "data-intake"), ("leadership", "performance"), ("ig-officer", "audit")]:
        with scope_for(role, purpose) as scope, pytest.raises(access.Refused):
            retention.dry_run(scope)


def test_what_a_person_must_do_is_on_the_list_until_it_is_done(borough: Borough, scope_for: ScopeFor) -> None:
    borough.child()
    due = borough.child(people_birth=[OLD])
    with clock.frozen(DAY), scope_for("ig-officer", "retention") as scope:
        assert retention.notice(scope) == {**dict.fromkeys(Status, 0), Status.DUE: 1, Status.UNKNOWN: 1}
        assert [item.title for item in work.items(scope)] == [
            "Records due for disposal: 1",
            "Records without a day of disposal, because a date is missing: 1",
        ]
        retention.place_hold(scope, rule="RT93", reference="case 1", subjects=[due])
        retention.notice(scope)
        assert [item.kind for item in work.items(scope)] == ["retention.unknown"]
