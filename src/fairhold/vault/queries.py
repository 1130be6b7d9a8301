"""The SQL of the vault."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from fairhold.access import Scope
from fairhold.access.scope import Row
from fairhold.vault.domain import VaultFile

_FILE = "id, name, kind, class as klass, retention, due, size, sha256, kept_at, state, sealed_sha256"


def insert(
    scope: Scope,
    *,
    name: str,
    kind: str,
    klass: str,
    retention: str,
    due: date | None,
    size: int,
    sha256: str,
    sealed_sha256: str,
    kept_at: datetime,
) -> VaultFile:
    """Add the row of a file."""
    found = scope.one(
        f"insert into system.vault_file (name, kind, class, retention, due, size, sha256,"
        " sealed_sha256, kept_at)"
        f" values (%s, %s, %s, %s, %s, %s, %s, %s, %s) returning {_FILE}",
        (name, kind, klass, retention, due, size, sha256, sealed_sha256, kept_at),
    )
    assert found is not None
    return _file(found)


def insert_key(scope: Scope, *, file: int, opens_for: Sequence[str], wrapped: bytes) -> None:
    """Add a file's locked key, for the running purpose and the database roles of others."""
    scope.run(
        "insert into system.vault_key (file_id, opens_for, wrapped) values (%s, current_user || %s::name[], %s)",
        (file, list(opens_for), wrapped),
    )


def find(scope: Scope, number: int) -> VaultFile | None:
    """The file with this number."""
    found = scope.one(f"select {_FILE} from system.vault_file where id = %s", (number,))
    return _file(found) if found else None


def wrapped_key(scope: Scope, number: int) -> bytes | None:
    """The locked key of a file, or None when it is gone or not for this purpose."""
    found = scope.value("select wrapped from system.vault_key where file_id = %s", (number,))
    return None if found is None else bytes(found)


def listed(scope: Scope) -> list[VaultFile]:
    """Every file that is or was kept, in the order of keeping."""
    return [_file(row) for row in scope.rows(f"select {_FILE} from system.vault_file order by id")]


def erase(scope: Scope, number: int, at: datetime) -> bool:
    """Let a file's key die; returns whether there was such a kept file."""
    return bool(scope.value("select system.erase_vault_file(%s, %s)", (number, at)))


def _file(row: Row) -> VaultFile:
    return VaultFile(**row)
