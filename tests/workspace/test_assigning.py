"""Whose faults they are: by rule, child, team and owner; one thing to do an owner (all people made up)."""

from __future__ import annotations

from datetime import date

import pytest

from fairhold import access, work
from fairhold.engine import database
from fairhold.returns.workspace import assigning, explaining, findings, runs
from fairhold.returns.workspace.domain import WorkspaceError
from fairhold.returns.workspace.selecting import Choice
from tests.workspace.conftest import Council, header

RULE = frozenset({"103"})
BAD = {"ETHNIC": "XXXX"}
OF_YEAR = Choice("ssda903", 2027)


@pytest.fixture
def run(council: Council) -> int:
    """Children 1 to 4 at fault by rule 103, the fourth of them restricted; 1 and 2 have the social worker W1."""
    subjects = council.knows(["1", "2", "3"])
    council.knows(["4"], guard=2)
    with database.connect("owner") as owner:
        owner.execute("alter table social_care.social_worker no force row level security")
        for child, worker, started in (("1", "W0", "2019-05-01"), ("1", "W1", "2020-05-01"), ("2", "W1", "2020-05-01")):
            owner.execute(
                "insert into social_care.social_worker (subject_id, sw_id, started, known_from, delivery_id,"
                " fingerprint) values (%s, %s, %s, now(), 1, '\\x00')",
                (subjects[child], worker, started),
            )
        owner.execute("alter table social_care.social_worker force row level security")
    council.deliver("Header", [header(child, **BAD) for child in "1234"])
    return council.check()


def held(council: Council, run: int, **choice: object) -> set[str]:
    with council.analyst() as scope:
        page = findings.findings(scope, run=run, choice=Choice("", 0, rules=RULE, **choice))  # type: ignore[arg-type]
    return {row.child for row in page.rows}


def list_of(actor: access.Actor, purpose: str) -> list[str]:
    with access.scope(actor, purpose) as scope:
        return [item.title for item in work.items(scope)]


def test_faults_are_given_by_rule_by_team_and_by_child_and_change_hands(council: Council, run: int) -> None:
    ann, ben = council.person("ann", "analyst"), council.person("ben", "analyst")
    with council.analyst() as scope:
        assert assigning.place(scope, team="North", workers=frozenset({"W1"})) == 1
        assert assigning.place(scope, team="South", choice=Choice("ssda903", 2027, children=frozenset({"2"}))) == 1
    assert held(council, run, worker="W1") == {"1", "2"}
    assert held(council, run, team="North") == {"1"}, "what is said of a child goes before what is said of its worker"
    assert held(council, run, team="South") == {"2"}
    with council.analyst() as scope:
        by_rule = Choice("ssda903", 2027, rules=RULE)
        assert (
            assigning.assign(scope, choice=by_rule, owner="ann", note="please look", due=date(2027, 4, 9)).faults == 3
        )
        of_south = Choice("ssda903", 2027, rules=RULE, team="South")
        assert assigning.assign(scope, choice=of_south, owner="ben", note="yours after all").faults == 1
    assert (held(council, run, owner=ann.id), held(council, run, owner=ben.id)) == ({"1", "3"}, {"2"})
    assert held(council, run, unowned=True) == set()
    assert list_of(ann, "statutory-returns") == ["SSDA903 2027: 2 faults to put right or explain"]
    assert list_of(ben, "statutory-returns") == ["SSDA903 2027: 1 fault to put right or explain"]


def test_what_is_fixed_leaves_the_list_and_the_last_one_takes_the_item_along(council: Council, run: int) -> None:
    ann = council.person("ann", "analyst")
    with council.analyst() as scope:
        assigning.assign(scope, choice=Choice("ssda903", 2027, rules=RULE), owner="ann", note="please look")
    council.deliver("Header", [header("1"), header("2", **BAD), header("3"), header("4", **BAD)])
    council.check()
    assert list_of(ann, "statutory-returns") == ["SSDA903 2027: 1 fault to put right or explain"]
    council.deliver("Header", [header(child) for child in "1234"])
    council.check()
    assert list_of(ann, "statutory-returns") == []


@pytest.mark.proves("N012", "N054")
def test_faults_one_may_not_see_go_to_somebody_who_protects_children(council: Council, run: int) -> None:
    council.person("ann", "analyst")
    sally = council.person("sally", "social-worker")
    with council.analyst() as scope:
        with pytest.raises(WorkspaceError, match="may not see these children"):
            assigning.assign_withheld(scope, name="ssda903", year=2027, owner="ann", note="x", rules=RULE)
        given = assigning.assign_withheld(scope, name="ssda903", year=2027, owner="sally", note="yours", rules=RULE)
        assert (given.faults, given.owner) == (1, sally.id)
        assert findings.findings(scope, run=run, choice=Choice("", 0, owner=sally.id)).rows == []
        # What others are given leaves sally's item as it is, though the analyst sees nothing of it.
        assigning.assign(scope, choice=Choice("ssda903", 2027, rules=RULE), owner="ann", note="please look")
    assert list_of(sally, "safeguarding") == ["SSDA903 2027: 1 fault to put right or explain"]
    with access.scope(sally, "safeguarding") as scope:
        page = findings.findings(scope, run=run)
    assert [(row.child, row.rule) for row in page.rows] == [("4", "103")], "what was given to her, and no more"


def test_worker_and_team_may_stand_in_another_record_of_the_same_child(council: Council, run: int) -> None:
    """The case system's extract knows child 3 by another number; its team has a name there."""
    with database.connect("owner") as owner:
        [child] = owner.execute("select id from system.subject where key = '3'").fetchall()
        [other] = owner.execute(
            "insert into system.subject (source_id, key) values (%s, 'P-3') returning id", (council.source,)
        ).fetchall()
        owner.execute("insert into people.membership values (%s, %s), (%s, %s)", (*child, *child, *other, *child))
        owner.execute("alter table social_care.involvement no force row level security")
        owner.execute(
            "insert into social_care.involvement (subject_id, worker_no, team_no, started, known_from, delivery_id,"
            " fingerprint) values (%s, 'W7', 'T1', '2020-05-01', now(), 1, '\\x00')",
            other,
        )
        owner.execute("alter table social_care.involvement force row level security")
        owner.execute(
            "insert into system.worker (source_id, kind, number, name, delivery_id, line, row, known_from)"
            " values (%s, 'team', 'T1', 'East', 1, 2, 1, now())",
            (council.source,),
        )
    again = council.check()
    assert (held(council, again, worker="W7"), held(council, again, team="East")) == ({"3"}, {"3"})
    assert held(council, again, worker="W1") == {"1", "2"}
    with council.analyst() as scope:
        assigning.place(scope, team="West", workers=frozenset({"W7"}))
    assert held(council, again, team="East") == set(), "what somebody said by hand goes before the record"


@pytest.mark.proves("N054")
def test_who_protects_children_explains_the_faults_given_to_them_and_no_others(council: Council, run: int) -> None:
    sally = council.person("sally", "social-worker")
    with council.analyst() as scope:
        assigning.assign_withheld(scope, name="ssda903", year=2027, owner="sally", note="yours", rules=RULE)
    with access.scope(sally, "safeguarding") as scope:
        done = explaining.explain(scope, choice=Choice("ssda903", 2027, rules=RULE), text="The old code is right")
        assert done.faults == 1
    assert list_of(sally, "safeguarding") == []
    with council.analyst() as scope:
        _, counts = runs.run(scope, number=run)
    assert next((rule.faults, rule.explained) for rule in counts if rule.rule == "103") == (4, 1)


def test_a_child_that_is_named_but_not_seen_is_not_given(council: Council, run: int) -> None:
    council.person("ann", "analyst")
    with council.analyst() as scope:
        named = Choice("ssda903", 2027, rules=RULE, children=frozenset({"3", "4", "no such child"}))
        assert assigning.assign(scope, choice=named, owner="ann", note="please look").faults == 1


@pytest.mark.parametrize(
    ("login", "note", "said"),
    [
        ("nobody", "please look", "Nobody signs in under that name"),
        ("dan", "please look", "A Data officer cannot see findings"),
        ("ann", "", "the text is empty"),
        ("ann", "child born 01/02/2015", "holds a date"),
    ],
)
def test_what_cannot_be_given_is_said(council: Council, run: int, login: str, note: str, said: str) -> None:
    council.person("ann", "analyst")
    council.person("dan", "data-officer")
    with council.analyst() as scope, pytest.raises(WorkspaceError, match=said):
        assigning.assign(scope, choice=OF_YEAR, owner=login, note=note)
