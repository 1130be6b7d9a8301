"""What is taken away: findings for their owner, the checked tables, and the difference of two runs or years."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import python_calamine

from fairhold import access, vault
from fairhold.engine import database
from fairhold.errors import PlainError
from fairhold.returns.workspace import assigning, books, differing, runs, tables
from fairhold.returns.workspace.comparing import CHANGED, CHILDREN, ENTERED, LEFT
from fairhold.returns.workspace.differing import OfYear, Side
from fairhold.returns.workspace.domain import PRODUCTION, WorkspaceError
from fairhold.returns.workspace.selecting import Choice
from tests.house.outputs import command
from tests.workspace.conftest import LA, Council, episode, header

RULE = frozenset({"103"})
BAD = {"ETHNIC": "XXXX"}


def sheet(data: bytes, name: str) -> list[list[object]]:
    rows: list[list[object]] = (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python()
    )
    return rows


@pytest.fixture
def two_runs(council: Council) -> tuple[int, int]:
    """Between the runs 2 leaves, 4 enters, 3 changes; 8 (protected address) and 9 (restricted) change too."""
    council.knows(["1", "2", "3", "4"])
    council.knows(["8"], guard=1)
    council.knows(["9"], guard=2)
    council.deliver("Header", [header(child, **BAD) for child in "12389"])
    council.deliver("Episodes", [episode(child, HOME_POST="ZZ1 1ZZ") for child in "89"])
    first = council.check()
    council.deliver("Header", [header("4"), header("3"), *(header(child, **BAD) for child in "189")])
    council.deliver("Episodes", [episode(child, HOME_POST="ZZ2 2ZZ") for child in "89"])
    return first, council.check()


@pytest.mark.proves("N034", "N010", "N012")
def test_the_difference_of_two_runs_goes_down_to_the_child_and_the_row(
    council: Council, two_runs: tuple[int, int]
) -> None:
    with council.analyst() as scope:
        found = differing.difference(scope, before=Side(two_runs[0]), after=Side(two_runs[1]))
    told = [(one.what, one.table, one.child, one.column, one.before, one.after) for one in found.changes]
    assert told == [
        (LEFT, "Header", "2", "", "", ""),
        (CHANGED, "Header", "3", "ETHNIC", "XXXX", "WBRI"),
        (ENTERED, "Header", "4", "", "", ""),
        (CHANGED, "Episodes", "8", "HOME_POST", "withheld", "withheld"),
    ]
    assert [(one.line_before, one.line_after) for one in found.changes] == [(3, None), (4, 3), (None, 2), (2, 2)]
    assert (found.sources[0]["Header"], found.sources[1]["Header"]) == (1, 3)
    assert found.withheld == 1, "the change of a restricted child counts and is not shown"
    children = found.balances[0]
    assert (children.what, children.before, children.after) == (CHILDREN, 5, 5)
    assert (children.left, children.entered, children.changed, children.same) == (1, 1, 3, 1)
    assert all(balance.holds for balance in found.balances)


def test_last_year_lies_beside_this_year_s_run(council: Council) -> None:
    council.knows(["1", "2"])
    council.deliver("Header", [header("1")], year=2026)
    council.deliver("Header", [header("1"), header("2")])
    run = council.check()
    with council.analyst() as scope:
        years = differing.difference(scope, before=OfYear("ssda903", 2026), after=OfYear("ssda903", 2027))
        assert years.titles == (f"2026, as beside run {run}", f"2027, run {run}")
        assert [(one.what, one.child) for one in years.changes] == [(ENTERED, "2")]
        assert years.sources == ({"Header": 1}, {"Header": 2})
        with pytest.raises(WorkspaceError, match="No run holds tables of ssda903 for 2024"):
            differing.difference(scope, before=OfYear("ssda903", 2024), after=Side(run))
    council.deliver("Header", [header("1")], year=2026)
    own = council.check(year=2026)
    with council.analyst() as scope:
        found = differing.difference(scope, before=OfYear("ssda903", 2026), after=OfYear("ssda903", 2027))
    assert found.titles[0] == f"2026, run {own}", "a run of the year itself is nearer"


def test_an_owner_s_workbook_holds_their_findings_and_a_place_for_the_answer(
    council: Council, two_runs: tuple[int, int]
) -> None:
    ann = council.person("ann", "analyst")
    with council.analyst() as scope:
        assigning.assign(scope, choice=Choice("ssda903", 2027, rules=RULE), owner="ann", note="please look")
        data = books.export_findings(scope, run=two_runs[1], choice=Choice("", 0, owner=ann.id))
        again = books.export_findings(scope, run=two_runs[1], choice=Choice("", 0, owner=ann.id))
    rows = sheet(data, "Findings")
    assert rows[0][:4] == ["rule", "severity", "what is wrong", "child"]
    assert rows[0][-1] == "your answer"
    assert [row[3] for row in rows[1:]] == ["1", "8"]
    assert data == again
    with database.connect("owner") as owner:
        kept = owner.execute(
            "select class, retention, due is not null, kept_for from system.vault_file where kind = 'findings-workbook'"
        ).fetchall()
    assert kept == [("safeguarding", "RT31", True, "p_statutory_returns")] * 2


@pytest.mark.proves("N010", "N012")
def test_the_workbook_of_the_tables_lacks_who_may_not_be_seen(council: Council, two_runs: tuple[int, int]) -> None:
    with council.analyst() as scope:
        data = books.export_tables(scope, run=two_runs[1])
    children = [row[1] for row in sheet(data, "Header")[1:]]
    assert sorted(filter(None, children)) == ["1", "3", "4", "8"]
    assert "ZZ2 2ZZ" not in {cell for row in sheet(data, "Episodes") for cell in row}
    marked = [row for row in sheet(data, "Findings")[1:] if row[0] == "103"]
    assert [row[4] for row in marked] == ["1", "8"]


@pytest.mark.proves("N012")
def test_the_complete_tables_of_a_run_open_for_no_person(council: Council, two_runs: tuple[int, int]) -> None:
    with council.analyst() as scope:
        run, _ = runs.run(scope, number=two_runs[1])
    for role in access.ROLES:
        for purpose in role.purposes():
            with council.scope_for(role.slug, purpose.slug) as scope, pytest.raises(PlainError):
                vault.open(scope, run.tables_file)
    with council.analyst() as scope:
        scope.notes.append(access.Note(door="returns.check"))
        with scope.under(PRODUCTION):
            packed = tables.unpack(vault.open(scope, run.tables_file))
    assert packed["Header"].declared().column("CHILD").to_pylist() == ["4", "3", "1", "8", "9"]


def test_by_command_from_the_check_to_the_difference(
    council: Council, two_runs: tuple[int, int], tmp_path: Path
) -> None:
    """As somebody at the keyboard does it, each step with its sentence."""
    council.person("ann", "analyst")
    first, second = map(str, two_runs)
    of = ("ssda903", "--year", "2027")

    def said(*arguments: str, code: int = 0) -> str:
        answer = command("ann", "return", *arguments)
        assert (answer.code, answer.err) == (code, ""), answer
        return answer.out

    assert "answers for it: analyst" in said("list", "--year", "2027")
    assert said("check", *of, "--la", LA, code=1).startswith("Run 3: ")
    assert said("runs").count("ssda903 2027") == 3
    assert len(json.loads(said("trend", *of, "--json"))) == 3
    assert "child 1: ETHNIC XXXX" in said("findings", "3", "--rule", "103")
    (tmp_path / "some.txt").write_text("1\n")
    listed = ("--rule", "103", "--children", str(tmp_path / "some.txt"))
    assert (
        said("assign", *of, *listed, "--to", "ann", "--note", "please look", "--due", "2027-04-09")
        == "1 fault given.\n"
    )
    assert said("team", "ssda903", "North", "--year", "2027", "--children", str(tmp_path / "some.txt")) == "1 placed.\n"
    out = tmp_path / "ann.xlsx"
    assert "1 fault meant; " in said("findings", "3", "--owner", "ann", "--team", "North", "--out", str(out))
    assert [row[3] for row in sheet(out.read_bytes(), "Findings")[1:]] == ["1"]
    assert out.stat().st_mode & 0o077 == 0
    explained = said("explain", *of, *listed, "--words", "The old code is right", "--reason", "right")
    assert explained == "1 fault explained by entry 1 of the bank.\n"
    assert "rule 103, 1 fault: The old code is right" in said("explanations", "ssda903")
    assert said("withdraw", "1", "--because", "it was wrong").endswith("1 fault open again.\n")
    assert said("confirm", *of) == "0 faults explained as before.\n"
    assert "1 left" in said("diff", first, second)
    table = tmp_path / "diff.csv"
    said("diff", first, second, "--out", str(table))
    with table.open(encoding="utf-8", newline="") as stream:
        assert [row["child"] for row in csv.DictReader(stream)] == ["2", "3", "4", "8"]
    for wrong, why in (
        (("diff", first, second, "--out", "x.doc"), "x.doc cannot be written: end its name in .xlsx or .csv."),
        (("findings", "99"), "There is no such run, or its time was up: see the list of runs."),
        (
            ("findings", "3", "--owner", "eve"),
            "Nobody signs in under the name after --owner: see the list of accounts.",
        ),
        (("assign", *of, *listed, "--to", "ann", "--note", "x", "--withheld"), "Faults you may not see are given by"),
    ):
        answer = command("ann", "return", *wrong)
        assert (answer.code, answer.out) == (2, ""), wrong
        assert answer.err.startswith(why)
