"""For a recipient without a server: a package that waits for whoever has its number and its code, once, for a week.

The number may be known; the code is told by telephone or letter and only its keyed hash is kept. What is handed over is
the same encrypted package that would be sent: with the code alone nobody can read it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from fairhold import vault, work
from fairhold.access import Actor, Note, Scope, verb
from fairhold.dates import clock
from fairhold.engine.secret import secret
from fairhold.sharing import keys, queries, requesting
from fairhold.sharing.sending import ready
from fairhold.sharing.shares import ShareError, State

CHANNEL = "portal"
PURPOSE = "partner-request"
OPEN_FOR = timedelta(days=7)
WRONG_CODES = 5  # after so many the offer is closed, and the officer makes another
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another
CODE_LENGTH = 20  # of 31 signs: 99 bits
NOBODY = Actor(0, "Whoever has the code", "partner")


class Outcome(StrEnum):
    """How an attempt to fetch a package ended."""

    FETCHED = "fetched"
    WRONG = "The number and the code do not fit each other. Check both, or ask the council for a new code."
    CLOSED = "Too many wrong codes: this offer is closed. Ask the council for a new code."
    USED = "This package was fetched already. If that was not you, tell the council at once."
    LATE = "The time to fetch this package is up. Ask the council for a new code."
    STOPPED = "The council has stopped this share: nothing can be fetched. Ask the council."
    DAMAGED = "The kept package is not the one that was made: nothing is handed over. Tell the council."


@dataclass(frozen=True)
class Offer:
    """What the officer tells the recipient, on two ways: the number and, shown this once, the code."""

    number: str
    code: str
    closes_at: datetime


@dataclass(frozen=True)
class Attempt:
    """What came of it; `data` only when it was fetched."""

    outcome: Outcome
    name: str = ""
    data: bytes = b""


def _hashed(number: str, code: str) -> bytes:
    said = "".join(sign for sign in code.lower() if sign in SIGNS)
    return hmac.new(secret(*keys.SIGNING), f"collect\0{number}\0{said}".encode(), hashlib.sha256).digest()


@verb("shares.offer")
def offer(scope: Scope, *, share: int) -> Offer:
    """Let the packed share be fetched once, for a week, by whoever has the code. An earlier offer is closed."""
    found = queries.share(scope, share)
    if found.channel != CHANNEL:
        raise ShareError("This share is not one to be fetched: it goes another way.")
    if found.state not in (State.PACKED, State.SENT):
        raise ShareError(f"This share is {found.state.value}: pack it first.")
    ready(scope, found)
    now = clock.now()
    scope.run(
        "update system.share_collection set closed_at = %s where share_id = %s and closed_at is null", (now, share)
    )
    number = f"{secrets.randbelow(10**8):08d}"
    code = "".join(secrets.choice(SIGNS) for _ in range(CODE_LENGTH))
    closes = now + OPEN_FOR
    scope.run(
        "insert into system.share_collection (share_id, number, code, closes_at, file_id, name, sha256, size, made_by,"
        " made_at) select share_id, %s, %s, %s, file_id, name, sha256,"
        " (select size from system.vault_file where id = file_id), %s, %s"
        " from system.share_package where share_id = %s",
        (number, _hashed(number, code), closes, scope.actor.id, now, share),
    )
    scope.concerns(queries.subjects_on(scope, share))
    scope.tell(share=share, sha256=found.sha256 or "")
    grouped = "-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))
    return Offer(f"{number[:4]} {number[4:]}", grouped, closes)


@verb("shares.unfetched", daily=True)
def unfetched(scope: Scope) -> int:
    """Put on the list each package whose week is up and that nobody fetched; returns how many."""
    rows = scope.rows(
        "select c.share_id, s.works_under from system.share_collection c join system.share s on s.id = c.share_id"
        " join system.share_package k on k.share_id = s.id"
        " where c.id = (select max(id) from system.share_collection where share_id = c.share_id)"
        " and c.fetched_at is null and c.closes_at <= %s and k.expires > %s"
        " and not exists (select from system.share_transfer t where t.share_id = s.id and t.arrived)",
        (clock.now(), scope.day),
    )
    for row in rows:
        work.raise_item(
            scope,
            kind="share.unfetched",
            key=str(row["share_id"]),
            title=f"Nobody fetched share {row['share_id']} in its week: ask the recipient, and make a new code",
            role=requesting.worker(row["works_under"]),
            room="sharing",
            link=f"/shares/{row['share_id']}/package/",
        )
    work.close_others(scope, "share.unfetched", {str(row["share_id"]) for row in rows})
    scope.tell(shares=len(rows))
    return len(rows)


@verb("shares.collect")
def collect(scope: Scope, *, number: str, code: str) -> Attempt:
    """Hand a package over to whoever has number and code, or say why not. Never raises: an attempt must be kept.

    A wrong number and a wrong code get the same answer; what became of an offer is told to its code alone.
    """
    number = "".join(sign for sign in number if sign.isdigit())
    row = scope.one("select * from system.share_collection where number = %s for update", (number,))
    right = hmac.compare_digest(bytes(row["code"]) if row else b"", _hashed(number, code))
    if row is None or not right:
        scope.tell(outcome="wrong")
        return Attempt(Outcome.WRONG) if row is None else _wrong(scope, row["id"], row["share_id"])
    outcome, data = _outcome(scope, row), b""
    scope.tell(share=row["share_id"], outcome=outcome.name.lower(), sha256=row["sha256"])
    if outcome is Outcome.FETCHED:
        data = vault.open(scope, row["file_id"])
        if hashlib.sha256(data).hexdigest() != row["sha256"]:
            return Attempt(Outcome.DAMAGED)
        _fetched(scope, row["id"], row["share_id"], len(data))
    elif outcome is Outcome.USED:
        _tell_officer(scope, row["share_id"], "was asked for a second time with the right code: ask the recipient")
    return Attempt(outcome, row["name"], data)


def _outcome(scope: Scope, row: dict[str, object]) -> Outcome:
    now = clock.now()
    if row["fetched_at"] is not None:
        return Outcome.USED
    if row["wrong"] >= WRONG_CODES:  # type: ignore[operator]
        return Outcome.CLOSED
    if row["closed_at"] is not None or row["closes_at"] <= now:  # type: ignore[operator]
        return Outcome.LATE
    may = scope.value("select system.share_may_leave(%s, %s)", (row["share_id"], scope.day))
    return Outcome.FETCHED if may else Outcome.STOPPED


def _wrong(scope: Scope, offer: int, share: int) -> Attempt:
    wrong = scope.one(
        "update system.share_collection set wrong = least(wrong + 1, %s) where id = %s returning wrong",
        (WRONG_CODES, offer),
    )
    if wrong is not None and wrong["wrong"] >= WRONG_CODES:
        _tell_officer(scope, share, "is closed: five wrong codes were tried")
    return Attempt(Outcome.WRONG)


def _fetched(scope: Scope, offer: int, share: int, size: int) -> None:
    now = clock.now()
    scope.run("update system.share_collection set fetched_at = %s where id = %s", (now, offer))
    scope.run(
        "insert into system.share_transfer (share_id, arrived, said, remote, size, sent_by, at)"
        " values (%s, true, 'Fetched by the recipient with its one-time code.', null, %s, %s, %s)",
        (share, size, scope.actor.id, now),
    )
    scope.record("shares.leaving", Note(detail={"share": share, "size": size}))
    work.close(scope, "share.send", str(share))


def _tell_officer(scope: Scope, share: int, what: str) -> None:
    work.raise_item(
        scope,
        kind="share.collect",
        key=str(share),
        title=f"The package of share {share} {what}",
        role="ig-officer",
        room="sharing",
        link=f"/shares/{share}/package/",
    )
