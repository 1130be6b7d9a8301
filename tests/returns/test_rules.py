"""Every rule of every return: its page proves itself, it runs on a full set and on each engine, never in silence."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlglot

from fairhold.returns import MODULES, declared
from fairhold.returns.checking import Checked, check
from fairhold.returns.workbench import open_bench
from fairhold.rulebook import compiled, examples, manual
from fairhold.rulebook.domain import LAST, RETURN, CompiledRule, Document, Drawing, RuleSet
from fairhold.rulebook.functions import definitions
from tests.returns.made import Set, made_set, write_set

PAGES = [(name, page) for name in MODULES for page in manual.documents(declared(name))]
RULES = [(name, page) for name, page in PAGES if not page.is_view]
each_page = pytest.mark.parametrize(("name", "page"), PAGES, ids=lambda p: p if isinstance(p, str) else p.path.stem)
each_rule = pytest.mark.parametrize(("name", "page"), RULES, ids=lambda p: p if isinstance(p, str) else p.path.stem)
TREE = Path(__file__).resolve().parents[2]


@functools.cache
def rules_of(name: str, engine: str = "duckdb") -> RuleSet:
    return compiled.load(declared(name), engine)


@pytest.fixture
def bench() -> Iterator[Any]:
    con = open_bench()
    yield con
    con.close()


@each_page
def test_the_drawn_examples_come_out_as_drawn(bench: Any, name: str, page: Document) -> None:
    assert examples.failures(bench, rules_of(name), [page]) == []


@each_rule
def test_the_examples_show_a_fault_a_pass_and_a_blank_of_each_field(name: str, page: Document) -> None:
    (rule,) = (r for r in rules_of(name).rules if (r.code, r.first) == (page.code, page.first))
    assert examples.weaknesses(rule, page) == []


@each_rule
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


@pytest.fixture(scope="module")
def clean() -> tuple[Set, Set]:
    return made_set(60)


Check = Callable[..., Checked]


@pytest.fixture
def checked(tmp_path: Path, clean: tuple[Set, Set]) -> Check:
    """Check the made-up set after changing it."""

    def run(change: Callable[[Set, Set], None] = lambda this, last: None, *, without: str = "") -> Checked:
        this, last = ({t: [dict(r) for r in rows] for t, rows in tables.items()} for tables in clean)
        change(this, last)
        folders = [write_set(tmp_path / "this", this), write_set(tmp_path / "last", last)]
        for folder, ending in zip(folders, ("", LAST), strict=True):
            for table in this:
                if without == table + ending:
                    (folder / f"{table.lower()}.csv").unlink()
        return check("ssda903", 2027, "E09000031", [folders[0]], previous=[folders[1]])

    return run


def test_a_clean_set_has_no_finding_and_every_rule_runs(checked: Check) -> None:
    result = checked()
    assert result.outcome.not_run == {}
    assert result.findings == []
    assert result.outcome.ran == sorted(page.code for _, page in RULES)
    assert all(result.rows[table] for table in result.rows if not table.endswith(LAST))


def episodes(this: Set, **wanted: str) -> list[dict[str, str]]:
    return [row for row in this["Episodes"] if all(row.get(k, "") == v for k, v in wanted.items())]


def break_118(this: Set, last: Set) -> None:
    this["PlacedAdoption"][0]["DATE_PLACED_CEASED"] = "31/03/2026"


def break_352(this: Set, last: Set) -> None:
    first = episodes(this, RNE="S", DEC="")[0]
    header = next(row for row in this["Header"] if row["CHILD"] == first["CHILD"])
    header["DOB"] = first["DECOM"][:6] + str(int(first["DECOM"][6:]) - 18)


def break_361(this: Set, last: Set) -> None:
    episodes(this, REC="E4A")[0]["LS"] = "L1"


def break_444(this: Set, last: Set) -> None:
    this["Header"][3]["UPN"] = this["Header"][7]["UPN"].lower()


def set_first(table: str, column: str, value: str) -> Callable[[Set, Set], None]:
    return lambda this, last: this[table][0].update({column: value})


BREAKS: dict[str, tuple[Callable[[Set, Set], None], int]] = {
    "101": (set_first("Header", "SEX", ""), 1),
    "118": (break_118, 2),
    "148": (lambda this, last: episodes(this, REC="E4A")[0].update(REC=""), 1),
    "186": (set_first("OC2", "SDQ_SCORE", ""), 1),
    "231": (
        lambda this, last: next(r for r in this["Header"] if r["CHILD"] == this["UASC"][0]["CHILD"]).update(
            DOB="01/04/2016"
        ),
        1,
    ),
    "352": (break_352, 1),
    "361": (break_361, 1),
    "434": (lambda this, last: episodes(this, RNE="L")[0].update(LS="V2"), 1),
    "444": (break_444, 2),
    "503A": (set_first("Episodes", "RNE", "T"), 1),
    "578": (set_first("Missing", "MIS_START", "01/01/2019"), 1),
    "1005": (set_first("Missing", "MIS_END", "31/02/2027"), 1),
}


@pytest.mark.parametrize("code", BREAKS)
def test_breaking_one_rule_on_purpose_is_found_by_that_rule_alone(checked: Check, code: str) -> None:
    change, rows = BREAKS[code]
    result = checked(change)
    assert [finding.rule for finding in result.findings] == [code] * rows
    assert {finding.group for finding in result.findings} == {1}


def test_every_rule_has_a_way_to_break_it() -> None:
    assert set(BREAKS) == {page.code for _, page in RULES}


@pytest.mark.parametrize("table", sorted({table for rule in rules_of("ssda903").rules for table in rule.reads}))
def test_a_missing_table_stops_exactly_the_rules_that_read_it(checked: Check, table: str) -> None:
    readers = {r.code for r in rules_of("ssda903").rules if table in r.reads}
    result = checked(without=table)
    assert set(result.outcome.not_run) == readers
    assert set(result.outcome.ran) == {r.code for r in rules_of("ssda903").rules} - readers
    name = f"last year's {table.removesuffix(LAST)}" if table.endswith(LAST) else f"the table {table}"
    assert set(result.outcome.not_run.values()) == {f"{name} was not given"}


@pytest.mark.parametrize("code", [page.code for _, page in RULES])
def test_a_rule_whose_sql_breaks_is_not_run_and_never_silent(
    checked: Check, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rules_of("ssda903")
    broken = tuple(
        dataclasses.replace(r, sql=f"({r.sql}) and nonsense" if r.table else f"{r.sql} limit nonsense(1)")
        if r.code == code
        else r
        for r in whole.rules
    )
    monkeypatch.setattr("fairhold.returns.checking.load_rules", lambda of: dataclasses.replace(whole, rules=broken))
    result = checked(BREAKS[code][0])
    assert list(result.outcome.not_run) == [code]
    assert code not in result.outcome.ran
    assert result.findings == []


def test_the_manual_page_is_made_from_the_pages() -> None:
    file = TREE / "docs" / "reference" / "rules.md"
    assert file.read_text("utf-8") == manual.whole([declared(name) for name in MODULES]), "run: make docs"
