"""Keeping, opening, listing, checking and erasing files."""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import BinaryIO

from fairhold import governance
from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.engine.secret import secret
from fairhold.vault import folder, queries, sealing
from fairhold.vault.domain import VaultError, VaultFile

VARIABLE, KEY_FILE = "FAIRHOLD_VAULT_KEY", "vault.key"


class _Measured:
    """Counts and hashes the chunks that pass through it."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks, self.size, self.hash = chunks, 0, hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            self.size += len(chunk)
            self.hash.update(chunk)
            yield chunk


def keep(
    scope: Scope,
    data: bytes | BinaryIO,
    *,
    kind: str,
    klass: str,
    retention: str,
    due: date | None = None,
    opens_for: Sequence[str] = (),
) -> VaultFile:
    """Keep a file, encrypted, and return its record; the record becomes visible when the scope commits.

    The same bytes kept twice are two files, each with its own class, due date and end. `opens_for` names purposes
    beside the running one that may open it. Raises VaultFull, leaving nothing, when there is no room. If the scope
    rolls back, the bytes stay unreadable for ever (their key was never stored) and are swept a day later.
    """
    if not (kind and klass and retention):
        raise VaultError("A file is kept only with its kind, class and retention rule.")
    roles = [_role(purpose) for purpose in opens_for]
    name, key = secrets.token_hex(16), secrets.token_bytes(sealing.KEY_SIZE)
    wrapped = sealing.wrap(_master(), name.encode(), key)
    source = io.BytesIO(data) if isinstance(data, bytes) else data
    content = _Measured(iter(partial(source.read, sealing.CHUNK), b""))
    sealed = _Measured(sealing.seal(key, name.encode(), content))
    folder.write(name, sealed)
    try:
        kept = queries.insert(
            scope,
            name=name,
            kind=kind,
            klass=klass,
            retention=retention,
            due=due,
            size=content.size,
            sha256=content.hash.hexdigest(),
            sealed_sha256=sealed.hash.hexdigest(),
            kept_at=clock.now(),
        )
        queries.insert_key(scope, file=kept.id, opens_for=roles, wrapped=wrapped)
    except BaseException:
        folder.remove(name)
        raise
    return kept


def _master() -> bytes:
    return secret(VARIABLE, KEY_FILE)


def _role(purpose: str) -> str:
    for known in governance.purposes():
        if known.slug == purpose:
            return known.database_role
    raise VaultError(f"There is no purpose “{purpose}” to keep a file for.")


def stream(scope: Scope, number: int) -> Iterator[bytes]:
    """The content of a kept file, piece by piece; each piece is genuine. Raises VaultError or Damaged in a sentence."""
    file = queries.find(scope, number)
    if file is None or file.state != "kept":
        raise VaultError("There is no such file in the vault: it was never kept, or its time was up.")
    wrapped = queries.wrapped_key(scope, number)
    if wrapped is None:
        raise VaultError(f"This file was not kept for the purpose “{scope.purpose.title}”.")
    key = sealing.unwrap(_master(), file.name.encode(), wrapped)
    try:
        yield from sealing.unseal(key, file.name.encode(), folder.read(file.name))
    except FileNotFoundError:
        raise VaultError(
            "The bytes of this file are missing from the vault's folder: restore it from a backup."
        ) from None


def open(scope: Scope, number: int) -> bytes:
    """The content of a kept file."""
    return b"".join(stream(scope, number))


def files(scope: Scope) -> list[VaultFile]:
    """Every file that is or was kept, with class and due date."""
    return queries.listed(scope)


@verb("vault.list")
def listed(scope: Scope) -> list[VaultFile]:
    """Every file that is or was kept, for people who look after them."""
    found = files(scope)
    scope.tell(files=len(found))
    return found


@verb("vault.erase")
def erase(scope: Scope, *, file: int) -> None:
    """Dispose of a file: its key dies with this scope's commit. Hash, size and class remain.

    The bytes, unreadable from then on, are removed by `sweep` after the commit: a scope that rolls back loses nothing.
    """
    if not queries.erase(scope, file, clock.now()):
        raise VaultError("There is no such file in the vault, or it is already gone.")
    scope.tell(file=file)


def sweep(scope: Scope) -> int:
    """Remove the bytes of erased files and what a killed process left; returns how many. Call it after a disposal."""
    found = queries.listed(scope)
    erased = sum(folder.remove(file.name) for file in found if file.state == "erased")
    return erased + folder.sweep({file.name for file in found})
