"""A request before it is decided: who asks for whom, why, which fields, how soon. What is not whole goes no further."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fairhold import governance, policy
from fairhold.access import Scope
from fairhold.sharing import flows, parties, stopping
from fairhold.sharing.deciding import Asked
from fairhold.sharing.facts import said
from fairhold.sharing.flows import Flow
from fairhold.sharing.parties import Agreement
from fairhold.sharing.shares import ShareError, Urgency

DUE = {Urgency.ROUTINE: timedelta(days=10), Urgency.SOON: timedelta(days=2), Urgency.TODAY: timedelta()}
LEAST_WORDS = 2
"""How many words a need has beside empty ones: fewer say nothing that a second person could judge."""


@dataclass(frozen=True)
class Asking:
    """A request as somebody makes it. What is None is taken from the flow: the least fields, its channel, its form.

    `flow` None: the one that this recipient has under the purpose at work. `persons`: the children asked about, where
    the flow is one of named children. `request`: the partner's own request it answers.
    """

    partner: int
    need: str
    reason: str
    flow: str | None = None
    fields: Sequence[str] | None = None
    persons: Sequence[int] | None = None
    urgency: Urgency = Urgency.ROUTINE
    reference: str | None = None
    officer: str | None = None
    power: str | None = None
    channel: str | None = None
    form: str | None = None
    request: int | None = None


def asked(scope: Scope, asking: Asking) -> Asked:
    """What is asked for, each part known here. Raises ShareError with what is missing or unknown.

    A flow is asked for under the purpose it works under: no other opens the record for it.
    """
    partner = parties.find_partner(scope, asking.partner)
    flow = _flow(scope, partner.body.kind, asking.flow)
    check_need(asking.need)
    check_reason(scope, flow, asking.reason)
    fields = tuple(flow.fields if asking.fields is None else asking.fields)
    if not fields or len(set(fields)) != len(fields):
        raise ShareError("Name the fields to share, each once.")
    channel = asking.channel or flow.channels[0]
    if channel not in flow.channels:
        raise ShareError(f"A share of this kind goes by one of: {', '.join(flow.channels)}.")
    if asking.form is not None and asking.form not in flow.forms:
        raise ShareError(f"A share of this kind is written as one of: {', '.join(flow.forms)}.")
    if flow.of_case != bool(asking.persons):
        raise ShareError(
            "Name the children this is about." if flow.of_case else "This list is about everybody it can be about."
        )
    agreement = _agreement(scope, asking.partner, partner.body.kind, flow.purpose)
    stopping.check(scope, partner=asking.partner, agreement=None if agreement is None else agreement.id)
    return Asked(
        flow=flow,
        partner=partner,
        agreement=agreement,
        fields=fields,
        need=asking.need.strip(),
        channel=channel,
        reference=(asking.reference or "").strip() or None,
        officer=(asking.officer or "").strip() or None,
        power=(asking.power or "").strip() or None,
        persons=tuple(dict.fromkeys(asking.persons)) if asking.persons else None,
    )


def _flow(scope: Scope, kind: str, slug: str | None) -> Flow:
    own = [flow for flow in flows.of_recipient(scope, kind) if flow.works_under == scope.purpose.slug]
    if slug is not None:
        own = [flow for flow in own if flow.slug == slug]
    if not own:
        raise ShareError(f"Nothing is shared with this recipient under the purpose “{scope.purpose.title}”.")
    if len(own) > 1:
        raise ShareError(f"Say which kind of share it is: {', '.join(flow.slug for flow in own)}.")
    return own[0]


def worker(purpose: str) -> str:
    """The role whose work a purpose is: whoever of it comes first sees to what is due."""
    return next(one.roles[-1] for one in governance.purposes() if one.slug == purpose)


def due(scope: Scope, urgency: Urgency) -> date:
    """By when a request of this urgency is to be answered."""
    return scope.day + DUE[urgency]


def check_need(need: str) -> None:
    """Raise unless the need says something a second person could judge (N088)."""
    if not said(need):
        raise ShareError("Say why the recipient needs this list: a share without a stated need is refused.", at="need")
    text = " ".join(re.findall(r"[a-z]+", need.lower()))
    for row in governance.rows("empty_needs"):
        text = re.sub(rf"\b{row['phrase']}\b", " ", text)
    if sum(len(word) > 2 for word in text.split()) < LEAST_WORDS:
        raise ShareError(
            "Say in your own words what the recipient will do with it: this phrase would fit any share.", at="need"
        )


def check_reason(scope: Scope, flow: Flow, reason: str) -> None:
    """Raise unless the reason is on the closed list (N089) and one that this flow may serve (N092)."""
    known = {one.slug: one for one in policy.reasons(scope)}
    if reason not in known:
        raise ShareError(f"Give the reason, one of: {', '.join(known)}.", at="reason")
    if not known[reason].identified and not flow.pseudonyms:
        raise ShareError(
            "To plan and improve services use totals or rows without names: this list names children.", at="reason"
        )
    if reason not in flow.reasons:
        raise ShareError(f"A share of this kind is for one of: {', '.join(flow.reasons)}.", at="reason")


def _agreement(scope: Scope, partner: int, kind: str, purpose: str) -> Agreement | None:
    """The newest agreement for the purpose; whether it is in force is the gate's to say."""
    found = [one for one in parties.agreements(scope, partner) if one.purpose == purpose]
    if not found:
        needs = {
            row["slug"]
            for row in policy.book(scope).on("policy_recipients", scope.day.isoformat())
            if row["agreement"] == "yes"
        }
        if kind in needs:
            raise ShareError("There is no agreement with this recipient on file: record one first.")
        return None
    in_force = [one for one in found if one.from_date <= scope.day and (not one.to_date or scope.day < one.to_date)]
    return (in_force or found)[0]
