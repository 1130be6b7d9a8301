"""`fairhold choices`: what families have chosen: record, withdraw, list, take in a register, and whom to ask again."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from fairhold import choices, identity
from fairhold.catalogue import collecting
from fairhold.choices import Authority, By, Channel, ChoiceError, Kind, NewChoice
from fairhold.cli.acting import acting
from fairhold.dates import clock
from fairhold.errors import PlainError
from fairhold.record import voluntary
from fairhold.sharing import refused, renewals

YOUTH, INTAKE = "youth-support", "data-intake"
Purpose = Annotated[str | None, typer.Option(help="The purpose you act under.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Person = Annotated[int, typer.Argument(help="The number of the person.")]

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Record, withdraw and list what families choose.")


def _print(document: Any, as_json: bool, text: str) -> None:
    sys.stdout.write((json.dumps(document, default=str, ensure_ascii=False) if as_json else text) + "\n")


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise PlainError(f"“{text}” is no date: write it as 2026-11-23.") from None


@app.command()
def record(
    person: Person,
    kind: Annotated[Kind, typer.Argument(help="consent, refusal, objection or evidence.")],
    by: Annotated[By, typer.Option(help="Who chose: parent or young_person.")],
    wording: Annotated[str, typer.Option(help="The wording the person saw, such as youth-extra-1.")],
    channel: Annotated[Channel, typer.Option(help="How it came in: paper, page or phone.")],
    authority: Annotated[Authority, typer.Option(help="On what the right to choose rests.")] = Authority.UNKNOWN,
    recipient: Annotated[str | None, typer.Option(help="For which recipient.")] = None,
    field: Annotated[list[str] | None, typer.Option(help="For which field.")] = None,
    begins: Annotated[str | None, typer.Option("--from", help="First day; today.")] = None,
    ends: Annotated[str | None, typer.Option("--to", help="The day it ends; that day it counts no more.")] = None,
    again: Annotated[str | None, typer.Option("--ask-by", help="The day by which to ask again.")] = None,
    purpose: Purpose = None,
) -> None:
    """Record a choice about a child. The chooser's name is typed on the page, where no list of commands keeps it."""
    with acting(purpose, otherwise=YOUTH) as scope:
        new = NewChoice(
            kind=kind,
            by=by,
            recipient=recipient,
            fields=tuple(field) if field else None,
            from_date=_day(begins) or scope.day,
            to_date=_day(ends),
            wording=wording,
            authority=authority,
            channel=channel,
            review_by=_day(again),
        )
        scope.allow("choices.record")
        made = choices.record(scope, subject=person, choice=new, same=identity.members(scope, person))
    _print(None, False, "The choice is recorded." if made else "This choice stands already, or there is no such child.")


@app.command()
def withdraw(
    choice: Annotated[int, typer.Argument(help="The number of the choice.")],
    channel: Annotated[Channel, typer.Option(help="How the word came in.")] = Channel.PHONE,
    purpose: Purpose = None,
) -> None:
    """Withdraw a choice at once; no reason is asked for."""
    with acting(purpose, otherwise=YOUTH) as scope:
        choices.withdraw(scope, choice=choice, channel=channel)
    _print(None, False, f"Choice {choice} is withdrawn.")


@app.command("list")
def listed(person: Person, purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List the choices of a child, and whether each counts today."""
    with acting(purpose, otherwise=YOUTH) as scope:
        scope.allow("choices.read")
        mine = identity.members(scope, person)
        said = choices.of_subjects(scope, subjects=mine)
        born = choices.born(scope, mine)
        why = {one.id: choices.why_not(one, said, born=born, on=scope.day) for one in said}
    told = [{"choice": one.id, **vars(one.choice), "why_not": why[one.id]} for one in said]
    lines = [
        f"{one.id:>4}  {one.choice.from_date}  {one.choice.kind.value:<9} {one.choice.by.value:<12} "
        f"{one.choice.recipient or 'anybody'}: {', '.join(one.choice.fields or ('all',))}  {why[one.id] or 'Counts.'}"
        for one in said
    ]
    _print(told, as_json, "\n".join(lines) or "Nothing was chosen.")


@app.command("take-in")
def take_in(file: Path, purpose: Purpose = None, as_json: AsJson = False) -> None:
    """Take in the council's register of choices. Exit 1: some rows were left, each with its reason."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ChoiceError(f"The register cannot be read ({error.strerror}): check the path.") from None
    with acting(purpose, otherwise=INTAKE) as scope:
        added, left = choices.take_in(scope, data)
    lines = [f"{added} choices are new.", *(f"line {one.line}: {one.reason}" for one in left)]
    _print({"added": added, "left": [vars(one) for one in left]}, as_json, "\n".join(lines))
    sys.exit(1 if left else 0)


@app.command()
def renew(purpose: Purpose = None) -> None:
    """Put on the list whom to ask again: before the 16th birthday, and before a yes ends."""
    with acting(purpose, otherwise=YOUTH) as scope:
        found = renewals.renewals(scope)
    _print(None, False, f"{found} people are to be asked.")


@app.command()
def notice(
    collection: Annotated[str, typer.Argument(help="ctf, ssda903, cin or ssd.")],
    out: Annotated[Path | None, typer.Option(help="Write it as a PDF that a screen reader can read.")] = None,
) -> None:
    """Print the text that a form of a collection carries: what must be given, and what may be. Touches no store."""
    if collection not in collecting.COLLECTIONS:
        raise PlainError(f"There is no such collection: name one of {', '.join(collecting.COLLECTIONS)}.")
    found = collecting.notice(collection, clock.today())
    if out is not None:
        from fairhold import letters  # noqa: PLC0415 (typst is loaded only for a document)

        blocks = [letters.Text(line) for line in (*found.lines, f"Version {found.version}.")]
        out.write_bytes(letters.pdf(found.title, blocks, marking="OFFICIAL"))
    _print(None, False, "\n".join((f"{found.title} (version {found.version})", *found.lines)))


@app.command()
def refuse(
    person: Person,
    item: Annotated[str, typer.Argument(help="The item, such as people.ethnicity.ethnicity.")],
    purpose: Purpose = None,
) -> None:
    """Take a voluntary item out of the record, and keep it out."""
    table, _, field = item.rpartition(".")
    with acting(purpose, otherwise=INTAKE) as scope:
        gone = voluntary.refuse(scope, person=person, table=table, field=field)
    _print(None, False, f"{gone} values are taken out. What comes later is taken out too.")


@app.command("refused")
def refused_items(person: Person, purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List the voluntary items that were refused or taken back for a child."""
    with acting(purpose, otherwise=INTAKE) as scope:
        found = voluntary.refused(scope, person=person)
    lines = [f"{one.at:%Y-%m-%d}  {one.table}.{one.field}  {one.code or ''}" for one in found]
    _print([vars(one) for one in found], as_json, "\n".join(lines) or "Nothing was refused.")


@app.command()
def tell_refused(
    person: Person,
    field: Annotated[str, typer.Argument(help="The field as the gate calls it, such as ethnicity.")],
    purpose: Purpose = None,
) -> None:
    """Ask whoever had a refused item from us to delete it."""
    with acting(purpose, otherwise="information-governance") as scope:
        made = refused.tell(scope, person=person, field=field)
    _print(None, False, f"{made} recipients are asked to delete it.")
