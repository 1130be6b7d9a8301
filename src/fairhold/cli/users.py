"""`fairhold users add|list|disable`: accounts of staff. The first administrator is added by the store's owner."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from fairhold.access import accounts
from fairhold.access.roles import EVERY
from fairhold.cli.acting import acting

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Register and list accounts of staff.")
Purpose = Annotated[str | None, typer.Option(help="The purpose you act under; administration where none is given.")]
ROLE_HELP = "One of: " + ", ".join(role.slug for role in EVERY) + "."


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="The person's name, as colleagues know it.")],
    role: Annotated[str, typer.Option(help=ROLE_HELP)],
    login: Annotated[str, typer.Option(help="The name the person signs in under.")],
    os_user: Annotated[str | None, typer.Option(help="System user whose commands act as this account.")] = None,
    password: Annotated[bool, typer.Option("--password", help="Ask for a password for the pages.")] = False,
    first: Annotated[bool, typer.Option("--first", help="Add the first administrator of a new store.")] = False,
    purpose: Purpose = None,
) -> None:
    """Add an account with one role."""
    secret = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if password else None
    if first:
        number = accounts.add_first_administrator(name=name, login=login, os_user=os_user, password=secret)
    else:
        with acting(purpose, otherwise="administration") as scope:
            number = accounts.add(scope, name=name, login=login, role_slug=role, os_user=os_user, password=secret)
    sys.stdout.write(f"Account {number} added.\n")


@app.command("list")
def listed(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False, purpose: Purpose = None
) -> None:
    """List every account, disabled ones last."""
    with acting(purpose, otherwise="administration") as scope:
        found = accounts.listed(scope)
    if as_json:
        rows = [{"id": a.id, "name": a.name, "login": a.login, "role": a.role, "disabled": a.disabled} for a in found]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
        return
    for account in found:
        marks = [mark for mark, on in (("made up", account.made_up), ("disabled", account.disabled)) if on]
        note = f" ({', '.join(marks)})" if marks else ""
        sys.stdout.write(f"{account.id:>5}  {account.role:<15} {account.login:<20} {account.name}{note}\n")


@app.command("disable")
def disable(
    account: Annotated[int, typer.Argument(help="The account's number, as fairhold users list shows it.")],
    purpose: Purpose = None,
) -> None:
    """Close an account at once. It stays listed, because the ledger names it."""
    with acting(purpose, otherwise="administration") as scope:
        accounts.disable(scope, account=account)
    sys.stdout.write(f"Account {account} is disabled.\n")
