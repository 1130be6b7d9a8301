"""Every rule runs on a full set, finds what was broken on purpose, and never fails in silence."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fairhold.returns import checking, declared
from fairhold.returns.checking import Checked, check
from fairhold.rulebook import compiled
from fairhold.rulebook.domain import LAST, CompiledRule, RuleSet
from fairhold.rulebook.running import runnable
from tests.returns.made import Set, made_set, write_set
from tests.returns.made_cin import Values, write_census

Change = Callable[[Set, Set], None]
FROM_REFERENCE = ("postcode", "Ofsted")  # rules that need a file of reference data say so


@functools.cache
def rules_of(name: str) -> RuleSet:
    return compiled.load(declared(name)).year(2027)


@pytest.fixture(scope="module")
def clean() -> tuple[Set, Set]:
    return made_set(60)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, clean: tuple[Set, Set]) -> dict[str, Checked]:
    """Both returns checked over a made-up set that breaks no rule."""
    folder = tmp_path_factory.mktemp("whole")
    return {"ssda903": care(folder, *clean), "cin": need(folder)}


def care(folder: Path, this: Set, last: Set) -> Checked:
    folders = [write_set(folder / "this", this), write_set(folder / "last", last)]
    return check("ssda903", 2027, "E09000031", [folders[0]], previous=[folders[1]])


def need(folder: Path, change: Callable[[list[Values]], None] | None = None) -> Checked:
    return check("cin", 2027, "301", [write_census(folder / "cin.xml", 60, change=change)], previous=[])


@pytest.fixture
def checked(tmp_path: Path, clean: tuple[Set, Set]) -> Callable[[Change], Checked]:
    """Check the made-up set of looked-after children after changing it."""

    def run(change: Change) -> Checked:
        this, last = ({t: [dict(r) for r in rows] for t, rows in tables.items()} for tables in clean)
        change(this, last)
        return care(tmp_path, this, last)

    return run


@pytest.mark.parametrize("name", ["ssda903", "cin"])
def test_a_clean_set_has_no_finding_and_every_rule_runs(whole: dict[str, Checked], name: str) -> None:
    result = whole[name]
    assert result.findings == []
    assert result.set_aside == []
    assert all(any(word in reason for word in FROM_REFERENCE) for reason in result.outcome.not_run.values())
    assert {*result.outcome.ran, *result.outcome.not_run} == {rule.code for rule in rules_of(name).rules}
    assert len(result.outcome.not_run) == {"ssda903": 25, "cin": 0}[name]
    empty = {table for table, rows in result.rows.items() if not rows and not table.endswith(LAST)}
    assert empty == {"ssda903": set(), "cin": {"PreProceedings"}}[name]


def episodes(this: Set, **wanted: str) -> list[dict[str, str]]:
    return [row for row in this["Episodes"] if all(row.get(k, "") == v for k, v in wanted.items())]


def break_352(this: Set, last: Set) -> None:
    first = episodes(this, RNE="S", DEC="")[0]
    header = next(row for row in this["Header"] if row["CHILD"] == first["CHILD"])
    header["DOB"] = first["DECOM"][:6] + str(int(first["DECOM"][6:]) - 18)


def break_444(this: Set, last: Set) -> None:
    this["Header"][3]["UPN"] = this["Header"][7]["UPN"].lower()


def set_first(table: str, column: str, value: str) -> Change:
    return lambda this, last: this[table][0].update({column: value})


BREAKS: dict[str, tuple[Change, int]] = {
    "101": (set_first("Header", "SEX", ""), 1),
    "118": (set_first("PlacedAdoption", "DATE_PLACED_CEASED", "31/03/2026"), 2),
    "148": (lambda this, last: episodes(this, REC="E4A")[0].update(REC=""), 1),
    "186": (set_first("OC2", "SDQ_SCORE", ""), 1),
    "352": (break_352, 1),
    "361": (lambda this, last: episodes(this, REC="E4A")[0].update(LS="L1"), 1),
    "434": (lambda this, last: episodes(this, RNE="B")[0].update(RNE="L"), 1),
    "444": (break_444, 2),
    "503A": (set_first("Episodes", "RNE", "T"), 1),
    "578": (set_first("Missing", "MIS_START", "01/01/2019"), 1),
    "1005": (set_first("Missing", "MIS_END", "31/02/2027"), 1),
}


@pytest.mark.parametrize("code", BREAKS)
def test_breaking_one_rule_on_purpose_is_found(checked: Callable[[Change], Checked], code: str) -> None:
    change, rows = BREAKS[code]
    found = [finding for finding in checked(change).findings if finding.rule == code]
    assert len(found) == rows
    assert {finding.group for finding in found} == {1}


def of_child(number: int, block: str, **values: Any) -> Callable[[list[Values]], None]:
    return lambda rows: rows[number][block][0].update(values)


NEEDS: dict[str, tuple[Callable[[list[Values]], None], list[tuple[str, str]]]] = {
    "100": (lambda rows: None, []),
    "4180": (of_child(0, "ChildIdentifiers", Sex="X"), [("ChildIdentifiers", "X")]),
    "8600": (of_child(1, "CINdetails", CINreferralDate="2027-04-01"), [("CINdetails", "2027-04-01")]),
    "8805": (of_child(0, "CINdetails", ReasonForClosure=""), [("CINdetails", "2026")]),
    "8898": (
        lambda rows: rows[4]["CINdetails"][0]["Assessments"][0].update(
            FactorsIdentifiedAtAssessment=[{"AssessmentFactors": ["16A", "16A"]}]
        ),
        [("Assessments", "16A,16A")],
    ),
}


@pytest.mark.parametrize("code", NEEDS)
def test_breaking_a_rule_of_the_census_is_found(tmp_path: Path, code: str) -> None:
    change, rows = NEEDS[code]
    found = [f for f in need(tmp_path, change).findings if f.rule == code]
    assert [(f.table, f.values[0][: len(value)]) for f, (_, value) in zip(found, rows, strict=True)] == rows
    assert all(f.child and f.line for f in found)


@pytest.mark.parametrize("name", ["ssda903", "cin"])
def test_a_missing_table_stops_exactly_the_rules_that_read_it(whole: dict[str, Checked], name: str) -> None:
    rules = rules_of(name)
    every = {table.name: frozenset(c.name for c in table.columns) for table in rules.all_tables().values()}
    for table in {table for rule in rules.rules for table in rule.reads}:
        readers = {rule.code for rule in rules.rules if table in rule.reads and table not in rule.optional}
        can, reasons = runnable(rules, {other: columns for other, columns in every.items() if other != table})
        name_of = f"last year's {table.removesuffix(LAST)}" if table.endswith(LAST) else f"the table {table}"
        assert reasons == dict.fromkeys(readers, f"{name_of} was not given")
        assert {rule.code for rule in can} == {rule.code for rule in rules.rules} - readers


def test_without_a_table_the_other_rules_run_and_find_the_same(tmp_path: Path, clean: tuple[Set, Set]) -> None:
    this, last = clean
    result = care(tmp_path, {**this, "Missing": []}, last)
    (tmp_path / "this" / "missing.csv").unlink()
    again = check("ssda903", 2027, "E09000031", [tmp_path / "this"], previous=[tmp_path / "last"])
    stopped = {code for code, reason in again.outcome.not_run.items() if reason == "the table Missing was not given"}
    assert stopped
    assert set(again.outcome.ran) == set(result.outcome.ran) - stopped
    assert again.findings == []


BREAKING = "cast('x' || {} as integer)"
NONSENSE = {  # what a condition and a query are turned into, so that they break before they run or while running
    "Binder Error": ("({sql}) and no_such_column = 1", "select *, no_such_column from ({sql})"),
    "Conversion Error": (
        f"case when {BREAKING.format('row')} > 0 then ({{sql}}) end",
        f'select q.* from (select {BREAKING.format("max(row)")} as n from "{{table}}") p'
        " left join ({sql}) q on p.n > 0",
    ),
}


@pytest.mark.parametrize("name", ["ssda903", "cin"])
@pytest.mark.parametrize("error", NONSENSE)
@pytest.mark.parametrize("part", range(3))
def test_a_rule_whose_sql_breaks_is_not_run_and_never_silent(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    clean: tuple[Set, Set],
    whole: dict[str, Checked],
    name: str,
    error: str,
    part: int,
) -> None:
    """Every rule is broken once: a third of them at a time, before it can run and in the midst of running."""
    rules = rules_of(name)
    chosen = {rule.code for rule in rules.rules[part::3]} & set(whole[name].outcome.ran)
    condition, query = NONSENSE[error]

    def broken(rule: CompiledRule) -> CompiledRule:
        if rule.code not in chosen:
            return rule
        text = condition if rule.table else query
        return dataclasses.replace(rule, sql=text.format(sql=rule.sql, table=next(iter(rule.reads))))

    monkeypatch.setattr(
        checking, "load_rules", lambda of: dataclasses.replace(rules, rules=tuple(map(broken, rules.rules)))
    )
    result = care(tmp_path, *clean) if name == "ssda903" else need(tmp_path)
    now = {code: reason for code, reason in result.outcome.not_run.items() if code not in whole[name].outcome.not_run}
    kinds = {rule.code: "condition" if rule.table else "query" for rule in rules.rules}
    assert now == {code: f"its {kinds[code]} could not run ({error})" for code in chosen}
    assert set(result.outcome.ran) == set(whole[name].outcome.ran) - chosen
    assert result.findings == []
