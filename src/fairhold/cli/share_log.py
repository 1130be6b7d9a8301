"""`fairhold share log|counts|trace`: what left, to whom and why; published counts; a file explained cell by cell."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from fairhold.cli.acting import acting
from fairhold.cli.waiting import waiting
from fairhold.errors import PlainError
from fairhold.returns.files import read_bytes
from fairhold.sharing import counts, log, recalls, tracing
from fairhold.sharing.log import Filter, Told
from fairhold.sharing.shares import Trace

IG = "information-governance"
Purpose = Annotated[str | None, typer.Option(help="The purpose you act under; information-governance otherwise.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As 2026-11-23.")]


def add_to(app: typer.Typer) -> None:
    """Make these commands part of `fairhold share`."""
    for command, name in ((log_, "log"), (counts_, "counts"), (trace, "trace")):
        app.command(name)(command)


def _json(document: Any) -> None:
    sys.stdout.write(json.dumps(document, default=str, ensure_ascii=False) + "\n")


def log_(
    person: Annotated[int | None, typer.Option(help="Only what left about the person with this number.")] = None,
    decided: Annotated[bool, typer.Option("--decided", help="With --person: what was decided, and did not leave.")] = (
        False
    ),
    recipient: Annotated[str | None, typer.Option(help="Only this kind of recipient, such as youth-support.")] = None,
    basis: Annotated[str | None, typer.Option(help="Only what rests on the law with this title.")] = None,
    since: Day = None,
    until: Day = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Show who received what, when, why, on which basis, and how long they keep it."""
    if decided and person is None:
        raise PlainError("Say whose decisions you want to see: add --person and a number.")
    with acting(purpose, otherwise=IG) as scope:
        if person is None:
            wanted = Filter(recipient, basis, since.date() if since else None, until.date() if until else None)
            found, others = log.log(scope, wanted=wanted), []
        else:
            found = log.of_child(scope, person=person)
            others = recalls.trace(scope, persons=[person]) if decided else []
    if as_json:
        _json([asdict(one) for one in found] + [vars(one) for one in others])
        return
    lines = [_line(one) for one in found] + [_decided(one) for one in others]
    sys.stdout.write(("\n".join(lines) or "Nothing that your purpose may know of has left.") + "\n")


def _line(one: Told) -> str:
    receipt = f"arrived {one.arrived}" if one.arrived else "no receipt yet"
    items = ", ".join(one.items[:12]) + (f" and {len(one.items) - 12} more" if len(one.items) > 12 else "")
    return (
        f"{one.at:%Y-%m-%d}  {one.name}: {items}\n"
        f"    why    {one.why}\n"
        f"    basis  {'; '.join(basis.words for basis in one.basis) or 'none on record'}\n"
        f"    keeps  {one.keeps or 'not agreed with us: ask the recipient'}\n"
        f"    {one.title.lower()}, {one.children:,} children, {receipt}"
        + (f", reference {one.reference}" if one.reference else "")
    )


def _decided(one: Trace) -> str:
    left = one.arrived_at is not None and one.line is not None
    told = (f"left, row {one.line}" if left else "allowed, has not left") if one.allowed else f"refused  {one.rule}"
    return f"share {one.share}  {one.as_of}  {one.partner}  {one.field:<20}{told}  {one.reason or ''}".rstrip()


def counts_(
    publish: Annotated[bool, typer.Option("--publish", help="Count again and publish first.")] = False,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Show the published counts by recipient, reason and basis. Exit 1 when something left without a basis."""
    with waiting("Counting"), acting(purpose, otherwise=IG) as scope:
        if publish:
            counts.publish(scope)
        quarters, day, bare = counts.counts(scope)
    if as_json:
        _json(
            {
                "published": day,
                "without_basis": bare,
                "quarters": [{**asdict(one), "protecting": one.protecting} for one in quarters],
            }
        )
    else:
        lines = [line for one in quarters for line in _quarter(one)]
        sys.stdout.write("\n".join(lines or ["Nothing is published yet: add --publish."]) + "\n")
    raise typer.Exit(1 if bare else 0)


def _quarter(one: counts.Quarter) -> list[str]:
    share = "withheld" if one.protecting is None else f"{one.protecting} %"
    return [
        f"{one.label}: {_number(one.total)} times a child's data was shared; to keep from harm: {share}",
        *(
            f"  {_number(each.number):>8}  {each.name}: {each.reason}; {each.basis or 'NO BASIS ON RECORD'}"
            for each in one.figures
        ),
    ]


def _number(number: int | None) -> str:
    return "withheld" if number is None else f"{number:,}"


def trace(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A package as it was sent, or the rows out of it.")],
    cells: Annotated[bool, typer.Option("--cells", help="Every cell, as CSV (with --json: as JSON lines).")] = False,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Explain every cell of a file that left. Exit 1 when a cell is not explained; 2 when we never sent the file."""
    data = read_bytes(file)
    with waiting("Looking"), acting(purpose, otherwise=IG) as scope:
        found = tracing.trace_file(scope, data=data)
        if cells:
            _cells(scope, found, as_json)
    if not cells and as_json:
        _json({**asdict(found), "cells": found.cells, "unexplained": found.unexplained})
    elif not cells:
        sys.stdout.write(_traced(found) + "\n")
    raise typer.Exit(1 if found.unexplained else 0)


def _cells(scope: Any, found: tracing.Traced, as_json: bool) -> None:
    names = list(tracing.Cell.__dataclass_fields__)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if not as_json:
        writer.writerow(names)
    for cell in tracing.cells(scope, found):
        if as_json:
            _json(vars(cell))
        else:
            writer.writerow(["" if value is None else _text(value) for value in vars(cell).values()])


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _traced(found: tracing.Traced) -> str:
    lines = [
        f"Share {found.share} to {found.recipient}, policy {found.policy_version}: {found.rows:,} rows,"
        f" {found.cells:,} cells, {found.unexplained:,} unexplained."
    ]
    if not found.values_read:
        lines.append("The values were not looked at: only the recipient can open the package.")
    lines.append(
        f"  {'field':<22}{'law':>9}{'consent':>9}{'protect':>9}{'refused':>9}{'not held':>9}{'unexplained':>13}"
    )
    lines += [
        f"  {one.field:<22}{one.by_law:>9,}{one.by_consent:>9,}{one.to_protect:>9,}{one.refused:>9,}{one.not_held:>9,}"
        f"{one.unexplained:>13,}"
        for one in found.fields
    ]
    return "\n".join(lines)
