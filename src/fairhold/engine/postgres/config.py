"""The server's settings: for two cores and bulk loads, and so that nothing personal reaches a log."""

from __future__ import annotations

from pathlib import Path

BOOTSTRAP = "fairhold_bootstrap"  # the superuser initdb needs; no line of pg_hba.conf lets it in
DATABASE = "fairhold"
ROLES = {"owner": "fairhold_owner", "web": "fairhold_web", "worker": "fairhold_worker"}

_SETTINGS = {
    # reached by its socket alone
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "password_encryption": "'scram-sha-256'",
    "max_connections": "80",
    # two cores, a few gigabytes, bulk loads
    "shared_buffers": "'256MB'",
    "effective_cache_size": "'1GB'",
    "work_mem": "'32MB'",
    "maintenance_work_mem": "'128MB'",
    "max_parallel_workers_per_gather": "0",  # large questions go to DuckDB; containers give little shared memory
    "jit": "off",
    "random_page_cost": "1.1",
    "max_wal_size": "'2GB'",
    "min_wal_size": "'80MB'",
    "checkpoint_timeout": "'15min'",
    "synchronous_commit": "on",
    "wal_recycle": "off",  # disposal: an old segment is deleted, not kept under a new name with old rows inside
    "wal_init_zero": "on",
    # the day is decided by fairhold.dates; instants are UTC
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "datestyle": "'ISO, DMY'",
    # nothing personal in a log: no statements, no values, no errors that quote them
    "logging_collector": "off",
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_checkpoints": "off",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_autovacuum_min_duration": "-1",
    "track_activity_query_size": "1024",
    # a role made by the owner is not used by it without being asked
    "createrole_self_grant": "''",
}


def write(data: Path, socket: Path, major: int) -> None:
    """Write all configuration anew, so that settings of this version hold and no hand-made line opens a door."""
    settings = {**_SETTINGS, "unix_socket_directories": f"'{socket}'"}
    if major < 16:  # the setting came with version 16
        settings.pop("createrole_self_grant")
    lines = [f"{name} = {value}\n" for name, value in settings.items()]
    _overwrite(data / "postgresql.conf", "# written by Fairhold at each start\n" + "".join(lines))
    rules = [f"local all {role} scram-sha-256\n" for role in ROLES.values()]
    _overwrite(
        data / "pg_hba.conf", "# written by Fairhold at each start; who is not named is refused\n" + "".join(rules)
    )
    _overwrite(data / "pg_ident.conf", "")


def _overwrite(path: Path, text: str) -> None:
    """Write into the file that initdb made, which keeps its owner and its mode of 0600."""
    with path.open("r+", encoding="utf-8") as out:
        out.truncate()
        out.write(text)


def first_statements(passwords: dict[str, str]) -> tuple[str, str]:
    """SQL for single-user mode, run once: in `postgres` to make logins and the database, then inside that database.

    The owner owns the database and makes roles, but is no superuser and cannot pass by row policies of others.
    """
    owner, web, worker = ROLES["owner"], ROLES["web"], ROLES["worker"]
    plain = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT"
    cluster = [
        f"CREATE ROLE {owner} LOGIN NOSUPERUSER CREATEDB CREATEROLE NOREPLICATION NOBYPASSRLS "
        f"PASSWORD '{passwords['owner']}'",
        f"CREATE ROLE {web} {plain} PASSWORD '{passwords['web']}'",
        f"CREATE ROLE {worker} {plain} PASSWORD '{passwords['worker']}'",
        f"ALTER ROLE {web} SET statement_timeout = '30s'",
        f"ALTER ROLE {web} SET lock_timeout = '10s'",
        f"ALTER ROLE {web} SET idle_in_transaction_session_timeout = '2min'",
        f"ALTER ROLE {worker} SET lock_timeout = '60s'",
        f"ALTER ROLE {worker} SET idle_in_transaction_session_timeout = '30min'",
        f"GRANT pg_checkpoint TO {owner}",  # disposal writes the log's end itself
        f"CREATE DATABASE {DATABASE} OWNER {owner}",
        "REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC",
    ]
    inside = [
        f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC",
        # temporary tables are where bulk rows wait; purpose roles need them too and nobody else can log in
        f"GRANT TEMPORARY ON DATABASE {DATABASE} TO PUBLIC",
        f"GRANT CONNECT ON DATABASE {DATABASE} TO {web}, {worker}",
        f"ALTER SCHEMA public OWNER TO {owner}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION pg_switch_wal() TO {owner}",
    ]
    return _script(cluster), _script(inside)


def _script(statements: list[str]) -> str:
    """Single-user mode with -j takes a statement at each semicolon that an empty line follows."""
    return "".join(f"{statement};\n\n" for statement in statements)
