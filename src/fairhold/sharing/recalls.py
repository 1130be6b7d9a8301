"""What was sent of whom, and asking a recipient to delete or correct rows it has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.sharing import keys, parties, queries, sftp
from fairhold.sharing.facts import said
from fairhold.sharing.package import MARKING
from fairhold.sharing.shares import ShareError, State, Trace, file_name

ACTIONS = ("delete", "correct")


@dataclass(frozen=True)
class Recall:
    """A notice to a recipient about rows it has; `arrived_at` and `acknowledged_at` are None until then."""

    id: int
    share: int
    lines: tuple[int, ...]
    action: str
    reason: str
    made_at: datetime
    arrived_at: datetime | None
    acknowledged_at: datetime | None


@verb("shares.trace")
def trace(scope: Scope, *, persons: Sequence[int]) -> list[Trace]:
    """What was decided about a child in every share, what left, on which row of which file."""
    scope.concerns(persons)
    return queries.trace(scope, persons)


@verb("shares.recall")
def recall(scope: Scope, *, share: int, action: str, reason: str, person: int | None = None) -> Recall:
    """Ask the recipient of a share that has arrived to delete or correct one child's row, or all of them.

    The notice names rows by the file and the line they stand on and no child; it is signed, encrypted and sent the way
    the file went. Where it does not arrive it is kept, and `resend` sends it again.
    """
    if action not in ACTIONS or not said(reason):
        raise ShareError("A notice says delete or correct, and why.")
    if queries.share(scope, share).state is not State.SENT:
        raise ShareError("This share has not left: there is nothing to take back.")
    of_child = None if person is None else queries.subjects_of(scope, [person])
    rows = scope.rows(
        "select line, subject_id from system.share_line"
        " where share_id = %s and (%s::bigint[] is null or subject_id = any(%s)) order by line",
        (share, of_child, of_child),
    )
    if not rows:
        raise ShareError("No row of this share is about this child.")
    scope.concerns(row["subject_id"] for row in rows)
    number: int = scope.value(
        "insert into system.share_recall (share_id, lines, action, reason, made_by, made_at)"
        " values (%s, %s, %s, %s, %s, %s) returning id",
        (share, [row["line"] for row in rows], action, reason, scope.actor.id, clock.now()),
    )
    scope.tell(share=share, recall=number, rows=len(rows), action=action)
    _deliver(scope, number)
    return find(scope, number)


@verb("shares.resend-recall")
def resend(scope: Scope, *, recall: int) -> Recall:
    """Send a notice again that did not arrive."""
    find(scope, recall)
    scope.tell(recall=recall)
    _deliver(scope, recall)
    return find(scope, recall)


@verb("shares.acknowledge")
def acknowledge(scope: Scope, *, recall: int) -> Recall:
    """Keep that the recipient has done what a notice asked."""
    find(scope, recall)
    scope.run(
        "update system.share_recall set acknowledged_by = %s, acknowledged_at = %s"
        " where id = %s and acknowledged_at is null",
        (scope.actor.id, clock.now(), recall),
    )
    scope.tell(recall=recall)
    return find(scope, recall)


def find(scope: Scope, number: int) -> Recall:
    """The notice with that number."""
    row = scope.one(
        "select id, share_id as share, lines, action, reason, made_at, arrived_at, acknowledged_at"
        " from system.share_recall where id = %s",
        (number,),
    )
    if row is None:
        raise ShareError("There is no such notice.")
    return Recall(**{**row, "lines": tuple(row["lines"])})


def notice(recall: Recall, day: date) -> bytes:
    """The text of a notice, with our signature."""
    told = {
        "format": "fairhold recall 1",
        "notice": recall.id,
        "marking": MARKING,
        "file": file_name(recall.share),
        "rows": list(recall.lines),
        "action": recall.action,
        "reason": recall.reason,
        "day": day.isoformat(),
        "signed_by": keys.ours().signing,
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return json.dumps({"notice": text, "signature": keys.sign(text.encode()).hex()}).encode()


def _deliver(scope: Scope, number: int) -> None:
    """Send the notice; one that does not arrive stays open and is seen to by its state."""
    found = find(scope, number)
    if found.arrived_at is not None:
        return
    partner = parties.find_partner(scope, queries.partner_of(scope, found.share)[0])
    if partner.confirmed_by is None:
        return
    name = f"fairhold-recall-{number:06d}.json.age"
    try:
        sftp.deliver(partner.body.endpoint, name, keys.encrypt(notice(found, scope.day), partner.body.age_key))
    except sftp.TransferError:
        return
    scope.run("update system.share_recall set arrived_at = %s where id = %s", (clock.now(), number))
