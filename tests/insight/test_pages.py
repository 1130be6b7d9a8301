"""Every measure: its page proves itself on both engines, and every indicator is measured or left out with a reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlglot

from fairhold.insight import domain
from fairhold.insight.tables import RETURN
from fairhold.returns.workbench import open_bench
from fairhold.rulebook import examples, manual
from fairhold.rulebook.compiled import load
from fairhold.rulebook.domain import Document, Drawing, RuleError
from fairhold.rulebook.functions import ENGINES, definitions

PAGES = manual.documents(RETURN)
MEASURES = [page for page in PAGES if not page.is_view]
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.stem)


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    con = open_bench()
    yield con
    con.close()


@pytest.fixture
def bench(engine: Any) -> Any:
    for (table,) in engine.execute("show tables").fetchall():
        engine.execute(f'drop table "{table}"')
    return engine


@pytest.mark.proves("N058")
@each_page
def test_the_drawn_examples_come_out_as_drawn(bench: Any, page: Document) -> None:
    assert examples.failures(bench, load(RETURN), [page], examples.LAST_DAY) == []


@each_page
def test_an_example_drawn_wrong_is_noticed(bench: Any, page: Document) -> None:
    (drawing,) = page.drawings
    drawn = page.code if page.is_view else page.told["counts"]
    first = next(row for row in drawing.rows if row.table == drawn and (page.is_view or row.marks))
    turned = [row for row in drawing.rows if row is not first or not page.is_view]
    if not page.is_view:
        turned = [dataclasses.replace(row, marks=("else",)) if row is first else row for row in turned]
    wrong = dataclasses.replace(page, drawings=(Drawing(tuple(turned), drawing.columns),))
    assert examples.failures(bench, load(RETURN), [wrong], examples.LAST_DAY)


@pytest.mark.parametrize("page", MEASURES, ids=lambda page: page.code)
def test_the_examples_show_what_counts_what_does_not_and_both_answers(page: Document) -> None:
    rows = [row for drawing in page.drawings for row in drawing.rows if row.table == page.told["counts"]]
    marks = {mark for row in rows for mark in row.marks}
    assert any(not row.marks for row in rows), "a row that does not count"
    assert marks >= ({"yes", "no"} if domain.find(page.code).unit == domain.PERCENT else set())
    assert marks


def test_every_indicator_is_measured_or_left_out_with_a_reason_and_every_measure_answers_one() -> None:
    rows = domain.read_csv("indicators")
    measured = {(one.area, one.kpi) for one in domain.measures().values()}
    left_out = {(row["area"], row["kpi"]) for row in rows if row["left_out"]}
    assert measured | left_out == {(row["area"], row["kpi"]) for row in rows}
    assert measured & left_out == set()
    assert len(rows) == len({(row["area"], row["kpi"]) for row in rows}) == 118


def test_every_group_of_a_breakdown_is_named_once_and_no_code_falls_into_two() -> None:
    for breakdown in domain.breakdowns().values():
        names = [group.name for group in breakdown.groups]
        codes = [code for group in breakdown.groups for code in group.codes]
        assert len(set(names)) == len(names)
        assert len(set(codes)) == len(codes)
    used = {cut for one in domain.measures().values() for cut in one.cuts}
    assert used == set(domain.breakdowns())


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"unit": "share"}, "referrals.md: is a share without categories; correct"),
        ({"unit": "most"}, "referrals.md: has the unit most; correct"),
        ({"period": "often"}, "referrals.md: has the period often; correct"),
        ({"unit": "%", "denominator": "all"}, "referrals.md: gives need_episode, child, day, referral_source and not"),
        ({"breakdowns": "[age, sex, shoes]"}, "referrals.md: gives need_episode, child, day, referral_source and not"),
    ],
)
def test_a_page_whose_words_do_not_go_together_is_refused_in_one_sentence(told: dict[str, str], sentence: str) -> None:
    page = domain.find("referrals")
    wrong = dataclasses.replace(page.document, told=page.document.told | told)
    with pytest.raises(RuleError) as refused:
        domain._measure(wrong, page.compiled, load(RETURN))
    assert refused.value.sentence.startswith(sentence)


def test_the_text_for_spark_can_be_read_as_spark() -> None:
    for page in PAGES:
        for text in manual.sql_of(load(RETURN, "spark"), page.code):
            assert sqlglot.parse_one(text, dialect="spark")
            assert '"' not in text


def test_postgresql_counts_what_is_drawn_too(cluster: Path) -> None:
    from fairhold.engine import database

    assert ENGINES[1] == "postgres"
    rules = load(RETURN, "postgres")
    with database.connect("owner") as db:
        db.execute("set local fairhold.collection_year = '2027'; set local fairhold.on_day = '2027-03-31'")
        db.execute(definitions("postgres", ["working_days_between"], holidays=examples.HOLIDAYS))
        for page in MEASURES:
            with db.transaction(force_rollback=True):
                assert _counted_by_postgresql(db, rules, page) == _drawn(page), page.code
        db.rollback()


def _drawn(page: Document) -> list[tuple[int, str]]:
    rows = [row for row in page.drawings[0].rows if row.table == page.told["counts"]]
    return sorted((n, mark) for n, row in enumerate(rows, start=1) for mark in row.marks)


def _counted_by_postgresql(db: Any, rules: Any, page: Document) -> list[tuple[int, str]]:
    (rule,) = (r for r in rules.rules if r.code == page.code)
    examples._lay_out(_TemporaryTables(db), rules, page.drawings[0], {*rule.reads, *rule.optional})
    for view in rules.views:
        if view.name in rule.views:
            db.execute(f'create temporary view "{view.name}" as {view.sql}')
    said = next((f'"{name}"' for name in examples.COUNTED_AS if name in rule.outputs), "true")
    found = db.execute(f'select "{page.told["counts"]}", {said} from ({rule.sql}) counted').fetchall()
    return sorted((row, examples._as_drawn(value)) for row, value in found)


class _TemporaryTables:
    """Lays examples out in tables that end with the transaction."""

    def __init__(self, db: Any) -> None:
        self.db = db

    def execute(self, sql: str) -> None:
        self.db.execute(sql.replace("create or replace table", "create temporary table").replace(" double", " float8"))
