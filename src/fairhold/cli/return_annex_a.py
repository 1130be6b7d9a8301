"""`fairhold return annex-a …`: Ofsted's lists for an inspection, out of the record as at a day."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from fairhold.cli.acting import acting
from fairhold.errors import PlainError
from fairhold.returns.annex_a import differing, handing, runs
from fairhold.returns.annex_a.differing import Difference
from fairhold.returns.annex_a.handing import Handed
from fairhold.returns.annex_a.runs import Run
from fairhold.returns.files import read_bytes
from fairhold.returns.output import save

app = typer.Typer(add_completion=False, help="Make, release and compare Ofsted's lists for an inspection.")
PURPOSE = "statutory-returns"

Purpose = Annotated[str | None, typer.Option(help="The purpose you act under; statutory-returns where none is given.")]
Reference = Annotated[str, typer.Option(help="The number of the inspection or direction: without it nothing leaves.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.callback(invoke_without_command=True)
def make(
    context: typer.Context,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of the inspection.")] = None,
    out: Annotated[Path | None, typer.Option(help="Also write a draft of what you may see (.xlsx).")] = None,
    adopters: Annotated[Path | None, typer.Option(help="The file of list 11 (CSV or Excel).")] = None,
    reference: Reference = "",
    la: Annotated[str, typer.Option(help="Our own authority's GSS code, to tell placements inside it.")] = "",
    reference_data: Annotated[
        list[Path] | None, typer.Option(help="A postcode directory; else the one that every check uses.")
    ] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Make the lists as at a day, and keep them. --out writes a draft; for Ofsted a second person releases the run."""
    if context.invoked_subcommand:
        return
    if on is None:
        raise PlainError("The day of the inspection is not named: write it as --on 2026-11-23.")
    _workbook(out)
    file = (adopters.name, read_bytes(adopters)) if adopters else None
    with acting(purpose, otherwise=PURPOSE) as scope:
        number = runs.build(
            scope,
            day=on.date(),
            la=la,
            reference=reference,
            adopters_file=file,
            reference_data=reference_data or [],
        )
        draft = handing.draft(scope, run=number) if out else None
        run = draft.run if draft else runs.run(scope, number=number)
    if out and draft:
        save(out, draft.data)
    if as_json:
        _print(run)
        return
    sys.stdout.write(_made(run))
    if out and draft:
        sys.stdout.write(f"{out.name} is a draft; {draft.withheld:,} rows of children you may not see are not in it.\n")


@app.command("list")
def list_(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """Show the runs, the newest first."""
    with acting(purpose, otherwise=PURPOSE) as scope:
        found = runs.runs(scope)
    if as_json:
        _print(found)
        return
    for run in found:
        sys.stdout.write(_made(run))


@app.command()
def draft(
    out: Annotated[Path, typer.Option(help="Where to write the draft (.xlsx).")],
    run: Annotated[int | None, typer.Argument(help="A run's number; the newest where none is given.")] = None,
    purpose: Purpose = None,
) -> None:
    """Write a draft of a run: what you may see, marked as a draft on every sheet."""
    _workbook(out)
    with acting(purpose, otherwise=PURPOSE) as scope:
        handed = handing.draft(scope, run=run)
    save(out, handed.data)
    sys.stdout.write(f"{out.name} is a draft; {handed.withheld:,} rows of children you may not see are not in it.\n")


@app.command()
def release(
    run: Annotated[int, typer.Argument(help="The run's number.")],
    out: Annotated[Path, typer.Option(help="Where to write the workbook (.xlsx).")],
    reference: Reference = "",
    purpose: Purpose = None,
) -> None:
    """Write the whole workbook for Ofsted. Whoever made the run cannot release it."""
    _workbook(out)
    with acting(purpose, otherwise=PURPOSE) as scope:
        handed: Handed = handing.release(scope, run=run, reference=reference)
    save(out, handed.data)
    sys.stdout.write(f"{out.name} holds run {run} for Ofsted, under reference {handed.run.reference}.\n")


@app.command()
def diff(
    before: Annotated[int | None, typer.Argument(help="A run's number; the one before the newest by default.")] = None,
    after: Annotated[int | None, typer.Argument(help="A run's number; the newest by default.")] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the reckoning and every change (.xlsx).")] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Show what differs between two runs: who entered a list, who left it, which value changed."""
    _workbook(out)
    with acting(purpose, otherwise=PURPOSE) as scope:
        if out:
            found, data = differing.export_difference(scope, before=before, after=after)
        else:
            found, data = differing.difference(scope, before=before, after=after), b""
    if out:
        save(out, data)
    if as_json:
        _print(found)
    else:
        sys.stdout.write(_difference(found))


def _workbook(out: Path | None) -> None:
    if out and out.suffix.lower() != ".xlsx":
        raise PlainError(f"{out.name} cannot be written: the lists are a workbook, so end its name in .xlsx.")


def _made(run: Run) -> str:
    lists = ", ".join(f"list {key} {rows:,}" for key, rows in run.rows.items())
    named = f", reference {run.reference}" if run.reference else ""
    return f"Run {run.id} as at {run.on_day}{named}: {lists}.\n"


def _difference(found: Difference) -> str:
    lines = [f"Annex A: from run {found.before.id} ({found.before.on_day}) to {found.after.id} ({found.after.on_day})"]
    lines += [
        f"  {differing.name_of(one.what):<9} {one.before:>7,} before  {one.left:>6,} left  {one.entered:>6,} entered"
        f"  {one.changed:>6,} changed  {one.same:>7,} same  {one.after:>7,} after"
        for one in found.balances
    ]
    lines.append(f"  {len(found.changes):,} changes may be shown, {found.withheld:,} not; --out or --json has them.")
    return "\n".join(lines) + "\n"


def _print(found: Any) -> None:
    plain = [asdict(one) for one in found] if isinstance(found, list) else asdict(found)
    sys.stdout.write(json.dumps(plain, ensure_ascii=False, default=str, indent=1) + "\n")
