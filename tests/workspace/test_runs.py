"""Runs of a return and the history of its faults (all children made up)."""

from __future__ import annotations

import pytest

from fairhold import ledger
from fairhold.engine import database
from fairhold.returns.files import CannotRun
from fairhold.returns.workspace import differing, findings, runs, trend
from fairhold.returns.workspace.differing import Side
from fairhold.returns.workspace.domain import State, WorkspaceError
from fairhold.returns.workspace.selecting import Choice
from tests.workspace.conftest import LA, Council, episode, header

BAD = {"ETHNIC": "XXXX"}  # rule 103: no code of an ethnicity
RULE = frozenset({"103"})


def of_103(council: Council, run: int, **choice: object) -> dict[str, State]:
    """Child → state of its fault by rule 103."""
    with council.analyst() as scope:
        page = findings.findings(scope, run=run, choice=Choice("", 0, rules=RULE, **choice))  # type: ignore[arg-type]
    return {row.child: row.state for row in page.rows}


def test_a_fault_is_new_then_open_then_fixed_and_may_come_back(council: Council) -> None:
    council.knows(["1", "2", "3"])
    told = []
    for wrong in ("12", "13", "1", "123"):
        council.deliver("Header", [header(child, **(BAD if child in wrong else {})) for child in "123"])
        run = council.check()
        told.append(of_103(council, run) | of_103(council, run, state=State.FIXED))
    assert told == [
        {"1": State.NEW, "2": State.NEW},
        {"1": State.OPEN, "2": State.FIXED, "3": State.NEW},
        {"1": State.OPEN, "2": State.FIXED, "3": State.FIXED},
        {"1": State.OPEN, "2": State.OPEN, "3": State.OPEN},
    ]
    with council.analyst() as scope:
        points = trend.trend(scope, name="ssda903", year=2027)
    rules = [next(rule for rule in point.rules if rule.rule == "103") for point in points]
    assert [(rule.faults, rule.new, rule.fixed) for rule in rules] == [(2, 2, 0), (2, 1, 1), (1, 0, 1), (3, 0, 0)]
    assert [point.counts.fixed for point in points][1] >= 1


def test_a_fault_is_known_by_its_values_and_not_by_its_line(council: Council) -> None:
    council.knows(["1", "2"])
    council.deliver("Header", [header("1"), header("2", **BAD)])
    council.check()
    council.deliver("Header", [header("2", **BAD), header("1")])
    run = council.check()
    assert of_103(council, run) == {"2": State.OPEN}
    council.deliver("Header", [header("2", ETHNIC="YYYY"), header("1")])
    run = council.check()
    assert of_103(council, run) == {"2": State.NEW}
    assert of_103(council, run, state=State.FIXED) == {"2": State.FIXED}


def test_what_a_rule_that_was_not_run_found_before_stays_open(council: Council) -> None:
    council.knows(["1"])
    council.deliver("Header", [header("1", **BAD)])
    council.check()
    council.deliver_bytes("Header", b"CHILD,SEX,DOB,UPN,MOTHER\n1,F,01/02/2015,UN1,0\n")
    run = council.check()
    with council.analyst() as scope:
        _, counts = runs.run(scope, number=run)
    assert next(rule.not_run for rule in counts if rule.rule == "103") == "Header has no column ETHNIC"
    assert of_103(council, run, state=State.FIXED) == {}
    with database.connect("owner") as owner:
        assert owner.execute("select fixed_run from system.return_fault where rule = '103'").fetchone() == (None,)


def test_two_episodes_at_fault_are_two_faults_told_apart_by_their_beginning(council: Council) -> None:
    council.knows(["1"])
    council.deliver("Header", [header("1")])
    wrong = [episode("1", CIN="N99", DEC="01/06/2025", REC="X1"), episode("1", DECOM="01/06/2025", CIN="N99")]
    council.deliver("Episodes", wrong)
    council.check()
    council.deliver("Episodes", [wrong[1]])
    run = council.check()
    with council.analyst() as scope:
        page = findings.findings(scope, run=run, choice=Choice("", 0, rules=frozenset({"145"})))
        gone = findings.findings(scope, run=run, choice=Choice("", 0, rules=frozenset({"145"}), state=State.FIXED))
    assert [(row.state, row.line) for row in page.rows] == [(State.OPEN, 2)]
    assert [(row.state, row.line) for row in gone.rows] == [(State.FIXED, 2)]


def test_a_run_says_what_it_was_made_from_and_counts_all(council: Council) -> None:
    council.knows(["1"])
    council.deliver("Header", [header("1", **BAD)], year=2026)
    council.deliver("Header", [header("1", **BAD)])
    council.deliver_bytes("Note", b"hello\n")
    run = council.check()
    with council.analyst() as scope:
        found, counts = runs.run(scope, number=run)
        [(listed, totals)] = runs.runs(scope, name="ssda903", year=2027)
    assert listed == found
    assert (found.name, found.year, found.la, found.origin) == ("ssda903", 2027, LA, "delivered")
    assert found.sources == {"Header": 2, "Header_last": 1}
    assert found.as_at.isoformat() <= found.made_at.date().isoformat()
    assert len(found.rules_digest) == 64
    assert [item["reason"] for item in found.set_aside] == ["has the columns of no table of this return"]
    assert totals.not_run == sum(rule.not_run is not None for rule in counts) > 0
    assert totals.rules_run + totals.not_run == len(counts)
    assert totals.faults == sum(rule.faults for rule in counts) > 0


def test_a_check_stands_in_the_ledger_with_the_purpose_it_worked_under(council: Council) -> None:
    council.knows(["1"])
    council.deliver("Header", [header("1", **BAD)])
    council.check()
    event = ledger.newest(limit=1)[0]
    assert (event.kind, event.purpose, event.detail["under"]) == (
        "returns.check", "statutory-returns", "return-production",
    )  # fmt: skip
    assert len(event.children) == 1


def test_what_cannot_be_checked_is_said_in_a_sentence(council: Council) -> None:
    with council.analyst() as scope:
        for name, year, la, said in (
            ("ssda903", 2027, LA, "No file of ssda903 for the year to 31 March 2027 was delivered"),
            ("tea", 2027, LA, "tea is no return"),
            ("ssda903", 2027, "London", "London is no GSS code"),
        ):
            with pytest.raises(CannotRun, match=said):
                runs.check(scope, name=name, year=year, la=la)
        with pytest.raises(WorkspaceError, match="no such run"):
            runs.run(scope, number=99)


@pytest.mark.proves("N012", "N010")
def test_a_restricted_child_counts_and_is_not_seen_but_by_whoever_protects_it(council: Council) -> None:
    council.knows(["1", "2"])
    council.knows(["3"], guard=2)
    council.deliver("Header", [header(child, **BAD) for child in "1234"])  # nobody knows the fourth
    run = council.check()
    with council.analyst() as scope:
        page = findings.findings(scope, run=run, choice=Choice("", 0, rules=RULE))
        _, counts = runs.run(scope, number=run)
        for table in ("return_finding", "return_fault"):
            assert scope.value(f"select count(*) from system.{table} where guard = 2") == 0, "by the database itself"
    assert {row.child for row in page.rows} == {"1", "2"}
    assert next(rule.faults for rule in counts if rule.rule == "103") == 4
    assert page.withheld >= 2
    council.knows(["2"], guard=2)  # restricted since
    assert set(of_103(council, run)) == {"1"}


@pytest.mark.proves("N012", "N010")
def test_an_address_that_is_protected_is_not_kept_with_the_finding_and_not_shown(council: Council) -> None:
    subjects = council.knows(["1", "2"], guard=1) | council.knows(["3"])
    council.deliver("Header", [header(child) for child in "123"])
    council.deliver("Episodes", [episode(child, HOME_POST=f"ZZ{child} 9ZZZ", PL_POST="") for child in "123"])
    run = council.check()
    with database.connect("owner") as owner:
        kept = owner.execute(
            'select "values"::text from system.return_finding where subject_id = any(%s)', ([subjects["1"]],)
        )
        assert "ZZ1" not in "".join(text for (text,) in kept.fetchall())
    with council.analyst() as scope:
        before = findings.findings(scope, run=run).rows
    assert {row.child for row in before if any("ZZ" in value for value in row.values)} == {"3"}
    assert {row.child for row in before if "withheld" in row.values} == {"1", "2"}
    council.knows(["3"], guard=1)  # protected since
    with council.analyst() as scope:
        after = findings.findings(scope, run=run).rows
    assert not [row for row in after if any("ZZ" in value for value in row.values)]


def test_a_run_of_thirty_thousand_findings_is_kept_at_once(council: Council) -> None:
    """Not a measure: that it is done by sets, in seconds and not in minutes."""
    children = [str(number) for number in range(3000)]
    council.knows(children)
    council.deliver("Header", [header(child, SEX="", ETHNIC="XXXX", UPN="") for child in children])
    run = council.check()
    with council.analyst() as scope:
        page = findings.findings(scope, run=run, per_rule=5)
    assert page.total >= 6000
    assert max(sum(row.rule == rule for row in page.rows) for rule in {row.rule for row in page.rows}) == 5


CENSUS = """<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2027</Year>
<ReferenceDate>2027-03-31</ReferenceDate></CollectionDetails><Source><LEA>301</LEA></Source></Header><Children>
{children}</Children></Message>"""
CHILD = """<Child><ChildIdentifiers><LAchildID>{child}</LAchildID><UPN>A000000000000</UPN>
<PersonBirthDate>2015-02-01</PersonBirthDate><Sex>F</Sex></ChildIdentifiers><ChildCharacteristics><Ethnicity>WBRI
</Ethnicity></ChildCharacteristics><CINdetails><CINreferralDate>{referred}</CINreferralDate><ReferralSource>1A
</ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode><ReferralNFA>false</ReferralNFA><ChildProtectionPlans>
<CPPstartDate>2026-06-01</CPPstartDate><InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse></ChildProtectionPlans>
</CINdetails></Child>"""


def test_a_census_has_runs_too_and_a_fault_of_the_return_as_a_whole_is_nobody_s(council: Council) -> None:
    """Two plans began and no conference was held: rule 2883 is about the return, and everybody sees it."""
    council.knows(["A1"])
    council.knows(["A2"], guard=2)

    def census(*referred: str) -> bytes:
        children = (CHILD.format(child=f"A{at}", referred=day) for at, day in enumerate(referred, 1))
        return CENSUS.format(children="".join(children)).encode()

    council.deliver_bytes(None, census("2026-05-01", "2026-05-01"), name="cin")
    council.check(name="cin")
    council.deliver_bytes(None, census("2026-05-02", "2026-05-01"), name="cin")
    run = council.check(name="cin")
    with council.analyst() as scope:
        page = findings.findings(scope, run=run)
        found, _ = runs.run(scope, number=run)
        told = differing.difference(scope, before=Side(run - 1), after=Side(run))
    [whole] = [row for row in page.rows if row.rule == "2883"]
    assert (whole.child, whole.table, whole.values, whole.state) == ("", "", (), State.OPEN)
    assert {row.child for row in page.rows} == {"", "A1"}
    assert set(found.sources.values()) == {2}, "one file holds all tables"
    assert [(one.child, one.table, one.column) for one in told.changes] == [("A1", "CINdetails", "CINreferralDate")]
    assert (told.withheld, told.balances[0].same) == (0, 1)
