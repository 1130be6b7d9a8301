"""`fairhold return …`: the collections of a year, runs of the rules, faults and what became of them, differences."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from fairhold.cli import return_annex_a, return_faults, return_submission
from fairhold.cli.acting import acting
from fairhold.errors import PlainError
from fairhold.returns.output import save
from fairhold.returns.workspace import collections, differing, runs, trend
from fairhold.returns.workspace.collections import Readiness
from fairhold.returns.workspace.differing import Difference, OfYear, Side
from fairhold.returns.workspace.domain import Counts, Run, counted

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Check, explain and compare a statutory return.")
RETURNS = "statutory-returns"

Name = Annotated[str, typer.Argument(metavar="RETURN", help="The return: ssda903 or cin.")]
Year = Annotated[int, typer.Option(help="The collection year: 2027 is the year to 31 March 2027.")]
Purpose = Annotated[str | None, typer.Option(help="The purpose you act under; statutory-returns where none is given.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command("list")
def list_(
    year: Annotated[int | None, typer.Option(help="The year; the running one where none is given.")] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Show the collections of a year: window, statute, owner, and how ready each is."""
    with acting(purpose, otherwise=RETURNS) as scope:
        wanted = year or scope.day.year + (scope.day.month > 3)
        found = collections.collections(scope, year=wanted)
    if as_json:
        _print_json([{**asdict(one), "sentence": one.sentence, "missing": one.collection.missing} for one in found])
        return
    for one in found:
        sys.stdout.write(_collection(one))


def _collection(one: Readiness) -> str:
    of = one.collection
    lines = [
        f"{of.title}",
        f"  {one.sentence}",
        f"  {of.window} ({of.status})",
        f"  statute: {of.statute}; answers for it: {of.owner}",
    ]
    if one.run and one.counts:
        lines.append(f"  run {one.run.id}: {_totals(one.counts)}")
    return "\n".join(lines) + "\n"


def _totals(counts: Counts) -> str:
    return (
        f"{counts.errors:,} errors, {counts.unverified:,} to verify, {counts.queries:,} queries, {counts.warnings:,}"
        f" warnings; {counts.new:,} new, {counts.fixed:,} fixed, {counts.explained:,} explained;"
        f" {counts.not_run} rules not run, {counts.set_aside} left out"
    )


@app.command()
def check(
    name: Name,
    year: Year,
    la: Annotated[str, typer.Option(help="The authority's code as the return writes it, such as E09000031.")],
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Run every rule over the newest delivered tables. Exit 1 when something is at error level."""
    with acting(purpose, otherwise=RETURNS) as scope:
        number = runs.check(scope, name=name, year=year, la=la)
        run, rules = runs.run(scope, number=number)
    counts = counted(rules, len(run.set_aside))
    if as_json:
        _print_json({"run": number, **asdict(counts)})
    else:
        sys.stdout.write(f"Run {number}: {_totals(counts)}.\n")
    raise typer.Exit(1 if counts.errors + counts.unverified else 0)


@app.command("runs")
def runs_(
    name: Annotated[str | None, typer.Argument(metavar="RETURN", help="Only of this return.")] = None,
    year: Annotated[int | None, typer.Option(help="Only of this collection year.")] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Show the runs, the newest first."""
    with acting(purpose, otherwise=RETURNS) as scope:
        found = runs.runs(scope, name=name, year=year)
    if as_json:
        _print_json([{**_run(run), **asdict(counts)} for run, counts in found])
        return
    for run, counts in found:
        sys.stdout.write(f"run {run.id}  {run.name} {run.year}  {run.made_at:%Y-%m-%d %H:%M}  {_totals(counts)}\n")


def _run(run: Run) -> dict[str, Any]:
    return {**asdict(run), "set_aside": run.set_aside}


@app.command("trend")
def trend_(name: Name, year: Year, purpose: Purpose = None, as_json: AsJson = False) -> None:
    """Show how the faults of a year went from run to run."""
    with acting(purpose, otherwise=RETURNS) as scope:
        found = trend.trend(scope, name=name, year=year)
    if as_json:
        _print_json([asdict(point) for point in found])
        return
    for point in found:
        sys.stdout.write(
            f"run {point.run}  {point.made_at:%Y-%m-%d}  open {point.counts.open:,}; {_totals(point.counts)}\n"
        )


@app.command()
def diff(
    before: Annotated[int, typer.Argument(help="A run's number; with --return, a year.")],
    after: Annotated[int, typer.Argument(help="A run's number; with --return, a year.")],
    name: Annotated[str | None, typer.Option("--return", help="Compare the newest sets of two years of it.")] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the changes: .xlsx or .csv.")] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Show what differs between two runs or two years: who entered, who left, which value changed."""
    form = out.suffix.lstrip(".").lower() if out else ""
    if form not in {"", "xlsx", "csv"}:
        raise PlainError(f"{out.name if out else ''} cannot be written: end its name in .xlsx or .csv.")
    one, other = (OfYear(name, which) if name else Side(which) for which in (before, after))
    with acting(purpose, otherwise=RETURNS) as scope:
        if out:
            found, data = differing.export_difference(scope, before=one, after=other, form=form)
            save(out, data)
        else:
            found = differing.difference(scope, before=one, after=other)
    if as_json:
        _print_json(asdict(found))
    else:
        sys.stdout.write(_difference(found))


def _difference(found: Difference) -> str:
    lines = [f"{found.name}: from {found.titles[0]} to {found.titles[1]}"]
    lines += [
        f"  {one.what:<22} {one.before:>7,} before  {one.left:>6,} left  {one.entered:>6,} entered"
        f"  {one.changed:>6,} changed  {one.same:>7,} same  {one.after:>7,} after"
        for one in found.balances
    ]
    lines += [f"  {table}: only one of the two has {', '.join(columns)}" for table, columns in found.uneven.items()]
    lines.append(f"  {len(found.changes):,} changes may be shown, {found.withheld:,} not; --out or --json has them.")
    return "\n".join(lines) + "\n"


def _print_json(found: object) -> None:
    sys.stdout.write(json.dumps(found, ensure_ascii=False, default=str, indent=1) + "\n")


return_faults.add_to(app)
return_submission.add_to(app)
app.add_typer(return_annex_a.app, name="annex-a")
