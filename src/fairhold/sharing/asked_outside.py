"""What a body outside asks through its own account: a child in words, and why. It opens no record.

Staff of the purpose it is put to match the child, or do not, and answer. The partner reads the answer in plain words;
where nothing is shared it is the same sentence whether the child is known or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fairhold import work
from fairhold.access import Row, Scope, verb
from fairhold.dates import clock
from fairhold.sharing import flows, parties, requesting
from fairhold.sharing.facts import said
from fairhold.sharing.flows import Flow
from fairhold.sharing.shares import ShareError, Urgency

ANSWER = "share.asked-outside"
LONGEST = 2000  # signs of a description
ROLES = {"safeguarding": "social-worker", "children-in-need": "social-worker", "missing-education": "youth-officer"}
"""Who looks at what is asked under each purpose. Nothing else can be asked from outside."""


class Answer(StrEnum):
    """What a partner is told."""

    WAITS = "waits"
    NOTHING = "nothing"
    SENT = "sent"


SENTENCES = {
    Answer.WAITS: "Your request is being looked at.",
    Answer.NOTHING: "We share nothing in answer to this request. This does not say whether we know the child.",
    Answer.SENT: "We have sent you an answer the usual safe way.",
}


@dataclass(frozen=True)
class Question:
    """A request as a partner types it: which child, in words and by identifiers, why, and what they must show."""

    flow: str
    child_said: str
    identifiers: str
    need: str
    reason: str
    fields: Sequence[str]
    urgency: Urgency = Urgency.ROUTINE
    reference: str | None = None
    officer: str | None = None
    power: str | None = None


@dataclass(frozen=True)
class Asked:
    """A request that was made; `share` is the one made in answer, seen by staff alone."""

    id: int
    partner: int
    name: str
    asked_at: datetime
    question: Question
    answer: Answer
    share: int | None

    @property
    def sentence(self) -> str:
        """The answer in plain words."""
        return SENTENCES[self.answer]


@verb("shares.add-partner-account")
def add_account(scope: Scope, *, account: int, partner: int) -> None:
    """Let an account of the role partner ask for one body. An account asks for one body alone, for good."""
    parties.find_partner(scope, partner)
    scope.run(
        "insert into system.partner_account (account_id, partner_id, added_by, added_at) values (%s, %s, %s, %s)"
        " on conflict do nothing",
        (account, partner, scope.actor.id, clock.now()),
    )
    scope.tell(account=account, partner=partner)


def own_body(scope: Scope) -> int:
    """The body the acting partner asks for."""
    found: int | None = scope.value(
        "select partner_id from system.partner_account where account_id = %s", (scope.actor.id,)
    )
    if found is None:
        raise ShareError("Your account is not linked to a body yet: ask the council's information governance officer.")
    return found


def kinds(scope: Scope) -> list[Flow]:
    """What the acting partner's body may ask for."""
    body = parties.find_partner(scope, own_body(scope))
    return [one for one in flows.of_recipient(scope, body.body.kind) if one.of_case and one.works_under in ROLES]


@verb("shares.ask-from-outside")
def ask(scope: Scope, *, question: Question) -> int:
    """Keep what a partner asks, and put it before the staff of the purpose; returns its number."""
    partner = own_body(scope)
    flow = next((one for one in kinds(scope) if one.slug == question.flow), None)
    if flow is None:
        raise ShareError("Choose what you ask for.")
    if not said(question.child_said) or len(question.child_said + question.identifiers) > LONGEST:
        raise ShareError("Say which child you ask about, in fewer than 2,000 letters.", at="child_said")
    requesting.check_need(question.need)
    requesting.check_reason(scope, flow, question.reason)
    if not question.fields or not set(question.fields) <= set(flow.fields):
        raise ShareError("Choose at least one field of those that serve this purpose.", at="fields")
    number: int = scope.value(
        "insert into system.partner_request (partner_id, asked_by, asked_at, works_under, flow, child_said,"
        " identifiers, need, reason, urgency, fields, reference, officer, power)"
        f" values ({', '.join(['%s'] * 14)}) returning id",
        (
            *(partner, scope.actor.id, clock.now(), flow.works_under, flow.slug, question.child_said.strip()),
            *(question.identifiers.strip(), question.need.strip(), question.reason, question.urgency),
            *(list(question.fields), question.reference, question.officer, question.power),
        ),
    )
    scope.tell(request=number, partner=partner, flow=flow.slug)
    work.raise_item(
        scope,
        kind=ANSWER,
        key=str(number),
        title=f"Answer request {number} of a body outside: {flow.title}",
        role=ROLES[flow.works_under],
        room="sharing",
        link=f"/shares/asked/{number}/",
        due=requesting.due(scope, question.urgency),
    )
    return number


@verb("shares.own-requests")
def own(scope: Scope) -> list[Asked]:
    """The acting partner's own body's requests, with the answer. Which share was made is not theirs to see."""
    rows = scope.rows(f"{_REQUESTS} where q.partner_id = %s order by q.id desc", (own_body(scope),))
    scope.tell(rows=len(rows))
    return [_asked(row) for row in rows]


@verb("shares.asked-from-outside")
def listed(scope: Scope) -> list[Asked]:
    """What bodies outside ask under the purpose at work, the newest first."""
    rows = scope.rows(f"{_REQUESTS} order by q.id desc")
    scope.tell(rows=len(rows))
    return [_asked(row) for row in rows]


@verb("shares.read-from-outside")
def read(scope: Scope, *, request: int) -> Asked:
    """One request, for the staff who match the child."""
    scope.tell(request=request)
    return find(scope, request)


@verb("shares.decline-from-outside")
def decline(scope: Scope, *, request: int, why: str) -> Asked:
    """Answer a request with nothing, for a reason that stays here: no child matches, or nothing may be shared."""
    if find(scope, request).answer is not Answer.WAITS:
        raise ShareError("This request is answered already.")
    if not said(why):
        raise ShareError("Say why nothing is shared. The partner does not read it.")
    scope.run(
        "update system.partner_request set declined_by = %s, declined_at = %s, declined_why = %s where id = %s",
        (scope.actor.id, clock.now(), why.strip(), request),
    )
    scope.tell(request=request)
    work.close(scope, ANSWER, str(request))
    return find(scope, request)


def find(scope: Scope, number: int) -> Asked:
    """The request with that number."""
    row = scope.one(f"{_REQUESTS} where q.id = %s", (number,))
    if row is None:
        raise ShareError("There is no such request: see the list.")
    return _asked(row)


# How the share made in answer stands is told by a function: a partner sees no share.
_REQUESTS = """
select q.*, p.name, r.share, r.state from system.partner_request q
join system.share_partner p on p.id = q.partner_id
left join lateral system.answer_of(q.id) r on true
"""


def _asked(row: Row) -> Asked:
    told = {name: row[name] for name in Question.__dataclass_fields__} | {"fields": tuple(row["fields"])}
    answer = Answer.WAITS
    if row["declined_at"] is not None or row["state"] == "refused":
        answer = Answer.NOTHING
    elif row["state"] == "arrived":
        answer = Answer.SENT
    question = Question(**{**told, "urgency": Urgency(row["urgency"])})
    return Asked(row["id"], row["partner_id"], row["name"], row["asked_at"], question, answer, row["share"])
