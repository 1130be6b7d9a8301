"""`fairhold identity run|review|accept|reject|undo`: which records are one child."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer

from fairhold import identity
from fairhold.cli.acting import acting

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Join records of one child, review doubts, undo.")
PURPOSE = "record-matching"
Purpose = Annotated[str | None, typer.Option(help="The purpose to act under; record-matching when not given.")]
Number = Annotated[int, typer.Argument(help="The number shown by fairhold identity review, or of a link.")]


@app.command("run")
def run(purpose: Purpose = None) -> None:
    """Join what the rules may join, and list what a person must judge."""
    with acting(purpose, otherwise=PURPOSE) as scope:
        made = identity.link_all(scope)
    for kind, counts in (("joined", made.links), ("doubt", made.doubts)):
        for name, count in sorted(counts.items()):
            sys.stdout.write(f"{kind:<8}{count:>8,}  {name}\n")
    sys.stdout.write(f"{made.subjects:,} records looked at.\n")


@app.command("review")
def review(
    purpose: Purpose = None,
    limit: Annotated[int, typer.Option(help="How many pairs at most.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show the pairs of records that a person must judge, with what agrees and what does not."""
    with acting(purpose, otherwise=PURPOSE) as scope:
        found = identity.review(scope, limit=limit)
    if as_json:
        sys.stdout.write(json.dumps([_record(one) for one in found], ensure_ascii=False) + "\n")
        return
    if not found:
        sys.stdout.write("No pair of records waits for a person.\n")
    for one in found:
        sides = " and ".join(side.source for side in one.sides)
        sys.stdout.write(f"{one.id:>6}  {sides}\n        {one.doubt.sentence}\n        {one.evidence.sentence}\n")


def _record(one: identity.Candidate) -> dict[str, Any]:
    return {
        "id": one.id,
        "doubt": one.doubt.value,
        "found_at": one.found_at.isoformat(),
        "evidence": asdict(one.evidence),
        "sources": [side.source for side in one.sides],
        "subjects": [side.subject for side in one.sides],
    }


@app.command("accept")
def accept(candidate: Number, purpose: Purpose = None) -> None:
    """Say that a pair is one child."""
    with acting(purpose, otherwise=PURPOSE) as scope:
        link = identity.accept(scope, candidate=candidate)
    sys.stdout.write(f"Joined by link {link}.\n")


@app.command("reject")
def reject(candidate: Number, purpose: Purpose = None) -> None:
    """Say that a pair is two children."""
    with acting(purpose, otherwise=PURPOSE) as scope:
        identity.reject(scope, candidate=candidate)
    sys.stdout.write("Kept apart.\n")


@app.command("undo")
def undo(
    link: Number, reason: Annotated[str, typer.Option(help="Why the link is wrong.")], purpose: Purpose = None
) -> None:
    """Undo a link; no fact is rewritten, and what was built on it is listed."""
    from fairhold.returns.submission import versions  # noqa: F401, PLC0415 (returns say what they built on it)

    with acting(purpose, otherwise=PURPOSE) as scope:
        undone = identity.undo(scope, link=link, reason=reason)
    sys.stdout.write("Undone.\n")
    for built in undone.built:
        sys.stdout.write(f"  built on it: {built.sentence}\n")
