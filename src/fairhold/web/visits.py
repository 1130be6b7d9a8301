"""A visit: one person signed in, with the purpose they chose. Kept in the store, so it can be ended there at once.

The browser holds a random token; the store holds its hash. What a person searched for last is kept with the visit,
encrypted under the token: nobody can read it without the browser, and it ends with the visit.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import sql
from psycopg.rows import TupleRow, tuple_row

from fairhold import governance, ledger
from fairhold.access import accounts
from fairhold.access.generated import SIGN_IN
from fairhold.access.roles import role
from fairhold.dates import clock
from fairhold.engine import database

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
_NOTED = timedelta(minutes=1)  # how often a visit's last use is written down


@dataclass(frozen=True)
class Visit:
    """One person signed in. `purpose` is None until they chose one; `notice` is a sentence for the next page."""

    token: str
    account: accounts.Account
    purpose: governance.Purpose | None = None
    notice: str | None = None

    @property
    def choices(self) -> tuple[governance.Purpose, ...]:
        """The purposes this person may choose."""
        return role(self.account.role).purposes()


@contextmanager
def connection() -> Iterator[psycopg.Connection[TupleRow]]:
    """A transaction under the role that may sign people in and nothing else."""
    with database.pool("web").connection() as opened:
        opened.row_factory = tuple_row  # a scope may have used this connection before
        opened.execute(sql.SQL("set local role {}").format(sql.Identifier(SIGN_IN)))
        yield opened


def start(account: accounts.Account) -> Visit:
    """Sign a person in: a new token, one ledger event. A person with one purpose has it chosen for them."""
    visit = Visit(secrets.token_urlsafe(32), account)
    ledger.append("signin.in", actor=str(account.id), role=account.role, purpose="")
    with connection() as door:
        door.execute("delete from system.session where seen_at < %s", (clock.now() - IDLE,))
        door.execute(
            "insert into system.session (token_hash, account_id, started_at, seen_at) values (%s, %s, %s, %s)",
            (_hash(visit.token), account.id, clock.now(), clock.now()),
        )
    return choose(visit, visit.choices[0].slug) if len(visit.choices) == 1 else visit


def find(token: str) -> Visit | None:
    """The visit of a token, unless it idled too long, lasted too long, was ended, or the account was disabled."""
    now = clock.now()
    with connection() as door:
        row = door.execute(
            "select account_id, purpose, notice, seen_at from system.session"
            " where token_hash = %s and seen_at > %s and started_at > %s",
            (_hash(token), now - IDLE, now - LONGEST),
        ).fetchone()
        if row is not None and row[3] < now - _NOTED:
            door.execute("update system.session set seen_at = %s where token_hash = %s", (now, _hash(token)))
    account = accounts.by_id(row[0]) if row else None
    if row is None or account is None or account.disabled:
        return None
    visit = Visit(token, account, notice=row[2])
    return replace(visit, purpose=next((p for p in visit.choices if p.slug == row[1]), None))


def choose(visit: Visit, slug: str) -> Visit:
    """Work under another purpose from now on; the ledger notes it. Another's changes nothing."""
    chosen = next((purpose for purpose in visit.choices if purpose.slug == slug), None)
    if chosen is None:
        return visit
    ledger.append("signin.purpose", actor=str(visit.account.id), role=visit.account.role, purpose=chosen.slug)
    _set(visit, "update system.session set purpose = %s where token_hash = %s", chosen.slug)
    return replace(visit, purpose=chosen)


def end(visit: Visit) -> None:
    """Sign out: the visit and what it kept are gone."""
    purpose = visit.purpose.slug if visit.purpose else ""
    ledger.append("signin.out", actor=str(visit.account.id), role=visit.account.role, purpose=purpose)
    with connection() as door:
        door.execute("delete from system.session where token_hash = %s", (_hash(visit.token),))


def tell(visit: Visit, sentence: str) -> None:
    """Say something once, on the next page. Only sentences without personal data."""
    _set(visit, "update system.session set notice = %s where token_hash = %s", sentence)


def told(visit: Visit) -> None:
    """The notice was shown."""
    _set(visit, "update system.session set notice = %s where token_hash = %s", None)


def keep(visit: Visit, desk: dict[str, str]) -> None:
    """Keep what was searched for, so that it is neither in an address nor lost on going back."""
    nonce = secrets.token_bytes(12)
    sealed = nonce + _cipher(visit).encrypt(nonce, json.dumps(desk).encode(), None)
    _set(visit, "update system.session set desk = %s where token_hash = %s", sealed)


def kept(visit: Visit) -> dict[str, str]:
    """What was searched for last in this visit; empty when nothing was."""
    with connection() as door:
        row = door.execute("select desk from system.session where token_hash = %s", (_hash(visit.token),)).fetchone()
    if row is None or row[0] is None:
        return {}
    sealed = bytes(row[0])
    try:
        found: dict[str, str] = json.loads(_cipher(visit).decrypt(sealed[:12], sealed[12:], None))
    except InvalidTag:
        return {}
    return found


def _set(visit: Visit, statement: str, value: object) -> None:
    with connection() as door:
        door.execute(statement, (value, _hash(visit.token)))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _cipher(visit: Visit) -> AESGCM:
    return AESGCM(hashlib.blake2b(visit.token.encode(), digest_size=32, person=b"fairhold-desk").digest())
