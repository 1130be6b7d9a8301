"""Proposing a share and approving it: four eyes, and the gate's decision about every child and field kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fairhold import work
from fairhold.access import Note, Scope, verb
from fairhold.dates import clock
from fairhold.sharing import declined, queries, requesting
from fairhold.sharing.deciding import Asked, Decided, decide
from fairhold.sharing.domain import Verdict
from fairhold.sharing.facts import said
from fairhold.sharing.requesting import Asking
from fairhold.sharing.shares import FieldCount, NothingAllowed, Share, ShareError, State


@verb("shares.propose")
def propose(scope: Scope, *, asking: Asking) -> Share:
    """Decide what is asked for, child by child and field by field, and put it before a second person."""
    return made(scope, asking)


def made(scope: Scope, asking: Asking, *, schedule: int | None = None) -> Share:
    """The share that is asked for, decided and kept; `schedule` is the standing permission that approves it."""
    asked = requesting.asked(scope, asking)
    decided = decide(scope, asked)
    if not any(one.row.allowed for one in decided):
        raise _nothing(scope, asked, decided)
    alarms = sum(len(one.answer.verdict.alarms) for one in decided)
    number: int = scope.value(
        "insert into system.share (partner_id, agreement_id, purpose, need, fields, as_of, policy_version, children,"
        " alarms, approvals_needed, proposed_by, proposed_at, flow, works_under, reason, urgency, reference, officer,"
        f" power, channel, form, schedule_id, request_id) values ({', '.join(['%s'] * 23)}) returning id",
        (
            *(asking.partner, asked.agreement and asked.agreement.id, asked.flow.purpose, asked.need),
            *(list(asked.fields), scope.day, decided[0].answer.policy_version, len(decided), alarms),
            max(1, *(one.answer.verdict.approvals_needed for one in decided)),
            *(scope.actor.id, clock.now(), asked.flow.slug, asked.flow.works_under, asking.reason, asking.urgency),
            *(asked.reference, asked.officer, asked.power, asked.channel, asking.form or asked.flow.forms[0]),
            *(schedule, asking.request),
        ),
    )
    keep_decisions(scope, number, decided)
    found = queries.share(scope, number)
    if asking.request is not None:
        work.close(scope, "share.asked-outside", str(asking.request))
    _tell(scope, found, decided, alarms)
    return found


@dataclass(frozen=True)
class Preview:
    """What the gate would say today: the fields asked for, of how many children, how often each may go, or why not."""

    fields: tuple[str, ...]
    children: int
    counts: list[FieldCount]
    approvals_needed: int


@verb("shares.preview")
def preview(scope: Scope, *, asking: Asking) -> Preview:
    """Decide what is asked for without keeping anything but that it was looked at."""
    asked = requesting.asked(scope, asking)
    decided = decide(scope, asked)
    scope.concerns(one.subject for one in decided)
    scope.tell(children=len(decided), flow=asked.flow.slug, fields=len(asked.fields))
    refused = {row.rule: row for one in decided for row in one.answer.verdict.refused}
    told: Counter[tuple[str, str | None]] = Counter()
    told.update((name, None) for one in decided for name in one.answer.verdict.allowed)
    told.update((row.field, row.rule) for one in decided for row in one.answer.verdict.refused)
    counts = []
    for name in asked.fields:
        counts += [FieldCount(name, told[name, None], None, None, None, None)] if told[name, None] else []
        why = [refused[rule] for rule in refused if told[name, rule]]
        counts += [FieldCount(name, told[name, r.rule], r.rule, r.law, r.reason, r.would_change) for r in why]
    needed = max((one.answer.verdict.approvals_needed for one in decided), default=0)
    return Preview(asked.fields, len(decided), counts, max(1, needed))


def _nothing(scope: Scope, asked: Asked, decided: Sequence[Decided]) -> ShareError:
    """The refusal of everything asked; the decision not to share is kept, with its rules and the sentence."""
    if not decided:
        return ShareError("Nobody in the record is of an age this list is about: there is nothing to share.")
    sentence = _refused(decided)
    kept = declined.keep(
        scope,
        recipient=asked.partner.body.kind,
        organisation=asked.partner.body.name,
        fields=asked.fields,
        by="gate",
        rules=sorted({row.rule for one in decided for row in one.answer.verdict.refused}),
        reason=sentence,
        subject=decided[0].subject if len(decided) == 1 else None,
        guard=_guard(decided[0]) if len(decided) == 1 else 0,
    )
    scope.record("shares.nothing-allowed", Note(detail={"declined": kept or 0, "children": len(decided)}))
    return NothingAllowed(sentence)


def _refused(decided: Sequence[Decided]) -> str:
    first = decided[0].answer.verdict.refused[0]
    same = all(row.rule == first.rule for one in decided for row in one.answer.verdict.refused)
    why = f" {first.reason} {first.would_change}" if same else ""
    return f"The gate allows nothing of any of {len(decided)} children.{why}"


def _guard(one: Decided) -> int:
    return 2 if one.person.restricted else 1 if one.person.confidential_address else 0


def keep_decisions(scope: Scope, number: int, decided: Sequence[Decided]) -> None:
    """Keep what the gate said of each child and field."""
    verdicts: dict[Verdict, int] = {}  # there are few, and many children of each
    children = [(one.subject, _guard(one), verdicts.setdefault(one.answer.verdict, len(verdicts))) for one in decided]
    queries.store_reasons(scope, number, (row for verdict in verdicts for row in verdict.refused))
    queries.store_decisions(scope, number, children, list(verdicts))


def close_decisions(
    scope: Scope, number: int, decided: Sequence[Decided], approved: Mapping[int, frozenset[str]]
) -> None:
    """On a share that has its decisions: what was approved and is now refused is closed. Nothing opens."""
    closed = [(one, row) for one in decided for row in one.answer.verdict.refused if row.field in approved[one.subject]]
    queries.store_reasons(scope, number, (row for _, row in closed))
    queries.close_decisions(scope, number, [(one.subject, row.field, row.rule) for one, row in closed])


def _tell(scope: Scope, share: Share, decided: Sequence[Decided], alarms: int) -> None:
    number = share.id
    told = sum(bool(one.row.allowed) for one in decided)
    scope.concerns(one.subject for one in decided)
    scope.tell(share=number, children=len(decided), allowed=told, alarms=alarms)
    if share.state is State.PROPOSED:
        work.raise_item(
            scope,
            kind="share.approve",
            key=str(number),
            title=f"Judge share {number} to {share.partner}: {told} of {len(decided)} children",
            role="ig-officer",
            room="sharing",
            link=f"/shares/{number}",
            due=requesting.due(scope, share.urgency),
        )
    if alarms:
        scope.record("shares.alarm", Note(detail={"share": number, "fields": alarms}))
        work.raise_item(
            scope,
            kind="share.alarm",
            key=str(number),
            title=f"The two evaluators disagreed on {alarms} fields of share {number}; all were refused",
            role="ig-officer",
            room="sharing",
            link=f"/shares/{number}",
        )


@verb("shares.judge")
def judge(scope: Scope, *, share: int, approves: bool, note: str) -> Share:
    """Approve or refuse a proposed share. Whoever proposed it cannot; one refusal ends it."""
    found = queries.share(scope, share)
    if found.proposed_by == scope.actor.id:
        raise ShareError("You proposed this share yourself: a second person must judge it.")
    if found.state is State.LAPSED:
        raise ShareError(f"This share was decided on {found.as_of}, too long ago: propose it again.")
    if found.state not in (State.PROPOSED, State.APPROVED):
        raise ShareError(f"This share is {found.state.value} already: there is nothing to judge.")
    if not said(note):
        raise ShareError("Say in a word or two on what your judgement rests.")
    if scope.value(
        "select 1 from system.share_approval where share_id = %s and approver = %s", (share, scope.actor.id)
    ):
        raise ShareError("You have judged this share already: another person must do the rest.")
    scope.run(
        "insert into system.share_approval values (%s, %s, %s, %s, %s)",
        (share, scope.actor.id, approves, note, clock.now()),
    )
    scope.tell(share=share, approves=int(approves))
    after = queries.share(scope, share)
    if after.state is not State.PROPOSED:
        work.close(scope, "share.approve", str(share))
    if after.state is State.APPROVED:
        work.raise_item(
            scope,
            kind="share.send",
            key=str(share),
            title=f"Send share {share} to {after.partner}: it is approved",
            role=requesting.worker(after.works_under),
            room="sharing",
            link=f"/shares/{share}",
        )
    return after


@verb("shares.list")
def listed(scope: Scope) -> list[Share]:
    """Every share, the newest first."""
    return queries.shares(scope)


@verb("shares.show")
def shown(scope: Scope, *, share: int) -> tuple[Share, list[FieldCount]]:
    """One share, and how often each field was allowed or refused, with the reasons."""
    found = queries.share(scope, share)
    scope.tell(share=share)
    return found, queries.field_counts(scope, share)
