"""Columns: only what a role may see, on one snapshot; and a DuckDB that reaches nothing and leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from fairhold import engine
from fairhold.engine import columns, database, spill

ROLE = "p_reading"


@pytest.fixture(scope="module")
def web(home: Path) -> str:
    """The web login's address, in a store with one table it may read as `p_reading` and one it may not."""
    with database.connect("owner") as owner:
        owner.execute(f"create role {ROLE}")
        owner.execute(f"grant {ROLE} to fairhold_web with inherit false, set true")
        owner.execute(f"grant usage on schema public to {ROLE}")
        owner.execute("create table seen (n int, label text, day date)")
        owner.execute("create table unseen (n int)")
        owner.execute("insert into seen select i, 'made up ' || i, date '2026-01-01' + i from generate_series(1, 9) i")
        owner.execute(f"grant select on seen to {ROLE}")
    return database.dsn("web")


def test_a_role_reads_its_table_in_columns(web: str) -> None:
    found = columns.arrow(web, ROLE, "select n, label, day from seen where n > $1 and label <> $2", (7, "made up 8"))
    assert found.to_pydict() == {"n": [9], "label": ["made up 9"], "day": [date(2026, 1, 10)]}


@pytest.mark.parametrize(
    ("role", "sql", "sentence"),
    [
        (ROLE, "select n from unseen", "permission denied for table unseen"),
        ("fairhold_owner", "select 1", 'permission denied to set role "fairhold_owner"'),
        (ROLE, "update seen set n = 0", "could not answer"),
        (ROLE, "select 'made-up name'::date", "could not answer"),
        ('x"; drop table seen; --', "select 1", "not the name of a database role"),
    ],
)
def test_what_it_may_not_do_is_one_sentence(web: str, role: str, sql: str, sentence: str) -> None:
    with pytest.raises(engine.EngineError, match=sentence) as error:
        columns.arrow(web, role, sql)
    assert "made-up name" not in str(error.value), "a value never stands in an error"


def test_questions_share_one_snapshot(web: str) -> None:
    with columns.reading(web, ROLE) as read:
        before = read("select count(*) as n from seen")
        with database.connect("owner") as owner:
            owner.execute("insert into seen values (10)")
        assert read("select count(*) as n from seen") == before
    with database.connect("owner") as owner:
        owner.execute("delete from seen where n = 10")


def test_an_exported_snapshot_can_be_joined(web: str) -> None:
    with database.connect("web") as session:
        session.execute("set transaction isolation level repeatable read")
        (snapshot,) = session.execute("select pg_export_snapshot()").fetchone() or ("",)
        with database.connect("owner") as owner:
            owner.execute("insert into seen values (11)")
        asked = "select count(*) as n from seen"
        assert columns.arrow(web, ROLE, asked, snapshot=snapshot)["n"].to_pylist() == [9]
        assert columns.arrow(web, ROLE, asked)["n"].to_pylist() == [10]
    with pytest.raises(engine.EngineError, match="not one PostgreSQL gave out"):
        columns.arrow(web, ROLE, "select 1", snapshot="'; drop table seen")


def test_duckdb_works_over_arrow(web: str) -> None:
    with columns.duck() as duck:
        duck.register("seen", columns.arrow(web, ROLE, "select n, label from seen where n < 4"))
        assert duck.sql("select sum(n) from seen").fetchall() == [(6,)]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "copy (select 1) to '/tmp/fairhold-leak.csv'",
        "attach '/tmp/fairhold-leak.db'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set temp_directory = '/tmp'",
        "set autoinstall_known_extensions = true",
    ],
)
def test_duckdb_reaches_no_file_no_extension_and_keeps_its_settings(home: Path, sql: str) -> None:
    with columns.duck() as duck, pytest.raises(duckdb.Error):
        duck.execute(sql)


def test_a_named_folder_can_be_read_and_no_other(home: Path, tmp_path: Path) -> None:
    named, other = tmp_path / "o'clock", tmp_path / "other"
    for folder in (named, other):
        folder.mkdir()
        (folder / "made-up.csv").write_text("n\n1\n2\n")
    with columns.duck(readable=[named]) as duck:
        asked = "select sum(n) from read_csv(?)"
        assert duck.execute(asked, [str(named / "made-up.csv")]).fetchall() == [(3,)]
        with pytest.raises(duckdb.Error):
            duck.execute(asked, [str(other / "made-up.csv")])


def test_python_variables_are_never_taken_for_tables(home: Path) -> None:
    import pyarrow

    pupils = pyarrow.table({"n": [1]})
    with columns.duck() as duck, pytest.raises(duckdb.CatalogException):
        duck.execute("select * from pupils")
    assert pupils.num_rows == 1


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("FAIRHOLD_MEMORY_MB", "64")
    monkeypatch.setenv("FAIRHOLD_THREADS", "1")
    return


def test_what_does_not_fit_is_spilled_and_its_folder_ends_with_it(home: Path, little_memory: None) -> None:
    with columns.duck() as duck:
        assert duck.execute("select current_setting('threads')").fetchone() == (1,)
        spilled = duck.execute("select current_setting('temp_directory')").fetchone()
        assert spilled
        folder = Path(spilled[0])
        assert folder.parent == home / "spill"
        assert folder.stat().st_mode & 0o777 == 0o700
        duck.execute(
            "create table big as select i, repeat('x', 100) || i as t from range(1500000) r(i) order by t desc"
        )
        assert any(folder.iterdir()), "it did not fit into 64 MiB"
    spill.empty()
    assert not folder.exists()


KILLED = """
import time
from fairhold.engine import columns
duck = columns.duck()
print(duck.execute("select current_setting('temp_directory')").fetchone()[0], flush=True)
time.sleep(60)
"""


def test_what_a_killed_program_spilled_is_deleted_by_the_next(home: Path) -> None:
    started = subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True)
    assert started.stdout
    left = Path(started.stdout.readline().strip())
    (left / "made-up.tmp").write_text("spilled")
    columns.duck().close()
    assert left.exists(), "its program still runs"
    os.kill(started.pid, signal.SIGKILL)
    started.communicate()
    columns.duck().close()
    assert not left.exists()


def test_a_command_without_a_store_leaves_no_home_behind(tmp_path: Path) -> None:
    code = "from fairhold.engine import columns; columns.duck().execute('select 1')"
    environment = {**os.environ, "FAIRHOLD_HOME": str(tmp_path / "none")}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_importing_the_engine_loads_no_engine() -> None:
    heavy = ("psycopg", "psycopg_pool", "duckdb", "pyarrow", "adbc_driver_postgresql")
    code = f"import sys, fairhold.engine; print(*sorted(set({heavy}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
