"""`fairhold share emergency`: telling at once, whatever is down; and what was decided not to be told."""

from __future__ import annotations

import getpass
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from fairhold import access
from fairhold.access.doors import door
from fairhold.cli import demo_clock
from fairhold.cli.acting import account, acting
from fairhold.engine import database
from fairhold.errors import PlainError
from fairhold.sharing import declined, emergency, known
from fairhold.sharing.emergency import EmergencyError, Facts, Judgement, Override
from fairhold.sharing.emergency.domain import CORE, PROTECTED, day_from
from fairhold.sharing.known import Asked

SAFEGUARDING, IG = "safeguarding", "information-governance"
Purpose = Annotated[str | None, typer.Option(help="The purpose you act under.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="The number of the emergency.")]

app = typer.Typer(
    add_completion=False,
    invoke_without_command=True,
    help="Tell somebody at once to keep a child from harm. Works with the database down.",
)


@app.callback()
def tell(
    context: typer.Context,
    facts: Annotated[str | None, typer.Option(help="A file with the facts as JSON; - reads what is piped in.")] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Type in the facts, see what you may tell, and tell it. It is written down before you get the answer.

    Exit 1: something of it may not be told.
    """
    if context.invoked_subcommand is not None:
        return
    demo_clock.adopt()
    given = _read(facts) if facts else _ask()
    judgement, values, kept = _tell(given, purpose)
    if not facts and judgement.refused and (override := _override(given, judgement)) is not None:
        judgement, more, kept = _tell(override, purpose)
        values |= more
    refused = [
        {"field": one.field, "reason": one.reason, "would_change": one.would_change} for one in judgement.refused
    ]
    document = {"may_tell": values, "refused": refused, "kept": kept}
    _print(document, as_json, _said(given, judgement, values, kept))
    sys.exit(1 if judgement.refused else 0)


def _tell(facts: Facts, purpose: str | None) -> tuple[Judgement, dict[str, str], str]:
    """Decided and written down: in the store, else in the sealed spool; with the sentence that says where."""
    try:
        why = "" if database.answers("worker") else "The database does not answer."
        if not why:
            with access.scope(account().actor(), purpose or _own_purpose(), login="worker") as scope:
                told = emergency.tell(scope, facts=facts)
            kept = "Nothing was told." if told.number is None else f"Kept as emergency {told.number}."
            return told.judgement, dict(told.values), kept
    except EmergencyError:
        raise
    except PlainError as error:
        why = error.sentence
    except Exception as error:  # whatever is broken, a child in danger does not wait for it
        why = f"The store failed ({type(error).__name__})."
    judgement, entry = emergency.write_down(facts, teller=getpass.getuser(), why=why)
    kept = (
        f"{why} Kept sealed on this machine as entry {entry.number} ({entry.link[:8]}); it is taken in later."
        f" {judgement.decided_by}"
    )
    return judgement, {field: facts.tells[field] for field in judgement.told}, kept


def _own_purpose() -> str:
    """The first purpose of the caller's role under which an emergency may be told."""
    for purpose in access.role(account().role).purposes():
        if door("emergency.tell").opens_for(purpose.slug):
            return purpose.slug
    raise access.Refused("Your role opens no record of a child.")


def _read(source: str) -> Facts:
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text("utf-8")
        return emergency.facts_from(json.loads(text))
    except (OSError, ValueError):
        raise EmergencyError("The facts cannot be read: give a file with JSON, as the manual shows it.") from None


def _ask() -> Facts:
    """The facts, asked one by one: what is typed stands in no list of commands."""
    ask = typer.prompt
    recipient = ask("What kind of body is told (police, health, school …)")
    told = Facts(
        recipient=recipient.strip().lower().replace(" ", "-"),
        organisation=ask("Which body"),
        spoken_to=ask("Whom do you speak to there"),
        channel=ask("How do you tell it", default="phone"),
        need=ask("What harm must the child be kept from"),
        tells={},
        person=int(number) if (number := ask("Number of the person, if you know it", default="")).isdecimal() else None,
        name=ask("Name of the child", default=""),
        born=day_from(ask("Birth date, as 2011-09-05", default="")),
        address_protected=ask(f"Is the address protected ({', '.join(PROTECTED)})", default="unknown"),
    )
    tells = {}
    for field in CORE:
        shown = field.replace("_", " ")
        value = ask(f"The {shown} to tell (empty: from the record; - leaves it out)", default="")
        if value != "-" and (value or told.person is not None):
            tells[field] = value
    while more := ask("Another field to tell (empty: no more)", default="").strip().lower().replace(" ", "_"):
        tells[more] = ask(f"The {more.replace('_', ' ')}")
    return replace(told, tells=tells)


def _override(facts: Facts, judgement: Judgement) -> Facts | None:
    """The facts with the officer's own word on what was refused, or None."""
    for one in judgement.refused:
        sys.stdout.write(f"{one.field}: {one.reason} {one.would_change}\n")
    reason = typer.prompt("Must it be told all the same? Why (empty: no)", default="")
    if not reason:
        return None
    second = typer.prompt("Name of a second person who stands by it (an address that may be protected)", default="")
    wanted = {one.field for one in judgement.refused}
    tells = {field: value for field, value in facts.tells.items() if field in wanted}
    return replace(facts, tells=tells, override=Override(reason, second))


def _said(facts: Facts, judgement: Judgement, values: dict[str, str], kept: str) -> str:
    lines = [kept]
    if values:
        lines.append(f"You may tell {facts.organisation} now:")
        lines += [f"  {field.replace('_', ' ')}: {value}" for field, value in values.items()]
    for one in judgement.refused:
        lines.append(f"Do not tell {one.field.replace('_', ' ')}. {one.reason} {one.would_change}")
    return "\n".join(lines)


def _print(document: Any, as_json: bool, text: str) -> None:
    sys.stdout.write((json.dumps(document, default=str, ensure_ascii=False) if as_json else text) + "\n")


@app.command("take-in")
def take_in(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """Take what was told while the store was down into the store. Exit 1: an entry is missing or was changed."""
    found = emergency.take_in(account().actor(), purpose or SAFEGUARDING)
    counts = f"{len(found.done)} entries of the spool are in the store, {found.new} of them new emergencies."
    lines = [counts, *found.wrong]
    _print({"entries": len(found.done), "new": found.new, "wrong": found.wrong}, as_json, "\n".join(lines))
    sys.exit(1 if found.wrong else 0)


@app.command("list")
def listed(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List what was told in emergencies: what waits to be looked at first."""
    with acting(purpose, otherwise=IG) as scope:
        found = emergency.emergencies(scope)
    lines = [
        f"{one.id:>4}  {one.told_at:%Y-%m-%d %H:%M}  {one.recipient:<18} "
        + (f"look at it by {one.review_by}" if one.waits else "right" if one.was_right else "WRONG")
        for one in found
    ]
    told = [
        {"emergency": one.id, "recipient": one.recipient, "review_by": one.review_by, "right": one.was_right}
        for one in found
    ]
    _print(told, as_json, "\n".join(lines) or "Nothing was ever told in an emergency.")


@app.command()
def show(number: Number, purpose: Purpose = None, as_json: AsJson = False) -> None:
    """Show one emergency: what was told, to whom, and why."""
    with acting(purpose, otherwise=IG) as scope:
        found = emergency.shown(scope, number=number)
    lines = [
        f"Emergency {found.id}: {found.organisation} ({found.recipient}), {found.spoken_to}, by {found.channel}",
        f"Why: {found.need}",
        *([f"Override: {found.override_reason} {found.second_person}"] if found.override_reason else []),
        *(f"  {one.field:<20}{one.way:<10}{one.value or one.reason}" for one in found.fields),
    ]
    _print({**vars(found), "fields": [vars(one) for one in found.fields]}, as_json, "\n".join(lines))


@app.command()
def review(
    number: Number,
    note: Annotated[str, typer.Option(help="On what your judgement rests.")],
    right: Annotated[bool, typer.Option("--right/--wrong", help="Whether it was right to tell it.")],
    purpose: Purpose = None,
) -> None:
    """Say whether it was right to tell it. Wrong puts a breach on the list."""
    with acting(purpose, otherwise=IG) as scope:
        found = emergency.review(scope, number=number, right=right, note=note)
    _print(None, False, f"Emergency {found.id} was {'right' if found.was_right else 'wrong: a breach is on the list'}.")


@app.command("is-child")
def is_child(
    number: Number,
    person: Annotated[int, typer.Argument(help="The number of the person.")],
    purpose: Purpose = None,
) -> None:
    """Say which child of the record an emergency was about that only described it."""
    with acting(purpose, otherwise=SAFEGUARDING) as scope:
        emergency.find_child(scope, number=number, person=person)
    _print(None, False, f"Emergency {number} stands with the record of person {person} now.")


def decline(
    recipient: Annotated[str, typer.Argument(help="What kind of body asked, such as charity.")],
    organisation: Annotated[str, typer.Option(help="Which body asked.")],
    field: Annotated[list[str], typer.Option(help="What was not told.")],
    reason: Annotated[str, typer.Option(help="Why it was not told; without names.")],
    person: Annotated[int | None, typer.Option(help="The number of the person, if it is about one.")] = None,
    purpose: Purpose = None,
) -> None:
    """Keep that you decided not to share."""
    with acting(purpose, otherwise=IG) as scope:
        number = declined.decline(
            scope, recipient=recipient, organisation=organisation, fields=field, reason=reason, person=person
        )
    _print(None, False, f"Decision {number} not to share is kept.")


def not_shared(
    person: Annotated[int | None, typer.Option(help="Only what is about this person.")] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """List the decisions not to share, the newest first."""
    with acting(purpose, otherwise=IG) as scope:
        found = declined.declined(scope, person=person)
    lines = [
        f"{one.at:%Y-%m-%d}  {one.by:<7} {one.recipient:<18} {', '.join(one.fields)}: {one.reason}" for one in found
    ]
    _print([vars(one) for one in found], as_json, "\n".join(lines) or "Nothing was ever declined.")


def ask_known(
    person: Annotated[int, typer.Argument(help="The number of the person; 0 where nobody could be found.")],
    recipient: Annotated[str, typer.Option(help="What kind of body asks.")],
    organisation: Annotated[str, typer.Option(help="Which body asks.")],
    need: Annotated[str, typer.Option(help="Why it must know; without names.")],
    service: Annotated[str, typer.Option(help="Known to which service.")] = "social_care",
    reference: Annotated[str, typer.Option(help="Its case number.")] = "",
    officer: Annotated[str, typer.Option(help="Its named officer.")] = "",
    power: Annotated[str, typer.Option(help="The power in law it names.")] = "",
    purpose: Purpose = None,
) -> None:
    """Say whether a service knows a child, as it may be said to whoever asks."""
    asked = Asked(recipient, organisation, service, SAFEGUARDING, need, reference, officer, power)
    with acting(purpose, otherwise=SAFEGUARDING) as scope:
        says = known.known(scope, asked=asked, person=person or None)
    _print(None, False, says.value.capitalize() + ".")
