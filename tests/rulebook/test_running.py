"""Every rule ends as run or as not run with its reason; a rule that breaks takes no other with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fairhold.rulebook.domain import CompiledRule, Outcome, RuleSet
from fairhold.rulebook.running import Context, run, runnable
from tests.rulebook.pets import compiled

RULES = {
    "1": "NAME is null",
    "2": "Pets.BORN | BORN > date '2027-01-01'",
    "3": "select array_agg(p.row) as Pets from Pets p where p.OWNER is not null group by p.OWNER having count(*) > 1",
    "4": "select p.row as Pets, o.row as Owners from Pets p join first_owner o using (OWNER) where p.BORN < o.BORN",
    "5": "select [p.row, q.row] as Pets from Pets p join Pets q on p.NAME = q.NAME and p.row <> q.row",
}
VIEWS = {"first_owner": "select o.* from Owners o qualify row_number() over (partition by o.OWNER order by o.row) = 1"}
ALL = {"Pets": frozenset({"NAME", "OWNER", "BORN", "DEC"}), "Owners": frozenset({"OWNER", "BORN"})}


@pytest.fixture
def con() -> Iterator[Any]:
    import duckdb

    con = duckdb.connect()
    con.execute(
        """
        create table Pets as select * from (values
            (1, 'REX', 'ANN', date '2020-01-01', null::date),
            (2, null,  'ANN', date '2027-02-01', null),
            (3, 'TOM', 'BOB', date '1980-01-01', null),
            (4, 'REX', null,  null,              null)) as t(row, NAME, OWNER, BORN, DEC);
        create table Owners as select * from (values
            (1, 'BOB', date '1990-01-01', null::varchar),
            (2, 'ANN', date '1990-01-01', null)) as t(row, OWNER, BORN, TAX);
        """
    )
    yield con
    con.close()


def outcome(con: Any, rules: RuleSet, supplied: dict[str, frozenset[str]] = ALL) -> Outcome:
    can, reasons = runnable(rules, supplied)
    return run(con, rules, can, reasons, Context(2027, "E09000031"))


def faults(found: Outcome) -> list[tuple[str, tuple[tuple[str, int], ...]]]:
    return [(fault.code, fault.rows) for fault in found.faults]


def test_both_forms_find_their_faults_each_once(con: Any, tmp_path: Path) -> None:
    found = outcome(con, compiled(tmp_path, RULES, VIEWS))
    assert faults(found) == [
        ("1", (("Pets", 2),)),
        ("2", (("Pets", 2),)),
        ("3", (("Pets", 1), ("Pets", 2))),
        ("4", (("Owners", 1), ("Pets", 3))),
        ("5", (("Pets", 1), ("Pets", 4))),
    ]
    assert (found.ran, found.not_run) == (["1", "2", "3", "4", "5"], {})


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_rule_whose_sql_breaks_is_reported_and_no_other_suffers(con: Any, tmp_path: Path, code: str) -> None:
    rules = compiled(tmp_path, RULES, VIEWS)
    whole = faults(outcome(con, rules))

    def broken(rule: CompiledRule) -> CompiledRule:
        sql = "no_such_column = 1" if rule.table else 'select no_such_column as "Pets" from "Pets"'
        return dataclasses.replace(rule, sql=sql) if rule.code == code else rule

    found = outcome(con, dataclasses.replace(rules, rules=tuple(map(broken, rules.rules))))
    assert list(found.not_run) == [code]
    assert found.not_run[code].endswith("could not run (Binder Error)")
    assert faults(found) == [fault for fault in whole if fault[0] != code]


def test_a_view_that_breaks_stops_exactly_the_rules_that_use_it(con: Any, tmp_path: Path) -> None:
    rules = compiled(tmp_path, RULES, VIEWS)
    view = dataclasses.replace(rules.views[0], sql="select nonsense")
    found = outcome(con, dataclasses.replace(rules, views=(view,)))
    assert found.not_run == {"4": "the view first_owner could not be made (Binder Error)"}
    assert found.ran == ["1", "2", "3", "5"]


def test_a_failure_over_the_data_is_reported_without_quoting_it(con: Any, tmp_path: Path) -> None:
    rules = compiled(tmp_path, {"1": "cast(OWNER as integer) = 1", "2": RULES["2"]})
    found = outcome(con, rules)
    assert found.not_run == {"1": "its condition could not run (Conversion Error)"}
    assert found.ran == ["2"]


@pytest.mark.parametrize(
    ("supplied", "reasons"),
    [
        ({"Pets": ALL["Pets"]}, {"4": "the table Owners was not given"}),
        (ALL | {"Pets": frozenset({"NAME", "OWNER"})}, dict.fromkeys("24", "Pets has no column BORN")),
    ],
)
def test_what_was_not_given_stops_the_rules_that_read_it(
    con: Any, tmp_path: Path, supplied: dict[str, frozenset[str]], reasons: dict[str, str]
) -> None:
    assert outcome(con, compiled(tmp_path, RULES, VIEWS), supplied).not_run == reasons


def test_last_year_and_derived_columns_have_reasons_of_their_own(tmp_path: Path) -> None:
    rules = compiled(
        tmp_path,
        {
            "1": "select p.row as Pets from Pets p join Pets_last l using (NAME)",
            "2": "Owners.TAX | TAX is null",
        },
    )
    assert runnable(rules, ALL)[1] == {
        "1": "last year's Pets was not given",
        "2": "TAX of Owners is worked out from the Licences table, which was not given",
    }


def test_a_rule_does_without_an_optional_column(con: Any, tmp_path: Path) -> None:
    rules = compiled(tmp_path, {"1": "Pets.BORN | BORN is null"})
    (rule,) = rules.rules
    without = ALL | {"Pets": ALL["Pets"] - {"BORN"}}
    assert runnable(rules, without)[1] == {"1": "Pets has no column BORN"}
    assert (
        runnable(dataclasses.replace(rules, rules=(dataclasses.replace(rule, optional=("Pets.BORN",)),)), without)[1]
        == {}
    )


def test_working_days_are_not_counted_without_bank_holidays(con: Any, tmp_path: Path) -> None:
    rules = compiled(tmp_path, {"1": "Pets.BORN | working_days_between(BORN, collection_start()) < 5"})
    can, reasons = runnable(rules, ALL)
    without = run(con, rules, can, reasons, Context(2027, ""))
    assert without.not_run == {"1": "it counts working days, and no bank holidays were given"}
    with_them = run(con, rules, can, reasons, Context(2027, "", holidays=("2026-12-25",)))
    assert (with_them.ran, faults(with_them)) == (["1"], [("1", (("Pets", 2),))])


def test_ages_on_the_day_are_not_told_without_the_day(con: Any, tmp_path: Path) -> None:
    rules = compiled(tmp_path, {"1": "Pets.BORN | BORN <= on_day()"})
    can, reasons = runnable(rules, ALL)
    without = run(con, rules, can, reasons, Context(2027, ""))
    assert without.not_run == {"1": "it needs the day of the lists, which was not given"}
    with_it = run(con, rules, can, reasons, Context(2027, "", day=date(2099, 1, 1)))
    assert with_it.ran == ["1"]
    assert with_it.faults


def test_a_rule_not_in_force_is_neither_run_nor_not_run(con: Any, tmp_path: Path) -> None:
    rules = compiled(tmp_path, RULES, VIEWS).year(2022)
    assert outcome(con, rules) == Outcome()


def test_a_rule_that_takes_too_long_or_finds_too_much_is_given_up_and_the_others_run(con: Any, tmp_path: Path) -> None:
    many = "select p.row as Pets from Pets p join Owners o on {}"
    rules = compiled(
        tmp_path,
        {
            "1": RULES["1"],
            "2": many.format("replace(cast(p.row as text), cast(o.row as text), '') like '%x%'"),
            "3": many.format("p.row > 0"),
        },
    )
    con.execute("insert into Pets select i, null, null, null, null from range(5, 200000) t(i)")
    con.execute("insert into Owners select i, null, null, null from range(5, 200000) t(i)")
    can, reasons = runnable(rules, ALL)
    check = "check whether many children have one number"
    for given_up, sentence, patience in (
        ("2", f"its query could not run (it took too long; {check})", 0.5),
        ("3", f"it found more than 200,000 faults; {check}", 600),
    ):
        asked = [rule for rule in can if rule.code in ("1", given_up)]
        found = run(con, rules, asked, reasons, Context(2027, "", patience=patience, most=200_000))
        assert found.not_run == {given_up: sentence}
        assert found.ran == ["1"]
        assert len(found.faults) == 199_996
