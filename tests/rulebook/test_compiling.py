"""What a rule's SQL may say, what it is found to read, and how it comes out for each engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairhold.rulebook.domain import RuleError
from tests.rulebook.pets import compiled


def test_what_a_rule_reads_is_found_behind_shared_views(tmp_path: Path) -> None:
    rules = compiled(
        tmp_path,
        {"1": "select y.row as Pets from youngest y join Owners o using (OWNER) where o.TAX = 'x'"},
        {
            "youngest": "select d.* from dated d"
            " qualify row_number() over (partition by d.OWNER order by d.BORN desc) = 1",
            "dated": "select p.* from Pets p where p.NAME <> 'none'",
        },
    )
    (rule,) = rules.rules
    assert rule.reads == {"Owners": ("OWNER", "TAX"), "Pets": ("BORN", "NAME", "OWNER")}
    assert rule.views == ("dated", "youngest")
    assert [view.name for view in rules.views] == ["dated", "youngest"]


def test_last_years_tables_are_declared_too(tmp_path: Path) -> None:
    rules = compiled(tmp_path, {"1": "select p.row as Pets from Pets p join Pets_last l using (NAME)"})
    assert rules.rules[0].reads == {"Pets": ("NAME",), "Pets_last": ("NAME",)}


def test_names_in_any_case_come_out_as_declared(tmp_path: Path) -> None:
    rules = compiled(tmp_path, {"1": "select p.row as Pets from pets p where p.name = 'x' and p.\"dec\" is null"})
    assert rules.rules[0].sql == (
        'SELECT "p"."row" AS "Pets" FROM "Pets" AS "p" WHERE "p"."NAME" = \'x\' AND "p"."DEC" IS NULL'
    )


def test_the_text_of_a_date_as_sent_is_a_column_of_its_own(tmp_path: Path) -> None:
    rules = compiled(tmp_path, {"1": "Pets.BORN | as_sent(BORN) is not null and BORN is null"})
    assert rules.sent == (("Pets", "BORN"),)
    assert rules.rules[0].sql == 'NOT "Pets"."BORN__sent" IS NULL AND "Pets"."BORN" IS NULL'
    assert rules.rules[0].reads == {"Pets": ("BORN",)}


@pytest.mark.parametrize(
    ("engine", "text"),
    [
        ("duckdb", 'months_between("Pets"."BORN", collection_start()) > 3'),
        ("postgres", 'rulebook.months_between("Pets"."BORN", rulebook.collection_start()) > 3'),
        ("spark", "months_between(`Pets`.`BORN`, collection_start()) > 3"),
    ],
)
def test_named_functions_come_out_for_each_engine(tmp_path: Path, engine: str, text: str) -> None:
    rules = compiled(tmp_path, {"1": "Pets.BORN | months_between(BORN, collection_start()) > 3"}, engine=engine)
    assert rules.rules[0].sql == text


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("COLOUR is null", "1.md: its SQL cannot be compiled (Column"),
        ("select d.row as Pets from Dogs d", "1.md: reads Dogs, which is no table or view of this return; correct the"),
        ("select p.row as Dogs from Pets p", "1.md: result column Dogs is not a table of this year; name each result"),
        ("select p.row as Pets_last from Pets_last p", "1.md: result column Pets_last is not a table of this year;"),
        ("date_diff('year', BORN, BORN) > 3", "1.md: uses the function "),
        ("strftime(BORN, '%Y') = '2027'", "1.md: uses the function "),
        ("dog_years(NAME) = 'x'", "1.md: uses the function dog_years; use one of academic_year, add_days, age_on,"),
        ("age_on(BORN) > 3", "1.md: gives age_on 1 values; give it 2."),
        ("BORN > current_date", "1.md: uses CURRENT_DATE; use the named functions for dates"),
        ("BORN > date '2027-01-01' - interval 3 year", "1.md: uses INTERVAL"),
        (
            "BORN + 3 > collection_start()",
            "1.md: adds to or takes from a date with + or -; use add_days or days_between.",
        ),
        ("as_sent(NAME) = 'x'", "1.md: asks for the text of "),
        ("NAME is", "1.md: its SQL cannot be compiled ("),
        ("drop table Pets", "1.md: its SQL cannot be compiled ("),
        ("Pets.NAME, Owners.OWNER | NAME is null", "1.md: is a condition over one table but names two; write a query."),
        ("Pets.COLOUR | NAME is null", "1.md: its field Pets.COLOUR is not declared; correct fields."),
        ("Owners.OWNER | select row as Pets from Pets", "1.md: names fields of Owners but never reads it; correct"),
    ],
)
def test_what_is_not_allowed_is_refused_in_one_sentence(tmp_path: Path, sql: str, sentence: str) -> None:
    with pytest.raises(RuleError) as refused:
        compiled(tmp_path, {"1": sql})
    assert refused.value.sentence.startswith(sentence)


def test_views_that_use_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    circle = {"one": "select t.* from two t", "two": "select o.* from one o"}
    with pytest.raises(RuleError, match="uses itself through other views; break the circle"):
        compiled(tmp_path, {"1": "NAME is null"}, circle)
