"""A person judges a doubt; a link is undone; protected children are for safeguarding alone."""

from __future__ import annotations

import pytest
from tests.identity.conftest import OFFICER, SOCIAL_WORKER, looked_after
from tests.intake.made import OTHER, ctf, pupil, upn
from tests.intake.test_protection import register

from fairhold import access, identity, work

FACTS = "select to_jsonb(n) as fact from people.name n order by id"


def one_doubt(match):
    match(here=[pupil(1)], there=[pupil(1, UPN=upn(1, OTHER))])


def test_a_doubt_shows_both_records_and_its_evidence(match):
    one_doubt(match)
    with access.scope(OFFICER, "record-matching") as scope:
        (found,) = identity.review(scope)
    assert found.doubt is identity.Doubt.TWO_NUMBERS
    assert [(side.source, side.surname, side.upn) for side in found.sides] == [
        ("Made-up School", "SurnameA", upn(1)),
        ("Other Made-up School", "SurnameA", upn(1, OTHER)),
    ]
    assert found.evidence.sentence == "Agree: birth date, surname, forename, sex, postcode; differ: UPN."


def test_a_doubt_is_somebodys_work_until_it_is_judged(match):
    one_doubt(match)
    with access.scope(OFFICER, "record-matching") as scope:
        (item,) = work.items(scope)
        (found,) = identity.review(scope)
        identity.reject(scope, candidate=found.id)
        assert work.items(scope) == []
    assert (item.title, item.link) == ("1 pair of records to judge", "/identity/review")


def test_accepting_joins_and_rejecting_lets_the_pair_rest(match, persons):
    one_doubt(match)
    with access.scope(OFFICER, "record-matching") as scope:
        (found,) = identity.review(scope)
        identity.accept(scope, candidate=found.id)
        with pytest.raises(access.Refused, match="judged already"):
            identity.accept(scope, candidate=found.id)
    assert persons() == [[1, 2]]


def test_a_rejected_pair_is_not_offered_again(match):
    one_doubt(match)
    with access.scope(OFFICER, "record-matching") as scope:
        identity.reject(scope, candidate=identity.review(scope)[0].id)
    again = match(here=[pupil(1, Email="new@example.org")])
    assert (again.links, again.doubts) == ({}, {})


def test_undo_closes_the_link_changes_no_fact_and_stays_undone(match, persons, ask):
    match(here=[pupil(1)], there=[pupil(1)])
    facts = ask(FACTS)
    with access.scope(OFFICER, "record-matching") as scope:
        undone = identity.undo(scope, link=1, reason="Two cousins of the same name")
        with pytest.raises(access.Refused, match="no such standing link"):
            identity.undo(scope, link=1, reason="Again")
    assert undone.subjects == (1, 2)
    assert persons() == []
    assert ask(FACTS) == facts
    assert ask("select reason, undone_by from people.link") == [("Two cousins of the same name", str(OFFICER.id))]
    assert match(here=[pupil(1, Email="new@example.org")]).links == {}


def test_undo_needs_a_reason(match):
    match(here=[pupil(1)], there=[pupil(1)])
    with access.scope(OFFICER, "record-matching") as scope, pytest.raises(access.Refused, match="Say why"):
        identity.undo(scope, link=1, reason="  ")


def test_undo_leaves_those_together_that_other_links_hold(match, persons):
    match(here=[pupil(1)], there=[pupil(1)], care=[looked_after(UPN=upn(1))])
    assert persons() == [[1, 2, 3]]
    with access.scope(OFFICER, "record-matching") as scope:
        links = {(one.low, one.high): one.id for one in identity.links_among(scope, [1, 2, 3])}
        identity.undo(scope, link=links[(1, 2)], reason="Not sure")
    assert persons() == [[1, 2, 3]]  # the child in care is still linked with both
    with access.scope(OFFICER, "record-matching") as scope:
        identity.undo(scope, link=links[(1, 3)], reason="Sure")
    assert persons() == [[2, 3]]


def test_undo_lists_what_was_built_on_the_link(match, monkeypatch):
    monkeypatch.setattr("fairhold.identity.actions._built_on", [])
    identity.built_on(lambda scope, subjects: [identity.Built("sharing", 7, f"A share of {len(subjects)} records.")])
    match(here=[pupil(1)], there=[pupil(1)])
    with access.scope(OFFICER, "record-matching") as scope:
        undone = identity.undo(scope, link=1, reason="Two cousins")
    assert [one.sentence for one in undone.built] == ["A share of 2 records."]


def protected(send, kind: str) -> None:
    send(register(f"{upn(1)},,,,{kind},"), ctf([pupil(1)]), ctf([pupil(1)], school=OTHER))


@pytest.mark.parametrize("kind", ["address", "restricted"])
def test_a_protected_child_is_never_joined_by_rule_and_only_safeguarding_is_asked(send, match, persons, kind):
    protected(send, kind)
    assert (match().links, match().doubts, persons()) == ({}, {}, [])
    with access.scope(SOCIAL_WORKER, "safeguarding") as scope:
        found = identity.link_all(scope)
        assert (found.links, found.doubts) == ({}, {"protected": 1})
    with access.scope(OFFICER, "record-matching") as scope:
        assert identity.review(scope) == []
    with access.scope(SOCIAL_WORKER, "safeguarding") as scope:
        (pair,) = identity.review(scope)
        identity.accept(scope, candidate=pair.id)
    assert persons() == [[1, 2]]


def test_what_protects_one_record_protects_all_of_the_person(send, match, ask):
    match(here=[pupil(1)], there=[pupil(1, UPN=upn(1, OTHER), Surname="Other", DOB="2013-01-01")])
    send(register(f"{upn(1)},,,,restricted,"))
    assert sorted(ask("select guard from people.name")) == [(0,), (2,)]
    with access.scope(SOCIAL_WORKER, "safeguarding") as scope:
        scope.run(
            "insert into people.candidate (low, high, kind, evidence, guard, found_at)"
            " values (1, 2, 'protected', '{}', 2, now())"
        )
        identity.accept(scope, candidate=identity.review(scope)[0].id)
    assert ask("select guard from people.name") == [(2,), (2,)]


def test_a_pair_is_gone_from_view_when_one_side_becomes_restricted(match, send):
    one_doubt(match)
    send(register(f"{upn(1)},,,,restricted,"))
    with access.scope(OFFICER, "record-matching") as scope:
        assert identity.review(scope) == []
