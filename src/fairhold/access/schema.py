"""Brings a store up to date: every room's tables in the order of the layers, then roles, grants and row policies.

One transaction, run by the owner; a second run changes nothing. The store remembers the digest of what was run.
"""

from __future__ import annotations

import hashlib
from importlib import resources

import psycopg

from fairhold import catalogue
from fairhold.access import extract_views, generated
from fairhold.access.errors import Refused
from fairhold.engine import database

BEFORE_FACTS = ("ledger", "access", "vault", "release", "rulebook", "work", "choices", "policy", "facts")
AFTER_FACTS = ("intake", "identity", "record", "sharing", "returns", "insight", "retention", "notice", "proof", "web")
LOCK = 7_305_001


def _room_sql(room: str) -> str:
    file = resources.files("fairhold") / room / "schema.sql"
    return file.read_text("utf-8") if file.is_file() else ""


def _script() -> list[str]:
    fact_schemas = "\n".join(f"create schema if not exists {name};" for name in generated.schemas())
    return [
        "create schema if not exists system;",
        generated.roles(),
        fact_schemas,
        *map(_room_sql, BEFORE_FACTS),
        *(generated.fact_table(table) for table in catalogue.tables()),
        *map(_room_sql, AFTER_FACTS),
        extract_views.statements(),
    ]


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def migrate(*, demo: bool | None = None) -> bool:
    """Bring the store up to date and return whether anything was run.

    `demo` says what kind of store a new one is to be (None leaves it as it is; a new store is then a real one). A
    store never changes its kind: made-up accounts cannot exist in a real one, nor real children in a demo.
    """
    script = _script()
    every = frozenset(row["table"] for row in generated.system_tables())
    wanted = _digest([*script, generated.fact_grants(), generated.system_grants(set(every), every, every, every)])
    with database.connect("owner") as owner:
        owner.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        if _already(owner, wanted):
            _settle_kind(owner, demo)
            return False
        owner.execute("set local client_min_messages to warning")
        for part in filter(str.strip, script):
            owner.execute(part)
        _grant(owner)
        _settle_kind(owner, demo)
        owner.execute("create table if not exists system.schema_digest (digest text not null)")
        owner.execute("delete from system.schema_digest")
        owner.execute("insert into system.schema_digest values (%s)", (wanted,))
    return True


def _already(owner: psycopg.Connection, wanted: str) -> bool:
    if owner.execute("select to_regclass('system.schema_digest')").fetchone() == (None,):
        return False
    return owner.execute("select digest from system.schema_digest").fetchone() == (wanted,)


def _grant(owner: psycopg.Connection) -> None:
    found = owner.execute(
        "select schemaname || '.' || tablename from pg_tables union select schemaname || '.' || viewname from pg_views"
    ).fetchall()
    owner.execute(generated.revoke_all([*generated.schemas(), "system", "totals"]))
    owner.execute(generated.fact_grants())
    existing = {name for (name,) in found}
    columns = (_with(owner, column) for column in ("guard", "care", "subject_id"))
    owner.execute(generated.system_grants(existing, *columns))
    owner.execute(
        f"grant select (id, name, login, role, password_hash, os_user, made_up, disabled) on system.account"
        f" to {generated.SIGN_IN}; grant select on system.store to {generated.SIGN_IN};"
    )


def _with(owner: psycopg.Connection, column: str) -> frozenset[str]:
    """The tables that have a column."""
    found = owner.execute(
        "select table_schema || '.' || table_name from information_schema.columns where column_name = %s", (column,)
    ).fetchall()
    return frozenset(name for (name,) in found)


def _settle_kind(owner: psycopg.Connection, demo: bool | None) -> None:
    kind = owner.execute("select demo from system.store").fetchone()
    if kind is None:
        owner.execute("insert into system.store (demo) values (%s)", (bool(demo),))
    elif demo is not None and kind != (demo,):
        raise Refused(
            "This store is a real one: the demo needs a folder of its own (set FAIRHOLD_HOME)."
            if demo
            else "This store is a demo: real data needs a store of its own (FAIRHOLD_HOME or FAIRHOLD_DATABASE_URL)."
        )
