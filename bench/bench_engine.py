"""The engine's own costs: starting the server, joining it, reading in columns, opening DuckDB."""

from __future__ import annotations

import time
from collections.abc import Callable

from bench.figures import Figure, median_ms, show
from bench.store import fresh_store
from fairhold.engine import columns, database
from fairhold.engine.postgres import launcher

ROWS = 500_000
QUESTION = "select id, label, day from made_up"


def seconds(work: Callable[[], object]) -> float:
    """How long it takes once."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """Print the figures."""
    with fresh_store():
        show(Figure("first start, with making the cluster", seconds(launcher.join), "s"))
        show(Figure("asking again when already joined", median_ms(launcher.join, 500), "ms"))
        launcher.leave()
        show(Figure("later start, after the last user left", seconds(launcher.join), "s"))
        reading()
        show(Figure("an empty DuckDB", median_ms(lambda: columns.duck().close(), 10), "ms"))


def reading() -> None:
    """Rows to Arrow under a role, beside the same rows as Python tuples."""
    with database.connect("owner") as owner:
        owner.execute("create role p_bench")
        owner.execute("grant p_bench to fairhold_web with inherit false")
        owner.execute(
            "create table made_up as select i as id, 'label ' || i as label, date '2020-01-01' + i % 2000 as day"
            f" from generate_series(1, {ROWS}) i"
        )
        owner.execute("grant usage on schema public to p_bench")
        owner.execute("grant select on made_up to p_bench")
    dsn = database.dsn("web")
    columns.arrow(dsn, "p_bench", "select 1")
    taken = seconds(lambda: columns.arrow(dsn, "p_bench", QUESTION))
    with database.connect("web") as web:
        web.execute("set role p_bench")
        tuples = seconds(lambda: web.execute(QUESTION).fetchall())
    peer = f"psycopg fetchall: {ROWS / tuples / 1e6:.2f} million rows/s"
    show(Figure("rows read in columns under a role", ROWS / taken / 1e6, "million rows/s", "", peer))


if __name__ == "__main__":
    main()
