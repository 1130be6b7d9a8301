"""`fairhold return build|compare|sign|freeze|export|…`: from the record to a frozen submission, and back."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from fairhold.cli.acting import acting
from fairhold.cli.waiting import waiting
from fairhold.returns.files import read_bytes
from fairhold.returns.output import save
from fairhold.returns.submission import (
    builds,
    comparing,
    exporting,
    freezing,
    receipts,
    recreating,
    signing,
    tracing,
    versions,
)
from fairhold.returns.submission.comparing import Compared
from fairhold.returns.submission.domain import Build, Submission
from fairhold.returns.workspace import runs
from fairhold.returns.workspace.domain import counted

RETURNS = "statutory-returns"
Name = Annotated[str, typer.Argument(metavar="RETURN", help="The return: ssda903 or cin.")]
Year = Annotated[int, typer.Option(help="The collection year: 2027 is the year to 31 March 2027.")]
Purpose = Annotated[str | None, typer.Option(help="The purpose you act under; statutory-returns where none is given.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
BuildNumber = Annotated[int, typer.Argument(metavar="BUILD", help="The number of the build.")]
Frozen = Annotated[int, typer.Argument(metavar="SUBMISSION", help="The number of the frozen return.")]


def add_to(app: typer.Typer) -> None:
    """Make these commands part of `fairhold return`."""
    for command, name in (
        (build, "build"),
        (compare, "compare"),
        (trace, "trace"),
        (sign, "sign"),
        (freeze, "freeze"),
        (export, "export"),
        (recreate, "recreate"),
        (receipt, "receipt"),
        (versions_, "versions"),
    ):
        app.command(name)(command)


def build(
    name: Name,
    year: Year,
    la: Annotated[str, typer.Option(help="The authority's code as the return writes it: E09000031; cin: 320.")],
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="As known when this day ended; now where none is given."),
    ] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Build a return from the record and check it. Exit 1 when something is at error level."""
    with waiting(f"Building {name} {year}"), acting(purpose, otherwise=RETURNS) as scope:
        number = builds.build(scope, name=name, year=year, la=la, on=on.date() if on else None)
        made = next(one for one in builds.builds(scope, name=name, year=year) if one.id == number)
        run, rules = runs.run(scope, number=made.run_id)
    counts = counted(rules, len(run.set_aside))
    errors = counts.errors + counts.unverified
    if as_json:
        _print({**_build(made), "counts": asdict(counts)})
    else:
        sys.stdout.write(
            f"Build {number}: {made.children:,} children, {sum(made.rows.values()):,} rows, as known on"
            f" {made.known_at:%Y-%m-%d %H:%M} and up to {made.last_day}; hash {made.sha256}.\n"
            f"Run {made.run_id}: {errors:,} errors, {counts.queries:,} queries, {counts.warnings:,} warnings;"
            f" {counts.not_run} rules not run.\n"
        )
    raise typer.Exit(1 if errors else 0)


def compare(
    build: BuildNumber,
    out: Annotated[Path | None, typer.Option(help="Also write the differences as CSV; it is classified.")] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Compare a build with the files that were delivered for it. Exit 1 when a difference has no reason."""
    with waiting("Comparing"), acting(purpose, otherwise=RETURNS) as scope:
        if out:
            found, data = comparing.take_away(scope, build=build)
            save(out, data)
        else:
            found = comparing.compare(scope, build=build)
    if as_json:
        listed = [{**asdict(one), "reason": one.reason.value, "sentence": one.reason.sentence} for one in found.found]
        _print({**asdict(found), "build": build, "found": listed})
    else:
        sys.stdout.write(_compared(found))
    raise typer.Exit(1 if found.unexplained else 0)


def _compared(found: Compared) -> str:
    lines = [f"Build {found.build.id} of {found.build.name} {found.build.year} beside what was delivered:"]
    lines += [
        f"  {table:<22} {file:>7,} delivered  {built:>7,} built  {same:>7,} the same"
        for table, (file, built, same) in found.rows.items()
    ]
    lines += [f"  {count:>7,}  {reason}" for reason, count in found.counts.items()]
    if found.withheld:
        lines.append(f"  {found.withheld:,} differences are about children whom your purpose may not see.")
    lines.append("Every difference has its reason." if not found.unexplained else f"{found.unexplained:,} have none.")
    return "\n".join(lines) + "\n"


def trace(
    build: BuildNumber,
    table: Annotated[str, typer.Argument(help="A table of the return, such as Episodes.")],
    row: Annotated[int, typer.Argument(help="The row, counted from 1.")],
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Say which delivery and line told each part of a built row."""
    with waiting("Looking"), acting(purpose, otherwise=RETURNS) as scope:
        found = tracing.trace(scope, build=build, table=table, row=row)
    if as_json:
        _print([asdict(one) for one in found])
        return
    for one in found:
        place = f"delivery {one.delivery}, line {one.line}" if one.delivery else "nobody says it"
        sys.stdout.write(f"{one.what}: {place}\n")


def sign(
    build: BuildNumber,
    note: Annotated[str, typer.Option(help="On what your signature rests, in a word or two; no child is named.")],
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Sign a build. The first signature says that it is complete, the second, by somebody else, that it may go."""
    with acting(purpose, otherwise=RETURNS) as scope:
        found = signing.sign(scope, build=build, note=note)
    if as_json:
        _print(_build(found))
        return
    after = "freeze it" if found.signed else "a second person signs"
    sys.stdout.write(f"Build {build} is {found.state}: next, {after}.\n")


def freeze(build: BuildNumber, purpose: Purpose = None, as_json: AsJson = False) -> None:
    """Freeze a build that two people signed, as the next version of its year's return."""
    with waiting("Freezing"), acting(purpose, otherwise=RETURNS) as scope:
        found = freezing.freeze(scope, build=build)
    if as_json:
        _print(_submission(found))
        return
    sys.stdout.write(
        f"Submission {found.id}: {found.title}, {found.size:,} bytes, hash {found.sha256}; kept until {found.due},"
        f" {found.due_why}.\n"
    )


def export(
    submission: Frozen,
    out: Annotated[Path, typer.Option(help="The folder to write to.")],
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Write the frozen file in its official form, and the single tables in it. What is written is classified."""
    with acting(purpose, otherwise=RETURNS) as scope:
        found = exporting.export(scope, submission=submission)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = {found.submission.build.file: found.data, **found.files}
    for name, data in files.items():
        save(out / name, data)
    of = found.submission
    if as_json:
        _print({**_submission(of), "owner": found.owner, "files": {name: len(data) for name, data in files.items()}})
        return
    sys.stdout.write(
        f"{of.title}: {', '.join(files)} written to {out}. Classified: it holds every child of the return. Its owner is"
        f" {found.owner}; remove it once it is in the portal, at the latest on {of.due}.\n"
    )


def recreate(
    submission: Frozen,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Make a frozen return again from the record of its instant. Exit 1 when it is not the same bytes."""
    with waiting("Making it again"), acting(purpose, otherwise=RETURNS) as scope:
        found = recreating.recreate(scope, submission=submission)
    if as_json:
        _print({"submission": submission, "same": found.same, "sha256": found.sha256, "sentence": found.sentence})
    else:
        sys.stdout.write(found.sentence + "\n")
    raise typer.Exit(0 if found.same else 1)


def receipt(
    submission: Frozen,
    reference: Annotated[str, typer.Option(help="The portal's reference.")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day of the receipt.")],
    channel: Annotated[str, typer.Option(help="By which channel it was sent.")] = "collect",
    file: Annotated[Path | None, typer.Option(help="The receipt itself, to be kept.")] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Record what the collector's portal answered."""
    answer = read_bytes(file) if file else None
    day: date = on.date()
    with acting(purpose, otherwise=RETURNS) as scope:
        found = receipts.receipt(
            scope, submission=submission, reference=reference, on=day, channel=channel, answer=answer
        )
    if as_json:
        _print(_submission(found))
        return
    sys.stdout.write(f"{found.title}: receipt {reference} of {day} recorded.\n")


def versions_(
    name: Annotated[str | None, typer.Argument(metavar="RETURN", help="Only of this return.")] = None,
    year: Annotated[int | None, typer.Option(help="Only of this collection year.")] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Show the frozen versions and the builds, the newest first: hash, signatures, receipts."""
    with acting(purpose, otherwise=RETURNS) as scope:
        frozen, built = versions.versions(scope, name=name, year=year)
    if as_json:
        _print({"submissions": [_submission(one) for one in frozen], "builds": [_build(one) for one in built]})
        return
    sys.stdout.write("".join([*map(_version_line, frozen), *map(_build_line, built)]) or "Nothing was built yet.\n")


def _version_line(one: Submission) -> str:
    signers = ", ".join(f"{each.signer} ({each.signed_at:%Y-%m-%d})" for each in one.build.signatures)
    lines = [f"submission {one.id}  {one.title}  frozen {one.frozen_at:%Y-%m-%d %H:%M}  hash {one.sha256}"]
    lines += [f"  signed by {signers}; kept until {one.due}"]
    lines += [f"  receipt {each.reference}, {each.received_on}, by {each.channel}" for each in one.receipts]
    return "\n".join(lines) + "\n"


def _build_line(one: Build) -> str:
    return (
        f"build {one.id}  {one.name} {one.year}  known {one.known_at:%Y-%m-%d %H:%M}  run {one.run_id}  {one.state}\n"
    )


def _build(one: Build) -> dict[str, Any]:
    return {**asdict(one), "state": one.state}


def _submission(one: Submission) -> dict[str, Any]:
    return {**asdict(one), "title": one.title, "build": _build(one.build)}


def _print(found: object) -> None:
    sys.stdout.write(json.dumps(found, ensure_ascii=False, default=str, indent=1) + "\n")
