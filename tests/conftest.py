"""Fixtures every room's tests share: a real PostgreSQL of its own per worker, and scopes of every role and purpose."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from fairhold import access
from fairhold.engine.postgres.launcher import Running

# Begun first, so that no worker waits at the end for another that has just begun one of them (`make test`).
LONGEST = (
    "tests/web/test_journeys.py",
    "tests/house/test_odd_requests.py",
    "tests/web/test_journeys_of_sharing.py",
    "tests/house/test_canaries.py",
    "tests/house/test_matrix.py",
    "tests/insight/test_borough.py",
    "tests/returns/test_whole_set.py",
    "tests/returns/test_rules.py",
    "tests/intake/test_kill.py",
    "tests/returns/test_plain_reference.py",
    "tests/web/test_acts.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(LONGEST)))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """A migrated demo store in a folder of its own; the web and worker logins run the tests."""
    from fairhold import engine
    from fairhold.access import schema
    from fairhold.engine import database

    with pytest.MonkeyPatch.context() as patch:
        for name in ("FAIRHOLD_DATABASE_URL", "FAIRHOLD_OWNER_DATABASE_URL", "FAIRHOLD_WORKER_DATABASE_URL"):
            patch.delenv(name, raising=False)
        home = Path(tempfile.mkdtemp(prefix="fairhold-test-"))
        patch.setenv("FAIRHOLD_HOME", str(home))
        assert engine.home() == home
        _need_not_outlive_a_power_cut(engine.postgres.launcher.join())
        schema.migrate(demo=True)
        yield home
        database.close_pools()
        engine.postgres.launcher.remove()
        shutil.rmtree(home, ignore_errors=True)


def _need_not_outlive_a_power_cut(running: Running) -> None:
    """This store is thrown away: its server need not wait for the disk. A killed server loses nothing by that."""
    with (running.places.data / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.write("fsync = off\nfull_page_writes = off\n")
    os.kill(running.pid, signal.SIGHUP)


@pytest.fixture
def clean(cluster: Path) -> Path:
    """The store with every table of facts and of the rooms empty again."""
    empty_store()
    return cluster


def empty_store() -> None:
    """Empty every table but the kind of store and the ledger's own; one that never held a row need not be made anew.
    The notice that was published from it goes too."""
    from fairhold import engine
    from fairhold.engine import database

    shutil.rmtree(engine.home() / "notice", ignore_errors=True)
    with database.connect("owner") as owner:
        names = owner.execute(
            "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where c.relkind = 'r' and c.relpersistence = 'p' and pg_relation_size(c.oid) > 0"
            " and n.nspname not in ('pg_catalog', 'information_schema', 'ledger')"
            " and c.relname not in ('store', 'schema_digest')"
        ).fetchall()
        if names:
            owner.execute(f"truncate {', '.join(name for (name,) in names)} restart identity cascade")


@pytest.fixture
def actor(cluster: Path) -> Callable[[str], access.Actor]:
    """`actor("data-officer")`: somebody with that role (made up)."""
    return lambda role: access.Actor(id=1, name=f"Made-up {role}", role=role)


@pytest.fixture
def scope_for(
    actor: Callable[[str], access.Actor],
) -> Callable[[str, str], AbstractContextManager[access.Scope]]:
    """`with scope_for("data-officer", "data-intake") as scope:` a scope of that role and purpose."""
    return lambda role, purpose: access.scope(actor(role), purpose)
