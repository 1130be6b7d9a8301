"""What it costs to come in by the only door: a transaction under a purpose's role."""

from __future__ import annotations

from bench.figures import Figure, median_ms, show
from bench.store import fresh_store
from fairhold import access
from fairhold.access import schema
from fairhold.engine import database

TIMES = 2000


def main() -> None:
    """Measure entry and exit of a scope, beside the same pool's connection without one."""
    with fresh_store():
        schema.migrate(demo=True)
        actor = access.Actor(id=1, name="Made-up analyst", role="analyst")

        def scope() -> None:
            with access.scope(actor, "statistics"):
                pass

        def bare() -> None:
            with database.pool("web").connection() as connection:
                connection.execute("select 1")

        scope()
        peer = f"psycopg_pool, `select 1`, no scope: {median_ms(bare, TIMES):.3f} ms"
        show(Figure("scope entry and exit, median", median_ms(scope, TIMES), "ms", "≤ 1 ms", peer))


if __name__ == "__main__":
    main()
