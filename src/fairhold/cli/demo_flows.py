"""The demo's other shares: each ready-made kind once, to made-up bodies on this machine, by everybody's own hands.

Where a kind needs a link or a consent, the officer records it as on any day. What goes by another mail is taken there
by hand: the demo keeps a made-up receipt.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fairhold import access, choices
from fairhold.access import Actor
from fairhold.choices import By, Kind, NewChoice
from fairhold.cli import demo_partner
from fairhold.cli.demo_day import Day
from fairhold.cli.demo_partner import MadeUpPartner
from fairhold.dates import clock
from fairhold.sharing import collecting, flows, handing, keys, linking, package, parties, proposing, sending
from fairhold.sharing.parties import NewPartner
from fairhold.sharing.requesting import Asking
from fairhold.sharing.sftp import Endpoint
from fairhold.sharing.shares import Share, ShareError, State, file_name

NEED = "Follow up the work that was agreed with the family (made up)."
ROLES = {
    "youth-support": "youth-officer", "missing-education": "youth-officer", "safeguarding": "social-worker",
    "children-in-need": "social-worker", "research": "analyst",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One share of the demo: the kind, the body's number, the ages of the child, and what the recipient must show."""

    flow: str
    body: str
    ages: tuple[int, int] = (5, 17)
    reason: str = "safety"
    link: str = ""
    shows: dict[str, Any] = field(default_factory=dict)


CASES = (
    Case("careers-list", "CA1", reason="right-service"),
    Case("provider-list", "10000901", reason="right-service"),
    Case("research-cohort", "RE1", reason="plan-and-improve"),
    Case("school-transfer", "9994001", link="enrolled_at"),
    Case("council-move", "999", link="linked_councils"),
    Case("council-case", "998", link="linked_councils"),
    Case("early-years-case", "EY1", (3, 17), link="enrolled_at"),
    Case("alternative-case", "AP1", link="placed_with"),
    Case("placement-case", "SC9999999", link="placed_with"),
    Case("health-case", "H81001", shows={"reference": "made-up 1"}),
    Case("police-case", "P1", shows={"reference": "made-up 2", "officer": "PC made-up", "power": "made-up power"}),
    Case("police-crime", "P1", shows={"reference": "made-up 3", "officer": "PC made-up", "power": "made-up power"}),
    Case("immigration-case", "I1", shows={"reference": "made-up 4", "officer": "made-up", "power": "made-up power"}),
    Case("youth-justice-case", "YJ1", (10, 17), shows={"reference": "made-up 5"}),
    Case("cafcass-case", "CF1", shows={"reference": "made-up 6"}),
    Case("charity-case", "CH1", (5, 15), reason="right-service"),
)


def share_all(day: Day) -> str:
    """Run each ready-made kind of share that has not gone today, and open what arrived as the recipient does."""
    with access.scope(day.actor("ig-officer"), "information-governance", login="worker") as scope:
        gone = {one.flow for one in proposing.listed(scope) if one.state is State.SENT and one.as_of == scope.day}
        known = flows.flows(scope)
    gone &= {case.flow for case in CASES}
    done: dict[str, int] = {}
    nobody = []
    with demo_partner.serving(day.home / "partner", keys.ours().login) as partner:
        for case in CASES:
            if case.flow in gone:
                continue
            made = _run(day, partner, case, known[case.flow].works_under)
            if made is None:
                nobody.append(case.flow)
            else:
                done[case.flow] = made
    said = f"{len(done)} kinds sent or fetched and opened by their recipients, {sum(done.values()):,} rows"
    said += f"; {len(gone)} went in an earlier run" if gone else ""
    return said + (f"; nobody fits {', '.join(nobody)}" if nobody else "")


def _run(day: Day, partner: MadeUpPartner, case: Case, purpose: str) -> int | None:
    """One case from registration to what the recipient opens; None where no child of this borough fits."""
    actor = day.actor(ROLES[purpose])
    body = _register(day, partner, case)
    with access.scope(actor, purpose, login="worker") as scope:
        of_case = flows.find(scope, case.flow).of_case
    person = _child(actor, purpose, case) if of_case else None
    if of_case and person is None:
        return None
    if case.flow == "charity-case":
        _consent(day, person or 0)
    with access.scope(actor, purpose, login="worker") as scope:
        if case.link and person is not None:
            linking.link(
                scope, person=person, kind=case.link, body=case.body, from_date=scope.day, to_date=None,
                evidence="Letter (made up)",
            )  # fmt: skip
        asking = Asking(
            body, NEED, case.reason, flow=case.flow, persons=None if person is None else [person], **case.shows
        )
        try:
            made = proposing.propose(scope, asking=asking)
        except ShareError:
            return None  # this small borough has nobody of whom anything may go
    _approve(day, made)
    with access.scope(actor, purpose, login="worker") as scope:
        made = sending.pack(scope, share=made.id)
    data = _hand_over(day, partner, actor, made)
    package.opened(data, partner.identity, keys.ours().signing, on=clock.today())
    return made.rows


def _approve(day: Day, made: Share) -> None:
    for login in ("ig-officer", "ig-officer-2")[: made.approvals_needed]:
        with access.scope(day.actor(login), "information-governance", login="worker") as scope:
            proposing.judge(scope, share=made.id, approves=True, note="Need and counts seen (made up).")


def _hand_over(day: Day, partner: MadeUpPartner, actor: Actor, made: Share) -> bytes:
    """The package on the way that was decided: sent, fetched with a code, or taken there by hand."""
    if made.channel == "portal":
        with access.scope(actor, made.works_under, login="worker") as scope:
            offer = collecting.offer(scope, share=made.id)
        with access.scope(day.actor("partner"), "partner-request", login="worker") as scope:
            return collecting.collect(scope, number=offer.number, code=offer.code).data
    if made.channel != "sftp":
        with access.scope(actor, made.works_under, login="worker") as scope:
            _, data = handing.take(scope, share=made.id)
        with access.scope(actor, made.works_under, login="worker") as scope:
            handing.handed(scope, share=made.id, receipt="made-up receipt")
        return data
    with access.scope(actor, made.works_under, login="worker") as scope:
        attempt = sending.send(scope, share=made.id)
    if not attempt["arrived"]:
        raise ShareError(attempt["said"])
    return (partner.inbox / file_name(made.id)).read_bytes()


def _register(day: Day, partner: MadeUpPartner, case: Case) -> int:
    """The body with its confirmed keys and an agreement, registered once."""
    end = Endpoint(demo_partner.LOOPBACK, partner.port, demo_partner.LOGIN, "/", partner.host_key)
    today = clock.today()
    with access.scope(day.actor("ig-officer"), "information-governance", login="worker") as scope:
        flow = flows.find(scope, case.flow)
        name = f"{flow.recipients[0].replace('-', ' ').capitalize()} {case.body} (made up)"
        body = NewPartner(flow.recipients[0], name, case.body, end, partner.age_key)
        number = parties.add_partner(scope, body=body)
        if not any(one.purpose == flow.purpose for one in parties.agreements(scope, number)):
            parties.add_agreement(
                scope, partner=number, from_date=today - timedelta(days=60), to_date=today + timedelta(days=305),
                keeps="a year (made up)", purpose=flow.purpose,
            )  # fmt: skip
    with access.scope(day.actor("ig-officer-2"), "information-governance", login="worker") as scope:
        parties.confirm_partner(
            scope, partner=number, age_fingerprint=keys.age_fingerprint(partner.age_key),
            host_fingerprint=keys.host_fingerprint(partner.host_key),
        )  # fmt: skip
    return number


def _child(actor: Actor, purpose: str, case: Case) -> int | None:
    """Some child of these ages that the purpose may see, with a name and no protection; of each kind another one."""
    with access.scope(actor, purpose, login="worker") as scope:
        found: int | None = scope.value(
            "select min(coalesce(m.person_id, b.subject_id)) from people.birth b join people.name n using (subject_id)"
            " left join people.membership m on m.subject_id = b.subject_id where b.known_until = 'infinity'"
            " and b.guard = 0 and not b.care and b.date_of_birth <= %s and b.date_of_birth > %s"
            " and b.subject_id %% 16 = %s",
            (*(scope.day.replace(year=scope.day.year - age, day=1) for age in case.ages), CASES.index(case)),
        )
    return found


def _consent(day: Day, person: int) -> None:
    """A parent's consent to the charity, on the child's record with a school."""
    with access.scope(day.actor("youth-officer"), "youth-support", login="worker") as scope:
        subject = scope.value(
            "select min(b.subject_id) from people.birth b left join people.membership m using (subject_id)"
            " where %s in (b.subject_id, m.person_id)",
            (person,),
        )
        choice = NewChoice(
            kind=Kind.CONSENT, by=By.PARENT, recipient="charity", fields=("name", "date_of_birth"),
            from_date=scope.day, to_date=None, wording="made-up wording 1",
        )  # fmt: skip
        if subject is not None:
            choices.record(scope, subject=subject, choice=choice)
