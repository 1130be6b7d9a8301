"""Every rule of every return: its page proves itself, on each engine, and none is missing."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlglot

from fairhold.returns import MODULES, declared
from fairhold.returns.workbench import open_bench
from fairhold.rulebook import compiled, examples, manual
from fairhold.rulebook.domain import RETURN, CompiledRule, Document, Drawing, RuleSet
from fairhold.rulebook.functions import definitions

PAGES = [(name, page) for name in MODULES for page in manual.documents(declared(name))]
RULES = [(name, page) for name, page in PAGES if not page.is_view]
each_page = pytest.mark.parametrize(("name", "page"), PAGES, ids=lambda p: p if isinstance(p, str) else p.path.stem)
each_rule = pytest.mark.parametrize(("name", "page"), RULES, ids=lambda p: p if isinstance(p, str) else p.path.stem)


@functools.cache
def rules_of(name: str, engine: str = "duckdb") -> RuleSet:
    return compiled.load(declared(name), engine)


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    con = open_bench()
    yield con
    con.close()


@pytest.fixture
def bench(engine: Any) -> Any:
    """A connection without tables. Opening one for each page would take longer than its examples."""
    examples.clear(engine)
    return engine


@each_page
def test_the_drawn_examples_come_out_as_drawn(bench: Any, name: str, page: Document) -> None:
    assert examples.failures(bench, rules_of(name), [page]) == []


@each_rule
def test_the_examples_show_a_fault_a_pass_and_a_blank_of_each_field(name: str, page: Document) -> None:
    (rule,) = (r for r in rules_of(name).rules if (r.code, r.first) == (page.code, page.first))
    assert examples.weaknesses(rule, page) == []


@pytest.mark.parametrize(("name", "page"), RULES[::9], ids=lambda p: p if isinstance(p, str) else p.path.stem)
def test_an_example_drawn_wrong_is_noticed(bench: Any, name: str, page: Document) -> None:
    at_fault = any(row.marks for row in page.drawings[0].rows)
    turned = [
        dataclasses.replace(row, marks=() if (at_fault if page.level == RETURN else row.marks) else ("x",))
        if row.table == page.fields[0][0] or page.level == RETURN
        else row
        for row in page.drawings[0].rows
    ]
    wrong = dataclasses.replace(page, drawings=(Drawing(tuple(turned), page.drawings[0].columns),))
    assert examples.failures(bench, rules_of(name), [wrong])


@each_page
def test_the_text_for_spark_can_be_read_as_spark(name: str, page: Document) -> None:
    for text in manual.sql_of(rules_of(name, "spark"), page.code):
        sql = text if text.lstrip().upper().startswith(("SELECT", "WITH")) else f"select 1 from t where {text}"
        assert sqlglot.parse_one(sql, dialect="spark")
        assert '"' not in text


@each_rule
def test_postgresql_finds_what_is_drawn_too(cluster: Path, name: str, page: Document) -> None:
    from fairhold.engine import database

    rules = rules_of(name, "postgres").year(page.examples)
    (rule,) = (r for r in rules.rules if r.code == page.code)
    with database.connect("owner") as db:
        db.execute(f"set local fairhold.collection_year = '{page.examples}'")
        db.execute(f"set local fairhold.submitting_la = '{examples.AUTHORITY}'")
        db.execute(f"set local fairhold.on_day = '{examples.context(page.examples).day}'")
        db.execute(definitions("postgres", ["working_days_between"], holidays=examples.HOLIDAYS))
        for drawing in page.drawings:
            with db.transaction(force_rollback=True):
                assert _found_by_postgresql(db, rules, rule, drawing) == examples.drawn_faults(drawing, page.level)
        db.rollback()


def _found_by_postgresql(db: Any, rules: RuleSet, rule: CompiledRule, drawing: Drawing) -> examples.Faults:
    examples._lay_out(_TemporaryTables(db), rules, drawing, {*rule.reads, *rule.optional})
    for view in rules.views:
        if view.name in rule.views:
            db.execute(f'create temporary view "{view.name}" as {view.sql}')
    sql = f'select "row" as "{rule.table}" from "{rule.table}" where {rule.sql}' if rule.table else rule.sql
    outputs = rule.outputs or ((rule.table,) if rule.table else ())
    return frozenset(
        frozenset(
            (table, n)
            for table, value in zip(outputs, line if outputs else (), strict=True)
            for n in (value if isinstance(value, list) else [value])
            if n is not None
        )
        for line in db.execute(sql).fetchall()
    )


class _TemporaryTables:
    """Lays examples out in tables that end with the transaction."""

    def __init__(self, db: Any) -> None:
        self.db = db

    def execute(self, sql: str) -> None:
        self.db.execute(sql.replace("create or replace table", "create temporary table").replace("(row ", '("row" '))


def in_force(name: str) -> list[CompiledRule]:
    return list(rules_of(name).year(2027).rules)


@pytest.mark.parametrize(("name", "count"), [("ssda903", 327), ("cin", 109)])
def test_every_rule_of_the_collection_of_2027_is_there(name: str, count: int) -> None:
    assert len({rule.code for rule in in_force(name)}) == len(in_force(name)) == count
