"""The named date functions mean the same in plain Python, on DuckDB and PostgreSQL, 29 February and 31 August too."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from fairhold.rulebook.functions import BY_NAME, NAMED, definitions, schema
from fairhold.rulebook.reference import OF_DATES, collection_end, collection_start, working_days_between

HOLIDAYS = (date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 12, 25))
ON_DAY = date(2026, 11, 23)
SPECIAL = [
    date(y, m, d)
    for y in (1999, 2000, 2004, 2008, 2023, 2024, 2025, 2026, 2027, 2028)
    for m, d in ((1, 1), (2, 28), (3, 1), (3, 31), (4, 1), (8, 31), (9, 1), (9, 30), (10, 31), (12, 31))
] + [date(2000, 2, 29), date(2004, 2, 29), date(2008, 2, 29), date(2024, 2, 29), date(2028, 2, 29)]
Ask = Callable[[str], list[tuple[Any, ...]]]


def days() -> list[tuple[date, date, int]]:
    """Pairs of days and a number: all special days with one another, and many drawn at random."""
    chance = random.Random(903)
    drawn = [date(1990, 1, 1) + timedelta(days=chance.randrange(18_000)) for _ in range(400)]
    pairs = [(a, b) for a in SPECIAL for b in SPECIAL[::7]] + list(zip(drawn, reversed(drawn), strict=True))
    return [(a, b, chance.randrange(26)) for a, b in pairs]


def values() -> str:
    return ", ".join(f"(date '{a}', date '{b}', {n})" for a, b, n in days())


@pytest.fixture
def duckdb() -> Iterator[Ask]:
    import duckdb

    con = duckdb.connect()
    con.execute(definitions("duckdb", BY_NAME, year=2027, la="E09000031", holidays=map(str, HOLIDAYS), day=ON_DAY))
    yield lambda sql: con.execute(sql).fetchall()
    con.close()


@pytest.fixture
def postgres(cluster: Path) -> Iterator[Ask]:
    from fairhold.engine import database

    with database.connect("owner") as owner:
        owner.execute(definitions("postgres", ["working_days_between"], holidays=map(str, HOLIDAYS)))
        owner.execute("set local search_path = rulebook, public")
        owner.execute("set local fairhold.collection_year = '2027'; set local fairhold.submitting_la = 'E09000031'")
        owner.execute(f"set local fairhold.on_day = '{ON_DAY}'")
        yield lambda sql: owner.execute(sql).fetchall()
        owner.rollback()


def wanted(name: str) -> list[date | int]:
    takes_number = dict(BY_NAME[name].parameters).get("n") is not None
    one_day = len(BY_NAME[name].parameters) == 1
    return [OF_DATES[name](*((a,) if one_day else (a, n) if takes_number else (a, b))) for a, b, n in days()]


def arguments(name: str) -> str:
    parameters = BY_NAME[name].parameters
    return {1: "a", 2: "a, n" if dict(parameters).get("n") else "a, b"}[len(parameters)]


def check(ask: Ask, name: str) -> None:
    found = ask(f"select a, b, n, {name}({arguments(name)}) from (values {values()}) as t(a, b, n)")
    assert {(a, b, n): given for a, b, n, given in found} == dict(zip(days(), wanted(name), strict=True))


@pytest.mark.parametrize("name", sorted(OF_DATES))
def test_duckdb_agrees_with_plain_python(duckdb: Ask, name: str) -> None:
    check(duckdb, name)


@pytest.mark.parametrize("name", sorted(OF_DATES))
def test_postgresql_agrees_with_plain_python(postgres: Ask, name: str) -> None:
    check(postgres, name)


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_working_days_leave_out_weekends_and_bank_holidays(engine: str, request: pytest.FixtureRequest) -> None:
    ask: Ask = request.getfixturevalue(engine)
    found = ask(f"select a, b, n, working_days_between(a, b) from (values {values()}) as t(a, b, n)")
    for first, last, _, given in found:
        assert given == working_days_between(first, last, set(HOLIDAYS)), (first, last)


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_the_year_of_the_collection_and_the_day_of_lists(engine: str, request: pytest.FixtureRequest) -> None:
    ask: Ask = request.getfixturevalue(engine)
    found = ask("select collection_year(), collection_start(), collection_end(), submitting_la(), on_day()")
    assert found == [(2027, collection_start(2027), collection_end(2027), "E09000031", ON_DAY)]


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
@pytest.mark.parametrize("name", sorted(OF_DATES))
def test_a_blank_gives_a_blank(engine: str, name: str, request: pytest.FixtureRequest) -> None:
    ask: Ask = request.getfixturevalue(engine)
    blank = {1: "null::date", 2: "null::date, 1" if "n" in arguments(name) else "null::date, date '2027-01-01'"}
    assert ask(f"select {name}({blank[len(BY_NAME[name].parameters)]})") == [(None,)]


def test_a_quotation_mark_in_the_authority_stays_text(duckdb: Ask) -> None:
    import duckdb as engine

    con = engine.connect()
    con.execute(definitions("duckdb", ["submitting_la"], la="x' or '1'='1"))
    assert con.execute("select submitting_la()").fetchone() == ("x' or '1'='1",)


def test_every_function_is_defined_for_every_engine_and_tested() -> None:
    of_run = {"collection_year", "collection_start", "collection_end", "submitting_la", "on_day"}
    assert {named.name for named in NAMED} == set(OF_DATES) | of_run | {"working_days_between"}
    spark = definitions("spark", BY_NAME, holidays=map(str, HOLIDAYS))
    for named in NAMED:
        assert f"create or replace temporary function {named.name}(" in spark
    assert "extract(" not in spark
    assert "::" not in spark


def test_the_store_gets_exactly_these_functions() -> None:
    file = Path(__file__).resolve().parents[2] / "src/fairhold/rulebook/schema.sql"
    assert file.read_text("utf-8") == schema()
