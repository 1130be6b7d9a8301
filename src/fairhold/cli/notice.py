"""`fairhold notice`: the privacy notice and the record of processing, made of the registers; what differs from them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from fairhold import letters, notice
from fairhold.cli.acting import acting
from fairhold.cli.waiting import waiting
from fairhold.notice import processing, running, versions
from fairhold.returns.output import save

IG = "information-governance"
Purpose = Annotated[str | None, typer.Option(help="The purpose you act under; information-governance otherwise.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Make the privacy notice, publish it, compare it.")


def _json(document: Any) -> None:
    sys.stdout.write(json.dumps(document, default=str, ensure_ascii=False) + "\n")


@app.command()
def show(as_json: AsJson = False) -> None:
    """Print the notice as everybody may read it now."""
    found = notice.published()
    if as_json:
        _json({"version": found.number, "day": found.day, "sections": json.loads(found.document.text)})
        return
    lines = [notice.TITLE, _about(found)]
    for of in found.document.sections:
        lines += ["", of.title.upper(), *of.prose, *(f"  {one.title}: {one.text}" for one in of.entries)]
    lines += ["", *(f"{who}: {how}" for who, how in letters.contacts().grid().rows)]
    sys.stdout.write("\n".join(lines) + "\n")


def _about(found: notice.Published) -> str:
    if found.number is None:
        return "As it ships: this council has not published its own yet."
    return f"Version {found.number}, published on {found.day}."


@app.command()
def write(
    folder: Annotated[Path, typer.Argument(help="Where the files go.")],
    publish: Annotated[bool, typer.Option("--publish", help="Make it of the rows in force and publish it first.")] = (
        False
    ),
    purpose: Purpose = None,
) -> None:
    """Write the notice as PDF, and the record of processing as PDF, Excel and CSV."""
    with waiting("Writing"), acting(purpose, otherwise=IG) as scope:
        rows = processing.processing(scope)
        if publish:
            versions.publish(scope)
        made = {
            "processing.csv": processing.as_csv(rows),
            "processing.xlsx": processing.as_xlsx(rows),
            "processing.pdf": processing.as_pdf(rows),
        }
    made["notice.pdf"] = notice.as_pdf(notice.published())
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in made.items():
        save(folder / name, data)
    sys.stdout.write(f"{_about(notice.published())} {len(made)} files written.\n")


@app.command("versions")
def listed(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List the published versions, the newest first, with what changed in each."""
    with acting(purpose, otherwise=IG) as scope:
        found = versions.versions(scope)
    if as_json:
        _json(
            [
                {"version": one.number, "day": one.day, "sha256": one.sha256, "changes": [vars(c) for c in one.changes]}
                for one in found
            ]
        )
        return
    lines = [
        line
        for one in found
        for line in (f"{one.number:>4}  {one.day}  {one.sha256}", *(f"      {c.sentence}" for c in one.changes))
    ]
    sys.stdout.write(("\n".join(lines) or "No notice is published yet: fairhold notice write --publish.") + "\n")


@app.command()
def diff(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """Compare the published notice with the running system, both ways. Exit 1 when they differ."""
    with acting(purpose, otherwise=IG) as scope:
        found = running.diff(scope)
    if as_json:
        _json([vars(one) for one in found])
    else:
        sys.stdout.write("\n".join(one.sentence for one in found) or "The notice says what the system does.")
        sys.stdout.write("\n")
    raise typer.Exit(1 if found else 0)
