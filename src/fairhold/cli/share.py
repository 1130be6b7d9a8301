"""`fairhold share`: recipients and agreements, proposing, judging, sending, tracing and taking back a list."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Annotated, Any

import typer

from fairhold.cli import share_emergency, share_log, share_packages, share_requests
from fairhold.cli.acting import acting
from fairhold.errors import PlainError
from fairhold.sharing import keys, parties, proposing, recalls, sending, withdrawn
from fairhold.sharing.agreements import Terms
from fairhold.sharing.parties import NewPartner, Partner
from fairhold.sharing.sftp import Endpoint
from fairhold.sharing.shares import State

YOUTH, IG = "youth-support", "information-governance"
Purpose = Annotated[str | None, typer.Option(help="The purpose you act under.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="The number of the share.")]

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Propose, approve, send and trace a share.")
app.add_typer(share_emergency.app, name="emergency")
app.command("decline")(share_emergency.decline)
app.command("not-shared")(share_emergency.not_shared)
app.command("known")(share_emergency.ask_known)
share_log.add_to(app)
share_packages.add_to(app)
for _name, _command in share_requests.COMMANDS.items():
    app.command(_name)(_command)


def _print(document: Any, as_json: bool, text: str) -> None:
    sys.stdout.write((json.dumps(document, default=str, ensure_ascii=False) if as_json else text) + "\n")


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise PlainError(f"“{text}” is no date: write it as 2026-11-23.") from None


@app.command("keys")
def our_keys(as_json: AsJson = False) -> None:
    """Print our public keys, for a recipient: the one that signs, and the one that logs in."""
    ours = keys.ours()
    _print(vars(ours), as_json, f"signs  {ours.signing}\nlogs in  {ours.login}")


@app.command()
def add_recipient(
    name: str,
    kind: Annotated[str, typer.Option(help="The kind of body, as policy_recipients lists them.")],
    host: Annotated[str, typer.Option(help="Its SFTP server.")],
    login: Annotated[str, typer.Option(help="Our login there.")],
    host_key: Annotated[str, typer.Option(help="The server's public key, as ssh-keyscan prints it after the name.")],
    age_key: Annotated[str, typer.Option(help="The key to encrypt to, beginning with age1.")],
    port: Annotated[int, typer.Option(min=1, max=65535)] = 22,
    folder: Annotated[str, typer.Option(help="The folder on the server.")] = "/",
    organisation: Annotated[str | None, typer.Option(help="Its UKPRN or URN, if any.")] = None,
    purpose: Purpose = None,
) -> None:
    """Register a recipient, or give it new keys. A second person must confirm them."""
    body = NewPartner(kind, name, organisation, Endpoint(host, port, login, folder, host_key), age_key)
    with acting(purpose, otherwise=IG) as scope:
        number = parties.add_partner(scope, body=body)
    _print(
        None,
        False,
        f"Recipient {number}. A second person confirms its keys: fairhold share confirm-recipient {number}.",
    )


@app.command()
def confirm_recipient(
    recipient: int,
    age_fingerprint: Annotated[str, typer.Option(help="The age key's fingerprint, as the recipient reads it out.")],
    host_fingerprint: Annotated[str, typer.Option(help="The host key's fingerprint, SHA256:…")],
    purpose: Purpose = None,
) -> None:
    """Confirm a recipient's keys by the fingerprints it read out to you."""
    with acting(purpose, otherwise=IG) as scope:
        parties.confirm_partner(
            scope, partner=recipient, age_fingerprint=age_fingerprint, host_fingerprint=host_fingerprint
        )
    _print(None, False, f"The keys of recipient {recipient} are confirmed.")


@app.command()
def recipients(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List the recipients of files and the state of their keys."""
    with acting(purpose, otherwise=IG) as scope:
        found = parties.partners(scope)
    _print([_partner(one) for one in found], as_json, "\n".join(map(_partner_line, found)) or "No recipient yet.")


def _partner(one: Partner) -> dict[str, Any]:
    return {
        "recipient": one.id,
        "name": one.body.name,
        "kind": one.body.kind,
        "confirmed": one.confirmed_by is not None,
        "age_fingerprint": one.age_fingerprint,
        "host_fingerprint": one.host_fingerprint,
    }


def _partner_line(one: Partner) -> str:
    state = "confirmed" if one.confirmed_by else "keys not confirmed"
    return f"{one.id:>4}  {one.body.kind:<17} {one.body.name}  {state}"


@app.command()
def agree(
    recipient: int,
    begins: Annotated[str, typer.Option("--from", help="First day, as 2026-11-23.")],
    keeps: Annotated[str, typer.Option(help="How long the recipient keeps what it gets.")],
    ends: Annotated[str | None, typer.Option("--to", help="The day it ends; that day it counts no more.")] = None,
    look_by: Annotated[str | None, typer.Option(help="The day by which it must be looked at again.")] = None,
    field: Annotated[list[str] | None, typer.Option(help="A field it covers; none named: as policy allows.")] = None,
    channel: Annotated[str | None, typer.Option(help="The one way to send it covers.")] = None,
    basis: Annotated[list[str] | None, typer.Option(help="A law it rests on, such as LB23.")] = None,
    population: Annotated[str, typer.Option(help="Whom it is about.")] = "",
    cadence: Annotated[str, typer.Option(help="How often: once, weekly, termly, case by case.")] = "",
    roles: Annotated[str, typer.Option(help="Who is controller, who processor.")] = "",
    signatories: Annotated[str, typer.Option(help="Who signed, for both sides.")] = "",
    contacts: Annotated[str, typer.Option(help="Whom to turn to, for rights and for incidents.")] = "",
    keeps_days: Annotated[int | None, typer.Option(help="How many days it keeps each file.")] = None,
    keeps_to_age: Annotated[int | None, typer.Option(help="Until which birthday of a child it keeps a file.")] = None,
    purpose: Purpose = None,
) -> None:
    """Record an agreement with a recipient."""
    first = _day(begins)
    assert first is not None
    terms = Terms(
        fields=tuple(field) if field else None,
        channel=channel,
        basis=tuple(basis or ()),
        population=population,
        cadence=cadence,
        roles=roles,
        signatories=signatories,
        contacts=contacts,
        review_by=_day(look_by),
        keeps_days=keeps_days,
        keeps_to_age=keeps_to_age,
    )
    with acting(purpose, otherwise=IG) as scope:
        number = parties.add_agreement(
            scope, partner=recipient, from_date=first, to_date=_day(ends), keeps=keeps, terms=terms
        )
    _print(None, False, f"Agreement {number}.")


@app.command()
def approve(
    share: Number,
    note: Annotated[str, typer.Option(help="On what your judgement rests.")],
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse it instead.")] = False,
    purpose: Purpose = None,
) -> None:
    """Approve or refuse a share that somebody else proposed."""
    with acting(purpose, otherwise=IG) as scope:
        found = proposing.judge(scope, share=share, approves=not refuse, note=note)
    _print(
        None, False, f"Share {share} is {found.state.value} ({found.approvals} of {found.approvals_needed} approvals)."
    )


@app.command()
def send(share: Number, purpose: Purpose = None, as_json: AsJson = False) -> None:
    """Pack an approved share and send it. After a failure the same file is sent again. Exit 1: it did not arrive."""
    with acting(purpose, otherwise=YOUTH) as scope:
        found, _ = proposing.shown(scope, share=share)
        if found.state is not State.SENT:
            found = sending.pack(scope, share=share)
    with acting(purpose, otherwise=YOUTH) as scope:
        attempt = dict(sending.send(scope, share=share))
    _print(attempt, as_json, f"{found.rows} rows packed. {attempt['said']}")
    sys.exit(0 if attempt["arrived"] else 1)


@app.command("list")
def listed(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List the shares, the newest first."""
    with acting(purpose, otherwise=YOUTH) as scope:
        found = proposing.listed(scope)
    lines = [f"{one.id:>4}  {one.as_of}  {one.state.value:<9} {one.partner}: {one.children} children" for one in found]
    _print([share_requests.document_of(one, []) for one in found], as_json, "\n".join(lines) or "No share yet.")


@app.command()
def show(share: Number, purpose: Purpose = None, as_json: AsJson = False) -> None:
    """Show a share: how often each field was allowed or refused, and why."""
    with acting(purpose, otherwise=YOUTH) as scope:
        found, counts = proposing.shown(scope, share=share)
    _print(share_requests.document_of(found, counts), as_json, share_requests.told(found, counts))


@app.command()
def recall_notice(
    share: Number,
    action: Annotated[str, typer.Option(help="delete or correct.")],
    reason: Annotated[str, typer.Option(help="Why; without personal data.")],
    person: Annotated[int | None, typer.Option(help="Only this person's row.")] = None,
    purpose: Purpose = None,
) -> None:
    """Ask the recipient of a share to delete or correct rows. Exit 1: the notice did not arrive."""
    with acting(purpose, otherwise=YOUTH) as scope:
        made = recalls.recall(scope, share=share, action=action, reason=reason, person=person)
    said = "has arrived" if made.arrived_at else "did not arrive: send it again with fairhold share resend-notice"
    _print(None, False, f"Notice {made.id} about {len(made.lines)} rows {said}.")
    sys.exit(0 if made.arrived_at else 1)


@app.command()
def notices_due(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List the rows that a recipient has and may no longer have."""
    with acting(purpose, otherwise=YOUTH) as scope:
        found = withdrawn.notices_due(scope)
    lines = [
        f"share {due.share}  row {due.line}  person {due.person}  {', '.join(due.fields)}  {due.rule}" for due in found
    ]
    _print([vars(due) for due in found], as_json, "\n".join(lines) or "Nothing is due.")


@app.command()
def resend_notice(notice: int, purpose: Purpose = None) -> None:
    """Send a notice again. Exit 1: it did not arrive."""
    with acting(purpose, otherwise=YOUTH) as scope:
        made = recalls.resend(scope, recall=notice)
    _print(None, False, f"Notice {notice} {'has arrived' if made.arrived_at else 'did not arrive'}.")
    sys.exit(0 if made.arrived_at else 1)


@app.command()
def acknowledge(notice: int, purpose: Purpose = None) -> None:
    """Keep that the recipient did what a notice asked."""
    with acting(purpose, otherwise=YOUTH) as scope:
        recalls.acknowledge(scope, recall=notice)
    _print(None, False, f"Notice {notice} is acknowledged.")
