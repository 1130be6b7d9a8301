"""Slows down guessing: after a few failed sign-ins the door stays shut for a while. Keeps no name and no address."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings

from fairhold import ledger
from fairhold.dates import clock
from fairhold.web import visits

WINDOW = timedelta(minutes=15)
KEPT = timedelta(hours=1)
# Per name and address together, per address, per name: a person mistypes; a school shares one address; an attacker
# spreads over many addresses.
LIMITS = {"both": 5, "address": 30, "name": 50}


def _keys(name: str, address: str) -> dict[str, bytes]:
    secret = settings.SECRET_KEY.encode()
    parts = {"both": f"{name}\0{address}", "address": address, "name": name}
    return {kind: hmac.new(secret, f"{kind}\0{text}".encode(), hashlib.sha256).digest() for kind, text in parts.items()}


def shut(name: str, address: str) -> bool:
    """Whether too many sign-ins under this name or from this address failed in the last quarter of an hour."""
    keys = _keys(name, address)
    with visits.connection() as door:
        rows = door.execute(
            "select key, count(*) from system.sign_in_failure where key = any(%s) and at > %s group by key",
            (list(keys.values()), clock.now() - WINDOW),
        ).fetchall()
    counts = {bytes(key): count for key, count in rows}
    return any(counts.get(keys[kind], 0) >= limit for kind, limit in LIMITS.items())


def failed(name: str, address: str, *, account: int | None, what: str = "signin.refused") -> None:
    """Note a failed sign-in (or another guess: `what`), here for counting and in the ledger for people.

    Those older than an hour are forgotten here.
    """
    ledger.append(
        what,
        actor=str(account or "unknown"),
        role="",
        purpose="",
        detail={"known": int(account is not None)},
    )
    now = clock.now()
    with visits.connection() as door:
        door.execute("delete from system.sign_in_failure where at < %s", (now - KEPT,))
        with door.cursor() as cursor:
            cursor.executemany(
                "insert into system.sign_in_failure (key, at) values (%s, %s)",
                [(key, now) for key in _keys(name, address).values()],
            )
