"""Explanations: words without personal data, for many faults at once, carried from year to year (all made up)."""

from __future__ import annotations

import pytest

from fairhold.engine import database
from fairhold.returns.workspace import explaining, findings, runs
from fairhold.returns.workspace.domain import State, WorkspaceError
from fairhold.returns.workspace.findings import Shown
from fairhold.returns.workspace.selecting import Choice
from tests.workspace.conftest import Council, header

RULE = frozenset({"103"})
BAD = {"ETHNIC": "XXXX"}
WORDS = "Checked with the family: the old code is right"


def chosen(year: int = 2027, **more: object) -> Choice:
    return Choice("ssda903", year, rules=RULE, **more)  # type: ignore[arg-type]


def rows(council: Council, run: int) -> dict[str, Shown]:
    with council.analyst() as scope:
        return {row.child: row for row in findings.findings(scope, run=run, choice=chosen()).rows}


def explained(council: Council, run: int) -> int:
    with council.analyst() as scope:
        _, counts = runs.run(scope, number=run)
    return next(rule.explained for rule in counts if rule.rule == "103")


def test_many_faults_are_explained_at_once_and_open_again_when_it_is_withdrawn(council: Council) -> None:
    council.knows(["1", "2", "3"])
    council.deliver("Header", [header(child, **BAD) for child in "123"])
    run = council.check()
    with council.analyst() as scope:
        done = explaining.explain(scope, choice=chosen(children=frozenset("12")), text=WORDS)
        assert (
            explaining.explain(scope, choice=chosen(children=frozenset("3")), explanation=done.explanation).faults == 1
        )
        [entry] = explaining.explanations(scope, name="ssda903")
    assert (entry.words, entry.reason, entry.faults) == (WORDS, "right", 3)
    assert {(row.state, row.words) for row in rows(council, run).values()} == {(State.EXPLAINED, WORDS)}
    assert explained(council, run) == 3
    again = council.check()
    assert {row.state for row in rows(council, again).values()} == {State.EXPLAINED}, "the next run knows them"
    with council.analyst() as scope:
        assert explaining.withdraw(scope, explanation=done.explanation, because="it was the wrong code") == 3
        with pytest.raises(WorkspaceError, match="was withdrawn before"):
            explaining.withdraw(scope, explanation=done.explanation, because="again")
        with pytest.raises(WorkspaceError, match="no such explanation for this rule"):
            explaining.explain(scope, choice=chosen(), explanation=done.explanation)
    assert {row.state for row in rows(council, again).values()} == {State.OPEN}
    assert (explained(council, run), explained(council, again)) == (3, 0), "an older run's count stays as it was"


def test_an_explanation_comes_back_next_year_and_waits_to_be_confirmed(council: Council) -> None:
    """1: the same fault. 2: explained, but the value changed. 3: never explained. 4: another child, the same value."""
    council.knows(["1", "2", "3", "4", "5"])
    council.deliver("Header", [header("1", **BAD), header("2", ETHNIC="YYYY"), header("3", ETHNIC="ZZZZ")], year=2026)
    council.check(year=2026)
    with council.analyst() as scope:
        explaining.explain(scope, choice=chosen(2026, children=frozenset("12")), text=WORDS)
    this_year = {"1": "XXXX", "2": "QQQQ", "3": "ZZZZ", "4": "XXXX", "5": ""}
    council.deliver("Header", [header(child, ETHNIC=code) for child, code in this_year.items()])
    run = council.check()
    found = rows(council, run)
    assert {child: row.carried for child, row in found.items()} == {
        "1": "same fault", "2": None, "3": None, "4": "same values", "5": None,
    }  # fmt: skip
    assert {row.state for row in found.values()} == {State.NEW}, "nothing counts before somebody confirms it"
    assert found["1"].words == WORDS
    with council.analyst() as scope:
        assert explaining.confirm(scope, choice=chosen(children=frozenset("123"))) == 1
        assert explaining.confirm(scope, choice=chosen(children=frozenset("4")), holds=False) == 1
    council.check()
    assert {child: (row.state, row.carried) for child, row in rows(council, run).items()} == {
        "1": (State.EXPLAINED, None), "2": (State.OPEN, None), "3": (State.OPEN, None), "4": (State.OPEN, None),
        "5": (State.OPEN, None),
    }  # fmt: skip


def test_faults_without_any_value_are_not_alike(council: Council) -> None:
    """Two children without an ethnicity have nothing in common but that."""
    council.knows(["1", "2"])
    council.deliver("Header", [header("1", ETHNIC="")], year=2026)
    council.check(year=2026)
    with council.analyst() as scope:
        explaining.explain(scope, choice=chosen(2026), text=WORDS)
    council.deliver("Header", [header("1", ETHNIC=""), header("2", ETHNIC="")])
    run = council.check()
    assert {child: row.carried for child, row in rows(council, run).items()} == {"1": "same fault", "2": None}


@pytest.fixture
def named(council: Council) -> Council:
    """A child with the number 4711a, whose school calls it Marigold Ashby."""
    [one] = council.knows(["4711a"]).values()
    with database.connect("owner") as owner:
        other = owner.execute(
            "insert into system.subject (source_id, key) values (%s, 'at school') returning id", (council.source,)
        ).fetchone()
        assert other is not None
        owner.execute("insert into people.membership values (%s, %s), (%s, %s)", (one, one, other[0], one))
        owner.execute("alter table people.name no force row level security")
        owner.execute(
            "insert into people.name (subject_id, surname, forename, known_from, delivery_id, fingerprint)"
            " values (%s, 'Ashby', 'Marigold', now(), 1, '\\x00')",
            (other[0],),
        )
        owner.execute("alter table people.name force row level security")
    council.deliver("Header", [header("4711a", **BAD)])
    council.check()
    return council


@pytest.mark.proves("N012")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the text is empty"),
        ("x" * 501, "more than 500 letters"),
        ("UPN A123456789012 is right", "a pupil number"),
        ("see number 987 654 3210", "a long number"),
        ("born on 1/2/2015", "a date"),
        ("moved to AA1 1AA", "a postcode"),
        ("ask me@example.org", "an e-mail address"),
        ("child 4711A is right", "the number of a child"),
        ("Marigold was asked", "the name of a child"),
        ("as the parents Ashby say", "the name of a child"),
    ],
)
def test_words_that_may_tell_who_a_child_is_are_refused(named: Council, text: str, said: str) -> None:
    with named.analyst() as scope, pytest.raises(WorkspaceError, match=said):
        explaining.explain(scope, choice=chosen(), text=text)


def test_words_that_tell_nobody_are_taken(named: Council) -> None:
    with named.analyst() as scope:
        assert (
            explaining.explain(scope, choice=chosen(), text="The marigold team asked: 12 of 30 codes are old.").faults
            == 1
        )


def test_one_rule_at_a_time_and_a_reason_of_the_list(council: Council) -> None:
    council.knows(["1"])
    council.deliver("Header", [header("1", SEX="X", **BAD)])
    council.check()
    with council.analyst() as scope:
        with pytest.raises(WorkspaceError, match="one rule at a time"):
            explaining.explain(scope, choice=Choice("ssda903", 2027), text=WORDS)
        with pytest.raises(WorkspaceError, match="No such fault is open"):
            explaining.explain(scope, choice=Choice("ssda903", 2027, rules=frozenset({"none"})), text=WORDS)
        with pytest.raises(WorkspaceError, match="Choose a reason"):
            explaining.explain(scope, choice=chosen(), text=WORDS, reason="because")
