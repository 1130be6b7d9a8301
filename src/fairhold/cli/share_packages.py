"""`fairhold share open|offer|take|handed|…`: ways out beside SFTP, what a recipient checks, and what is owed after."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from fairhold.cli.acting import acting
from fairhold.dates import clock
from fairhold.errors import PlainError
from fairhold.sharing import collecting, deletions, handing, keys, package, pseudonyms, recalls, withdrawn
from fairhold.sharing.package import Opened

YOUTH, IG = "youth-support", "information-governance"
Purpose = Annotated[str | None, typer.Option(help="The purpose you act under.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="The number of the share.")]
Into = Annotated[Path, typer.Option(file_okay=False, help="The folder to write into.")]


def add_to(app: typer.Typer) -> None:
    """Make these commands part of `fairhold share`."""
    commands: tuple[tuple[Callable[..., None], str], ...] = (
        (open_package, "open"),
        (offer, "offer"),
        (take, "take"),
        (handed, "handed"),
        (recall_person, "recall-person"),
        (notices, "notices"),
        (take_notice, "take-notice"),
        (corrections_due, "corrections-due"),
        (deletions_due, "deletions-due"),
        (confirm_deletion, "confirm-deletion"),
        (renew_pseudonyms, "renew-pseudonyms"),
    )
    for command, name in commands:
        app.command(name)(command)


def _print(document: Any, as_json: bool, text: str) -> None:
    sys.stdout.write((json.dumps(document, default=str, ensure_ascii=False) if as_json else text) + "\n")


def open_package(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The package, or the notice, as it came.")],
    identity: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The file of your own age key.")],
    signer: Annotated[str, typer.Option(help="The council's key that signs, as it gave it to you.")],
    into: Annotated[Path | None, typer.Option(file_okay=False, help="The folder the rows are written into.")] = None,
    as_json: AsJson = False,
) -> None:
    """For a recipient, without a database: check a package or a notice, say what it is, and write its rows.

    Nothing is written where the signature, the hash or the time is not right.
    """
    key = _identity(identity)
    data = file.read_bytes()
    if keys.decrypt(data, key).startswith(b"{"):  # a package is an archive
        told = package.notice_opened(data, key, signer)
        _print(told, as_json, _lines(told))
        return
    found = package.opened(data, key, signer, on=clock.today())
    text = _lines(found.manifest)
    if into is not None:
        text += f"\nThe rows are in {_write(into, _named(found), found.rows)}."
    _print(found.manifest, as_json, text)


def _identity(file: Path) -> str:
    lines = [line.strip() for line in file.read_text("utf-8", "replace").splitlines()]
    found = [line for line in lines if line.startswith("AGE-SECRET-KEY-")]
    if len(found) != 1:
        raise PlainError("This file holds no age key: it is the one that age-keygen wrote, with AGE-SECRET-KEY in it.")
    return found[0]


def _named(found: Opened) -> str:
    return f"fairhold-share-{int(found.manifest['decision']):06d}{Path(found.name).suffix}"


def _write(folder: Path, name: str, data: bytes) -> Path:
    """A new file that only its owner can read; one that is there stays as it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise PlainError(f"There is a file {name} in this folder already: it stays as it is.") from None
    with os.fdopen(handle, "wb") as out:
        out.write(data)
    return path


def _lines(told: dict[str, Any]) -> str:
    width = max(map(len, told))
    return "\n".join(f"{name:<{width}}  {_said(value)}" for name, value in sorted(told.items()))


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {each}" for name, each in value.items()) or "none"
    return "not said" if value is None else str(value)


def offer(share: Number, purpose: Purpose = None) -> None:
    """Let a packed share be fetched once, for a week, at the address /collect/. The code is shown this once."""
    with acting(purpose, otherwise=YOUTH) as scope:
        made = collecting.offer(scope, share=share)
    text = f"Number {made.number}; code {made.code}; until {made.closes_at:%d/%m/%Y %H:%M}."
    _print(None, False, f"{text} Tell the two on different ways, the code by telephone or letter.")


def take(share: Number, into: Into, purpose: Purpose = None) -> None:
    """Write the package into a folder, to be taken to the recipient by hand on the way that was decided."""
    with acting(purpose, otherwise=YOUTH) as scope:
        name, data = handing.take(scope, share=share)
        path = _write(into, name, data)
    _print(None, False, f"The package is in {path}. When it has arrived: fairhold share handed {share}.")


def handed(
    share: Number,
    receipt: Annotated[str, typer.Option(help="The receipt: its number or date. No names.")],
    purpose: Purpose = None,
) -> None:
    """Keep that a package taken by hand has arrived."""
    with acting(purpose, otherwise=YOUTH) as scope:
        handing.handed(scope, share=share, receipt=receipt)
    _print(None, False, f"Share {share} has arrived.")


def recall_person(
    person: Annotated[int, typer.Argument(help="The number of the person.")],
    action: Annotated[str, typer.Option(help="delete or correct.")],
    reason: Annotated[str, typer.Option(help="Why; without personal data.")],
    field: Annotated[list[str] | None, typer.Option(help="Only who has this field; all otherwise.")] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Ask everybody who has a child's row to delete or correct it. Exit 1: a notice did not arrive."""
    with acting(purpose, otherwise=IG) as scope:
        made = recalls.everyone(scope, person=person, action=action, reason=reason, fields=field)
    waiting = [one for one in made if one.arrived_at is None]
    lines = [f"notice {one.id}  share {one.share}  {'arrived' if one.arrived_at else 'did not arrive'}" for one in made]
    _print([vars(one) for one in made], as_json, "\n".join(lines) or "Nobody has this who was not told already.")
    sys.exit(1 if waiting else 0)


def notices(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List the notices to recipients, those without an answer first."""
    with acting(purpose, otherwise=IG) as scope:
        found = recalls.notices(scope)
    lines = [f"{one.id:>4}  share {one.share}  {one.action:<7}  {len(one.lines)} rows  {_answer(one)}" for one in found]
    _print([vars(one) for one in found], as_json, "\n".join(lines) or "No notice yet.")


def _answer(one: recalls.Recall) -> str:
    if one.acknowledged_at is not None:
        return f"answered {one.acknowledged_at:%Y-%m-%d}"
    return "no answer yet" if one.arrived_at else "did not arrive"


def take_notice(notice: int, into: Into, purpose: Purpose = None) -> None:
    """Write a notice into a folder, to be taken to its recipient by hand."""
    with acting(purpose, otherwise=YOUTH) as scope:
        name, data = recalls.take(scope, recall=notice)
        path = _write(into, name, data)
    _print(None, False, f"The notice is in {path}.")


def corrections_due(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List the rows that a recipient has and that were corrected since."""
    with acting(purpose, otherwise=YOUTH) as scope:
        found = withdrawn.corrections_due(scope)
    lines = [f"share {due.share}  row {due.line}  person {due.person}  {', '.join(due.fields)}" for due in found]
    _print([vars(due) for due in found], as_json, "\n".join(lines) or "Nothing is due.")


def deletions_due(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List the files that recipients had to delete by now and have not confirmed. Exit 1: there are some."""
    with acting(purpose, otherwise=IG) as scope:
        found = deletions.due(scope)
    lines = [f"share {one.share}  {one.partner}  by {one.delete_by}" for one in found]
    _print([vars(one) for one in found], as_json, "\n".join(lines) or "Nothing is due.")
    sys.exit(1 if found else 0)


def confirm_deletion(
    share: Number,
    said: Annotated[str, typer.Option(help="How the recipient confirmed it. No names.")],
    purpose: Purpose = None,
) -> None:
    """Keep a recipient's word that it has deleted a file."""
    with acting(purpose, otherwise=IG) as scope:
        deletions.confirm(scope, share=share, said_so=said)
    _print(None, False, f"Share {share} is deleted by its recipient's word.")


def renew_pseudonyms(
    recipient: int,
    of: Annotated[str, typer.Option(help="The purpose the pseudonyms were made for.")] = "research",
    purpose: Purpose = None,
) -> None:
    """Give a recipient new pseudonyms from the next file on; nobody can resolve the old ones again."""
    with acting(purpose, otherwise=IG) as scope:
        pseudonyms.renew(scope, partner=recipient, purpose=of)
    _print(None, False, "The next file has new pseudonyms.")
