"""Makes the lists: one SQL text each, run side by side with nothing but the facts it reads, in the columns engine.

The texts give plain values ("MALE", a date, a count); here they become what Ofsted's workbook holds. A code that is not
in the column's list is left blank and counted, never passed on.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from fairhold import catalogue
from fairhold.formats import annex_a
from fairhold.returns.annex_a.domain import BUILT, Made
from fairhold.rulebook.functions import definitions

TYPES = {"date": "date", "integer": "integer", "boolean": "boolean"}
# Every fact table that a list reads.
FACTS = (
    *("people.birth", "people.ethnicity", "early_help.episode"),
    *(
        f"social_care.{name}"
        for name in (
            *("adoption", "assessment", "care_address", "care_visit", "cin_plan", "cin_visit", "conference"),
            *("contact", "disability", "episode", "health_check", "immigration_status", "involvement"),
            *("leaving_care", "legal_status", "missing", "need_episode", "permanence", "permanence_plan"),
            *("placed_adoption", "placement", "placement_address", "protection_plan", "protection_review"),
            *("protection_visit", "review", "section_47", "social_worker", "uasc"),
        )
    ),
)
# What stands beside them: the children by number, workers and teams, and where postcodes lie.
BESIDE = {
    "subject": "subject_id bigint, child varchar",
    "staff": "kind varchar, number varchar, name varchar",
    "place": "postcode varchar, authority varchar, inside boolean",
}


def months_back(day: date, months: int) -> date:
    """The same day so many months earlier, or the month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@cache
def fact_tables() -> dict[str, catalogue.Table]:
    """The fact tables by name."""
    return {table.name: table for table in catalogue.tables() if table.name in FACTS}


def lay_out(con: Any) -> None:
    """Make every table that the lists read, empty."""
    for schema in ("people", "early_help", "social_care"):
        con.execute(f"create schema {schema}")
    for name, table in fact_tables().items():
        fields = ", ".join(f'"{field.name}" {TYPES.get(field.type, "varchar")}' for field in table.fields)
        con.execute(f"create table {name} (subject_id bigint, {fields})")
    for name, columns in BESIDE.items():
        con.execute(f"create table {name} ({columns})")


def make(con: Any, day: date) -> dict[str, Made]:
    """The ten lists as at a day, out of the tables that `lay_out` made and somebody filled."""
    con.execute(definitions("duckdb", ("on_day", "age_on"), day=day))
    con.execute(_text("common"))
    return {key: _list(con, annex_a.lists()[key]) for key in BUILT}


@cache
def _text(name: str) -> str:
    return (resources.files("fairhold.returns.annex_a") / "lists" / f"{name}.sql").read_text("utf-8")


def _list(con: Any, of: annex_a.List) -> Made:
    con.execute(f"create or replace temp table made as {_text(of.key)}")
    given = {row[0] for row in con.execute("select column_name from (describe made)").fetchall()}
    cells = [_cell(column, column.name in given) for column in of.columns]
    listed = ", ".join(f"{cell} as {_quoted(column.name)}" for cell, column in zip(cells, of.columns, strict=True))
    order = ", ".join(_quoted(column.name) for column in of.columns if column.name in given)
    rows = con.execute(f"select {listed} from made order by {order}").fetchall()
    return Made(of.key, rows, _outside(con, of, given))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _cell(column: annex_a.Column, given: bool) -> str:
    """SQL for the text of a cell."""
    if not given:
        return "''"
    name = f"made.{_quoted(column.name)}"
    if column.form == annex_a.DATE:
        return f"coalesce(strftime({name}, '%d/%m/%Y'), '')"
    if column.codes:
        return f"coalesce({_written(column, name)}, '')"
    return f"coalesce(trim({name}::varchar), '')"


def _written(column: annex_a.Column, name: str) -> str:
    known = annex_a.lettered(column.codes)
    cases = " ".join(f"when {_literal(plain)} then {_literal(code)}" for plain, code in known.items())
    return f"case upper(trim({name}::varchar)) {cases} end"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _outside(con: Any, of: annex_a.List, given: set[str]) -> dict[str, int]:
    """How many values of each coded column no code of its list stands for."""
    coded = [column for column in of.columns if column.codes and column.name in given]
    if not coded:
        return {}
    counts = ", ".join(
        f"count({name}) - count({_written(column, name)})" for column in coded for name in [_quoted(column.name)]
    )
    found = con.execute(f"select {counts} from made").fetchone()
    return {column.name: count for column, count in zip(coded, found, strict=True) if count}
