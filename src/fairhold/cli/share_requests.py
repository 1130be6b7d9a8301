"""`fairhold share` for requests: asking, looking first, schedules, links of a child, and the urgent stop."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import typer

from fairhold.cli.acting import acting
from fairhold.errors import PlainError
from fairhold.sharing import asked_outside, flows, linking, proposing, recurring, schedules, stopping
from fairhold.sharing.requesting import Asking
from fairhold.sharing.schedules import Cadence
from fairhold.sharing.shares import FieldCount, Share, Urgency

YOUTH, IG = "youth-support", "information-governance"
Purpose = Annotated[str | None, typer.Option(help="The purpose you act under.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _print(document: Any, as_json: bool, text: str) -> None:
    sys.stdout.write((json.dumps(document, default=str, ensure_ascii=False) if as_json else text) + "\n")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PlainError(f"“{text}” is no date: write it as 2026-11-23.") from None


def kinds(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List the kinds of share: for whom, under which purpose, and the least fields each asks for."""
    with acting(purpose, otherwise=YOUTH) as scope:
        found = flows.kinds(scope)
    lines = [f"{one.slug:<20} {one.works_under:<18} {one.title}: {', '.join(one.fields)}" for one in found]
    _print([vars(one) for one in found], as_json, "\n".join(lines))


def propose(
    recipient: int,
    need: Annotated[str, typer.Option(help="What the recipient will do with it, in your own words.")],
    reason: Annotated[str, typer.Option(help="A reason of the closed list, such as right-service.")],
    kind: Annotated[str | None, typer.Option(help="The kind of share, where the recipient has several.")] = None,
    field: Annotated[
        list[str] | None, typer.Option(help="A field to ask for; the least set where none is named.")
    ] = None,
    person: Annotated[
        list[int] | None, typer.Option(help="The number of a child, for a share about named ones.")
    ] = None,
    urgency: Annotated[Urgency, typer.Option(help="How soon it is needed.")] = Urgency.ROUTINE,
    reference: Annotated[str | None, typer.Option(help="The case number, where the recipient has one.")] = None,
    officer: Annotated[str | None, typer.Option(help="Police and immigration: who asks.")] = None,
    power: Annotated[str | None, typer.Option(help="Police and immigration: the power they ask under.")] = None,
    channel: Annotated[str | None, typer.Option(help="The way it is sent.")] = None,
    form: Annotated[str | None, typer.Option(help="How it is written, such as csv or letter.")] = None,
    look: Annotated[bool, typer.Option("--look", help="Only show what the gate would say; keep nothing.")] = False,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Decide what is asked for, child by child and field by field, and put it before a second person."""
    asking = Asking(
        partner=recipient, need=need, reason=reason, flow=kind, fields=field, persons=person, urgency=urgency,
        reference=reference, officer=officer, power=power, channel=channel, form=form,
    )  # fmt: skip
    with acting(purpose, otherwise=YOUTH) as scope:
        if look:
            seen = proposing.preview(scope, asking=asking)
            document: dict[str, Any] = {"children": seen.children, "decisions": [vars(one) for one in seen.counts]}
            return _print(
                document,
                as_json,
                "\n".join([f"{seen.children} children decided; nothing is kept", *counted(seen.counts)]),
            )
        made = proposing.propose(scope, asking=asking)
        _, counts = proposing.shown(scope, share=made.id)
    return _print(document_of(made, counts), as_json, told(made, counts))


def document_of(share: Share, counts: list[FieldCount]) -> dict[str, Any]:
    """A share with its decisions, for JSON."""
    return {**vars(share), "decisions": [vars(one) for one in counts]}


def told(share: Share, counts: list[FieldCount]) -> str:
    """A share with its decisions, in words."""
    lines = [
        f"Share {share.id} to {share.partner}, as of {share.as_of}: {share.state.value}",
        f"{share.children} children decided; {share.approvals} of {share.approvals_needed} approvals;"
        f" policy {share.policy_version}" + (f"; ALARM on {share.alarms} fields" if share.alarms else ""),
    ]
    return "\n".join([*lines, *counted(counts)])


def counted(counts: list[FieldCount]) -> list[str]:
    """Each field: how often it may go, or why not."""
    return [
        f"  {one.field:<20}{one.count:>7}  "
        + ("may go" if one.rule is None else f"refused  {one.rule} ({one.law}): {one.reason} {one.would_change}")
        for one in counts
    ]


def link(
    person: Annotated[int, typer.Argument(help="The number of the child.")],
    kind: Annotated[str, typer.Option(help=f"One of: {', '.join(linking.KINDS)}.")],
    body: Annotated[str, typer.Option(help="The number of the body: LAEstab, URN, UKPRN or council code.")],
    begins: Annotated[str, typer.Option("--from", help="First day, as 2026-11-23.")],
    evidence: Annotated[str, typer.Option(help="How we know, such as a letter and its date.")],
    ends: Annotated[str | None, typer.Option("--to", help="The day from which it counts no more.")] = None,
    purpose: Purpose = None,
) -> None:
    """Record that a child is linked with a body, which no file tells."""
    with acting(purpose, otherwise="missing-education") as scope:
        number = linking.link(
            scope, person=person, kind=kind, body=body, from_date=_day(begins),
            to_date=None if ends is None else _day(ends), evidence=evidence,
        )  # fmt: skip
    _print(None, False, f"Link {number}.")


def schedule(
    recipient: int,
    need: Annotated[str, typer.Option(help="What the recipient will do with it, in your own words.")],
    reason: Annotated[str, typer.Option(help="A reason of the closed list, such as right-service.")],
    often: Annotated[Cadence, typer.Option(help="How often.")],
    begins: Annotated[str, typer.Option("--from", help="First day, as 2026-11-23.")],
    ends: Annotated[str, typer.Option("--to", help="The day it ends, within a year.")],
    kind: Annotated[str | None, typer.Option(help="The kind of share, where the recipient has several.")] = None,
    field: Annotated[list[str] | None, typer.Option(help="A field; the least set where none is named.")] = None,
    purpose: Purpose = None,
) -> None:
    """Ask for a schedule. A second person must want it; police, immigration and charities can have none."""
    with acting(purpose, otherwise=YOUTH) as scope:
        made = schedules.propose(
            scope, asking=Asking(recipient, need, reason, flow=kind, fields=field), cadence=often,
            from_date=_day(begins), to_date=_day(ends),
        )  # fmt: skip
    _print(None, False, f"Schedule {made.id} waits: fairhold share approve-schedule {made.id}.")


def approve_schedule(
    number: int,
    note: Annotated[str, typer.Option(help="On what your judgement rests.")],
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse it instead.")] = False,
    purpose: Purpose = None,
) -> None:
    """Approve or refuse a schedule that somebody else asked for."""
    with acting(purpose, otherwise=IG) as scope:
        found = schedules.judge(scope, schedule=number, approves=not refuse, note=note)
        standing = found.standing(scope.day)
    _print(None, False, f"Schedule {number}: {standing.value}.")


def stop_schedule(number: int, why: Annotated[str, typer.Option(help="Why it ends.")], purpose: Purpose = None) -> None:
    """End a schedule at once; what it made and has not arrived is refused."""
    with acting(purpose, otherwise=YOUTH) as scope:
        schedules.stop(scope, schedule=number, why=why)
    _print(None, False, f"Schedule {number} has ended.")


def list_schedules(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List the schedules and how each stands."""
    with acting(purpose, otherwise=YOUTH) as scope:
        found = [(one, one.standing(scope.day)) for one in schedules.listed(scope)]
    lines = [f"{one.id:>4}  {state.value:<8} {one.cadence.value:<8} {one.flow:<16} {one.name}" for one, state in found]
    _print([vars(one) | {"standing": state} for one, state in found], as_json, "\n".join(lines) or "No schedule yet.")


def run_schedules(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """Make, pack and send what the schedules of a purpose are due for. Exit 1: something was not sent.

    Each child is decided again. A run that was cut off is taken up by the next: what was made is sent, not made anew.
    """
    done = recurring.run_due(lambda: acting(purpose, otherwise=YOUTH))
    lines = [f"schedule {one.schedule}: {one.said}" for one in done]
    _print([vars(one) for one in done], as_json, "\n".join(lines) or "No schedule is due.")
    sys.exit(0 if all(one.good for one in done) else 1)


def stop_recipient(
    recipient: int,
    why: Annotated[str, typer.Option(help="Why nothing may go to it any more.")],
    agreement: Annotated[int | None, typer.Option(help="Only this agreement.")] = None,
    purpose: Purpose = None,
) -> None:
    """Stop everything that goes to a recipient, at once."""
    with acting(purpose, otherwise=IG) as scope:
        made = stopping.stop(scope, partner=recipient, why=why, agreement=agreement)
    _print(None, False, f"Stop {made.id}: nothing goes to recipient {recipient} until two people lift it.")


def lift_stop(number: int, purpose: Purpose = None) -> None:
    """Want a stop lifted; it is, once a second person wants it too."""
    with acting(purpose, otherwise=IG) as scope:
        found = stopping.lift(scope, stop=number)
    _print(None, False, f"Stop {number} " + ("is lifted." if found.lifted_at else "waits for a second person."))


def add_partner_account(account: int, recipient: int, purpose: Purpose = None) -> None:
    """Let an account of the role partner ask for a recipient."""
    with acting(purpose, otherwise=IG) as scope:
        asked_outside.add_account(scope, account=account, partner=recipient)
    _print(None, False, f"Account {account} may ask for recipient {recipient}.")


def asked(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List what bodies outside ask under your purpose."""
    with acting(purpose, otherwise="safeguarding") as scope:
        found = asked_outside.listed(scope)
    lines = [f"{one.id:>4}  {one.answer.value:<8} {one.question.flow:<18} {one.name}" for one in found]
    _print([{"request": one.id, "answer": one.answer, "from": one.name} for one in found], as_json, "\n".join(lines))


COMMANDS: dict[str, Callable[..., None]] = {
    "kinds": kinds,
    "propose": propose,
    "link": link,
    "schedule": schedule,
    "approve-schedule": approve_schedule,
    "stop-schedule": stop_schedule,
    "schedules": list_schedules,
    "run-schedules": run_schedules,
    "stop-recipient": stop_recipient,
    "lift-stop": lift_stop,
    "add-partner-account": add_partner_account,
    "asked": asked,
}
