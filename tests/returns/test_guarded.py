"""What of a check is shown to whom: children who may be seen, addresses withheld, what is about no child whole."""

from __future__ import annotations

from pathlib import Path

from fairhold.returns import guarded
from fairhold.returns.checking import check
from fairhold.returns.guarded import WITHHELD, Sight
from tests.returns.made_cin import Values, write_census


def spoil(rows: list[Values]) -> None:
    for row in rows:
        row["ChildIdentifiers"][0]["Sex"] = "X"
    for row in rows[:8]:
        row["ChildIdentifiers"][0]["Sex"] = ""


def test_of_a_census_the_header_and_findings_about_the_whole_return_are_shown_to_all(tmp_path: Path) -> None:
    file = write_census(tmp_path / "cin.xml", 12, change=spoil)
    file.write_text(file.read_text("utf-8").replace("2027-03-31</Ref", "2027-03-30</Ref"), "utf-8")
    checked = check("cin", 2027, "301", [file], previous=[])
    assert guarded.children(checked) == {f"C{n:07}" for n in range(1, 13)}
    shown = guarded.shown(checked, Sight(frozenset({"C0000003"}), frozenset()))
    assert {(f.rule, f.child) for f in shown.findings if f.rule in ("100", "2886Q", "4180")} == {
        ("100", ""),
        ("2886Q", ""),
        ("4180", "C0000003"),
    }
    rows = {table: len(list(given.sheet.rows())) for table, given in shown.given.items()}
    assert (rows["Header"], rows["ChildIdentifiers"]) == (1, 1)
    assert shown.rows == checked.rows


def test_of_looked_after_children_unknown_means_no_and_protected_postcodes_are_withheld(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text(
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
        + "".join(f"{child},01/05/2026,X,,,,,,,,AA1 1AA,AA2 2AA,\n" for child in ("1", "2", "3", ""))
    )
    checked = check("ssda903", 2027, "E09000031", [tmp_path], previous=[])
    shown = guarded.shown(checked, Sight(frozenset({"1", "2"}), frozenset({"2"})))
    cells = {cells[0]: cells[10:12] for _, cells in shown.given["Episodes"].sheet.rows()}
    assert cells == {"1": ["AA1 1AA", "AA2 2AA"], "2": [WITHHELD, WITHHELD]}
    assert {finding.child for finding in shown.findings} == {"1", "2"}
