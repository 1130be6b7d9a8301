"""`fairhold return findings|assign|team|explain|…`: the faults of a return, and what people do about them."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from fairhold.access import accounts
from fairhold.cli.acting import acting
from fairhold.errors import PlainError
from fairhold.returns.files import read_bytes
from fairhold.returns.output import save
from fairhold.returns.workspace import assigning, books, explaining, findings
from fairhold.returns.workspace.domain import State
from fairhold.returns.workspace.explaining import REASONS
from fairhold.returns.workspace.findings import Page
from fairhold.returns.workspace.selecting import Choice

RETURNS = "statutory-returns"
Name = Annotated[str, typer.Argument(metavar="RETURN", help="The return: ssda903 or cin.")]
Year = Annotated[int, typer.Option(help="The collection year: 2027 is the year to 31 March 2027.")]
Purpose = Annotated[str | None, typer.Option(help="The purpose you act under; statutory-returns where none is given.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Rules = Annotated[list[str] | None, typer.Option("--rule", help="Only this rule. May be repeated.")]
Children = Annotated[Path | None, typer.Option(help="Only the children whose numbers this file lists, one a line.")]
Team = Annotated[str | None, typer.Option(help="Only of this team.")]
Worker = Annotated[str | None, typer.Option(help="Only of the social worker with this number.")]
Owner = Annotated[str | None, typer.Option(help="Only those given to the person who signs in under this name.")]
Unowned = Annotated[bool, typer.Option("--unowned", help="Only those given to nobody.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day it should be done by.")]


def add_to(app: typer.Typer) -> None:
    """Make these commands part of `fairhold return`."""
    for command, name in (
        (findings_, "findings"),
        (assign, "assign"),
        (team_, "team"),
        (explain, "explain"),
        (confirm, "confirm"),
        (explanations, "explanations"),
        (withdraw, "withdraw"),
    ):
        app.command(name)(command)


def _choice(
    name: str,
    year: int,
    rules: list[str] | None,
    children: Path | None,
    team: str | None = None,
    worker: str | None = None,
    owner: str | None = None,
    unowned: bool = False,
) -> Choice:
    listed = read_bytes(children).decode("utf-8-sig", "replace").split() if children else ()
    of = accounts.by_login(owner) if owner else None
    if owner and of is None:
        raise PlainError("Nobody signs in under the name after --owner: see the list of accounts.")
    return Choice(
        name=name,
        year=year,
        rules=frozenset(rules or ()),
        children=frozenset(listed),
        team=team,
        worker=worker,
        owner=of.id if of else None,
        unowned=unowned,
    )


def findings_(
    run: Annotated[int, typer.Argument(help="The run's number.")],
    rules: Rules = None,
    children: Children = None,
    team: Team = None,
    worker: Worker = None,
    owner: Owner = None,
    unowned: Unowned = False,
    state: Annotated[State | None, typer.Option(help="Only faults in this state.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many rows to print.")] = 50,
    out: Annotated[Path | None, typer.Option(help="Write them to this Excel file.")] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Show the findings of a run, or write them as an Excel sheet for their owner."""
    choice = _choice("", 0, rules, children, team, worker, owner, unowned)
    if state:
        choice = Choice(**{**vars(choice), "state": state})
    with acting(purpose, otherwise=RETURNS) as scope:
        if out:
            save(out, books.export_findings(scope, run=run, choice=choice))
        page = findings.findings(scope, run=run, choice=choice, limit=None if as_json else limit)
    if as_json:
        rows = [{**asdict(row), "state": row.state.value} for row in page.rows]
        _print_json({"run": run, "total": page.total, "faults": page.faults, "withheld": page.withheld, "rows": rows})
    else:
        sys.stdout.write(_text(page))


def _text(page: Page) -> str:
    lines = [
        f"{one.rule:<8} {one.state.value:<9} {one.table} line {one.line}, child {one.child}: "
        + ", ".join(f"{field} {value or 'blank'}" for field, value in zip(one.fields, one.values, strict=False))
        for one in page.rows
    ]
    if page.total > len(page.rows):
        lines.append(f"… and {page.total - len(page.rows):,} rows more: --limit, --json or --out shows them.")
    lines.append(f"{_many(page.faults)} meant; {_many(page.withheld)} of the run about children you may not see.")
    return "\n".join(lines) + "\n"


def assign(
    name: Name,
    year: Year,
    to: Annotated[str, typer.Option(help="Whom to give them to: the name they sign in under.")],
    note: Annotated[str, typer.Option(help="A word to them; it names no child.")],
    rules: Rules = None,
    children: Children = None,
    team: Team = None,
    worker: Worker = None,
    unowned: Unowned = False,
    withheld: Annotated[
        bool, typer.Option("--withheld", help="Those of children you may not see, to somebody who may.")
    ] = False,
    due: Day = None,
    purpose: Purpose = None,
) -> None:
    """Give faults to somebody: by rule, team, social worker or a list of children."""
    choice = _choice(name, year, rules, children, team, worker, None, unowned)
    if withheld and choice != Choice(name, year, rules=choice.rules):
        raise PlainError("Faults you may not see are given by rule or all at once: leave the other options out.")
    with acting(purpose, otherwise=RETURNS) as scope:
        if withheld:
            given = assigning.assign_withheld(
                scope, name=name, year=year, owner=to, note=note, due=_day(due), rules=choice.rules
            )
        else:
            given = assigning.assign(scope, choice=choice, owner=to, note=note, due=_day(due))
    sys.stdout.write(f"{_many(given.faults)} given.\n")


def _many(faults: int) -> str:
    return "1 fault" if faults == 1 else f"{faults:,} faults"


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def team_(
    name: Name,
    team: Annotated[str, typer.Argument(help="The team; an empty text takes back what was said.")],
    year: Year,
    workers: Annotated[list[str] | None, typer.Option("--worker", help="A social worker's number.")] = None,
    children: Children = None,
    purpose: Purpose = None,
) -> None:
    """Say which team social workers, or the children of a list, have."""
    choice = _choice(name, year, None, children) if children else None
    with acting(purpose, otherwise=RETURNS) as scope:
        placed = assigning.place(scope, team=team, workers=frozenset(workers or ()), choice=choice)
    sys.stdout.write(f"{placed} placed.\n")


def explain(
    name: Name,
    year: Year,
    rules: Rules = None,
    children: Children = None,
    team: Team = None,
    worker: Worker = None,
    owner: Owner = None,
    words: Annotated[str, typer.Option(help="The explanation; it names no child.")] = "",
    reason: Annotated[str, typer.Option(help=f"One of {', '.join(REASONS)}.")] = "right",
    use: Annotated[int | None, typer.Option(help="Use this entry of the bank instead of new words.")] = None,
    purpose: Purpose = None,
) -> None:
    """Explain faults of one rule, with new words or with an entry of the bank."""
    choice = _choice(name, year, rules, children, team, worker, owner)
    with acting(purpose, otherwise=RETURNS) as scope:
        done = explaining.explain(scope, choice=choice, text=words, reason=reason, explanation=use)
    sys.stdout.write(f"{_many(done.faults)} explained by entry {done.explanation} of the bank.\n")


def confirm(
    name: Name,
    year: Year,
    rules: Rules = None,
    children: Children = None,
    no_longer: Annotated[bool, typer.Option("--no-longer", help="They do not hold any more.")] = False,
    purpose: Purpose = None,
) -> None:
    """Confirm explanations carried from an earlier year, or say that they no longer hold."""
    choice = _choice(name, year, rules, children)
    with acting(purpose, otherwise=RETURNS) as scope:
        many = explaining.confirm(scope, choice=choice, holds=not no_longer)
    sys.stdout.write(f"{_many(many)} {'open again' if no_longer else 'explained as before'}.\n")


def explanations(
    name: Name,
    rule: Annotated[str | None, typer.Option(help="Only of this rule.")] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Show the bank of explanations of a return."""
    with acting(purpose, otherwise=RETURNS) as scope:
        found = explaining.explanations(scope, name=name, rule=rule)
    if as_json:
        _print_json([asdict(one) for one in found])
        return
    for one in found:
        withdrawn = " (withdrawn)" if one.withdrawn_at else ""
        sys.stdout.write(f"{one.id}{withdrawn}  rule {one.rule}, {_many(one.faults)}: {one.words}\n")


def withdraw(
    explanation: Annotated[int, typer.Argument(help="The entry's number in the bank.")],
    because: Annotated[str, typer.Option(help="Why; it names no child.")],
    purpose: Purpose = None,
) -> None:
    """Withdraw an explanation; the faults it stood for are open again."""
    with acting(purpose, otherwise=RETURNS) as scope:
        many = explaining.withdraw(scope, explanation=explanation, because=because)
    sys.stdout.write(f"The explanation is withdrawn; {_many(many)} open again.\n")


def _print_json(found: object) -> None:
    sys.stdout.write(json.dumps(found, ensure_ascii=False, default=str, indent=1) + "\n")
