"""What was sent of whom, and asking a recipient to delete or correct rows it has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fairhold import work
from fairhold.access import Row, Scope, verb
from fairhold.dates import clock
from fairhold.sharing import keys, parties, queries, sftp
from fairhold.sharing.facts import said
from fairhold.sharing.package import MARKING
from fairhold.sharing.shares import ShareError, State, Trace, file_name

ACTIONS = ("delete", "correct")


ANSWER_IN = timedelta(days=14)  # a recipient that has not answered by then is asked


@dataclass(frozen=True)
class Recall:
    """A notice to a recipient about rows it has; `arrived_at` and `acknowledged_at` are None until then.

    `fields` None: the whole row.
    """

    id: int
    share: int
    lines: tuple[int, ...]
    fields: tuple[str, ...] | None
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
def recall(
    scope: Scope,
    *,
    share: int,
    action: str,
    reason: str,
    person: int | None = None,
    fields: Sequence[str] | None = None,
) -> Recall:
    """Ask the recipient of a share that has arrived to delete or correct one child's row, or all of them.

    The notice names rows by the file and the line they stand on and no child; it is signed, encrypted and sent the way
    the file went. Where it does not arrive it is kept, and `resend` sends it again.
    """
    _check(action, reason)
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
    made = _make(scope, share, [row["line"] for row in rows], action=action, reason=reason, fields=fields)
    scope.tell(share=share, recall=made.id, rows=len(rows), action=action)
    return made


@verb("shares.recall-person")
def everyone(
    scope: Scope, *, person: int, action: str, reason: str, fields: Sequence[str] | None = None
) -> list[Recall]:
    """Ask every recipient that has the child's row, or one of `fields` of it, to delete or correct it: each file once.

    Who was told before to delete the row, or waits with an answer to the same request, is not told again.
    """
    _check(action, reason)
    subjects = queries.subjects_of(scope, [person])
    rows = scope.rows(_HAVE, {"subjects": subjects, "fields": None if fields is None else list(fields), "do": action})
    scope.concerns(subjects)
    made = [_make(scope, row["share_id"], row["lines"], action=action, reason=reason, fields=fields) for row in rows]
    scope.tell(notices=len(made), action=action)
    return made


def _check(action: str, reason: str) -> None:
    if action not in ACTIONS or not said(reason):
        raise ShareError("A notice says delete or correct, and why.")


# Files that arrived with a row of the child, and a value in one of the fields where some are named.
_HAVE = """
select l.share_id, array_agg(l.line order by l.line) as lines
from system.share_line l join system.share_package k using (share_id)
where l.subject_id = any(%(subjects)s)
    and exists (select from system.share_transfer t where t.share_id = l.share_id and t.arrived)
    and (%(fields)s::text[] is null or exists (
        select from system.share_decision d where d.share_id = l.share_id and d.subject_id = l.subject_id
        and d.allowed and d.field = any(%(fields)s) and d.field = any(k.columns)))
    and not exists (select from system.share_recall r where r.share_id = l.share_id and l.line = any(r.lines)
        and ((r.action = 'delete' and r.fields is null)
            or (r.action = %(do)s and r.acknowledged_at is null and r.fields is not distinct from %(fields)s::text[])))
group by l.share_id order by l.share_id
"""


def _make(
    scope: Scope, share: int, lines: Sequence[int], *, action: str, reason: str, fields: Sequence[str] | None
) -> Recall:
    number: int = scope.value(
        "insert into system.share_recall (share_id, lines, action, reason, fields, made_by, made_at)"
        " values (%s, %s, %s, %s, %s, %s, %s) returning id",
        (share, list(lines), action, reason, fields and list(fields), scope.actor.id, clock.now()),
    )
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
    """Keep that the recipient has done what a notice asked; one taken by hand has then arrived too."""
    find(scope, recall)
    now = clock.now()
    scope.run(
        "update system.share_recall set acknowledged_by = %s, acknowledged_at = %s,"
        " arrived_at = coalesce(arrived_at, %s) where id = %s and acknowledged_at is null",
        (scope.actor.id, now, now, recall),
    )
    work.close(scope, "share.recall", str(recall))
    scope.tell(recall=recall)
    return find(scope, recall)


@verb("shares.take-notice")
def take(scope: Scope, *, recall: int) -> tuple[str, bytes]:
    """The name and the bytes of a notice, encrypted for its recipient, to be taken there by hand."""
    found = find(scope, recall)
    partner = parties.find_partner(scope, queries.partner_of(scope, found.share)[0])
    scope.tell(recall=recall)
    return notice_name(recall), keys.encrypt(notice(found, scope.day), partner.body.age_key)


@verb("shares.notices", daily=True)
def notices(scope: Scope, *, share: int | None = None) -> list[Recall]:
    """The notices of a share or of all, those without an answer first; who is late with one gets onto the work list."""
    rows = scope.rows(
        f"{_RECALLS} where %s::bigint is null or share_id = %s order by acknowledged_at is not null, id",
        (share, share),
    )
    found = [_recall(row) for row in rows]
    for late in (one for one in found if one.acknowledged_at is None and one.made_at + ANSWER_IN <= clock.now()):
        _ask(scope, late, f"Notice {late.id} about share {late.share} has no answer: ask the recipient")
    scope.tell(notices=len(found))
    return found


def _ask(scope: Scope, found: Recall, title: str) -> None:
    work.raise_item(
        scope,
        kind="share.recall",
        key=str(found.id),
        title=title,
        role="ig-officer",
        room="sharing",
        link=f"/shares/{found.share}/package/",
    )


_RECALLS = (
    "select id, share_id as share, lines, fields, action, reason, made_at, arrived_at, acknowledged_at"
    " from system.share_recall"
)


def find(scope: Scope, number: int) -> Recall:
    """The notice with that number."""
    row = scope.one(f"{_RECALLS} where id = %s", (number,))
    if row is None:
        raise ShareError("There is no such notice.")
    return _recall(row)


def _recall(row: Row) -> Recall:
    fields = None if row["fields"] is None else tuple(row["fields"])
    return Recall(**{**row, "lines": tuple(row["lines"]), "fields": fields})


def notice_name(number: int) -> str:
    """The name under which a notice travels."""
    return f"fairhold-recall-{number:06d}.json.age"


def notice(recall: Recall, day: date) -> bytes:
    """The text of a notice, with our signature."""
    told = {
        "format": "fairhold recall 1",
        "notice": recall.id,
        "marking": MARKING,
        "file": file_name(recall.share),
        "rows": list(recall.lines),
        "fields": None if recall.fields is None else list(recall.fields),
        "action": recall.action,
        "reason": recall.reason,
        "day": day.isoformat(),
        "signed_by": keys.ours().signing,
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return json.dumps({"notice": text, "signature": keys.sign(text.encode()).hex()}).encode()


def _deliver(scope: Scope, number: int) -> None:
    """Send the notice; one that does not arrive stays open and is put on the work list."""
    found = find(scope, number)
    if found.arrived_at is not None:
        return None
    partner = parties.find_partner(scope, queries.partner_of(scope, found.share)[0])
    title = f"Notice {number} about share {found.share} did not arrive: send it again, or take it there"
    if queries.share(scope, found.share).channel != "sftp" or partner.confirmed_by is None:
        return _ask(scope, found, title)
    try:
        sealed = keys.encrypt(notice(found, scope.day), partner.body.age_key)
        sftp.deliver(partner.body.endpoint, notice_name(number), sealed)
    except sftp.TransferError:
        return _ask(scope, found, title)
    scope.run("update system.share_recall set arrived_at = %s where id = %s", (clock.now(), number))
    work.close(scope, "share.recall", str(number))
    return None
