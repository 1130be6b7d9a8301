"""`fairhold decide`: what a recipient may have, field by field, from the facts in the request alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from fairhold.errors import PlainError
from fairhold.sharing import gate, shape
from fairhold.sharing.domain import Answer

app = typer.Typer(add_completion=False)


@app.command()
def decide(
    request: Annotated[Path | None, typer.Argument(help="A file with one request in JSON.")] = None,
    batch: Annotated[Path | None, typer.Option("--batch", help="A file with one request per line.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The answer is always JSON; accepted for sameness.")] = False,
) -> None:
    """Decide what a recipient may have, field by field. Uses no store, no network and no clock.

    Exit 0: decided (a refusal is a decision). 1: a batch in which some lines are no requests; all lines are answered.
    2: the request is outside the schema, or the file cannot be read.
    """
    if (request is None) == (batch is None):
        raise PlainError("Name one request file, or give --batch and a file with one request per line.")
    if batch is not None:
        sys.exit(_batch(_bytes(batch)))
    assert request is not None
    answer = gate.decide(shape.parse(_bytes(request)))
    indent = 2 if sys.stdout.isatty() and not as_json else None
    sys.stdout.write(json.dumps(answer.document(), indent=indent) + "\n")
    _alarm([answer])


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise PlainError(f"{file} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from None


def _batch(text: bytes) -> int:
    """Answer every line in its order. A blank line holds no request and gets its error, so that lines keep in step;
    blank lines at the end are the end of the file."""
    lines = text.rstrip().split(b"\n") if text.strip() else []
    read = [_parse(line) for line in lines]
    good = [found for found in read if not isinstance(found, str)]
    answers = iter(gate.decide_many(good))
    decided: list[Answer] = []
    for found in read:
        if isinstance(found, str):
            sys.stdout.write(json.dumps({"error": found}) + "\n")
        else:
            decided.append(next(answers))
            sys.stdout.write(json.dumps(decided[-1].document()) + "\n")
    _alarm(decided)
    return 0 if len(good) == len(read) else 1


def _parse(line: bytes) -> dict[str, Any] | str:
    if not line.strip():
        return "The line is blank."
    try:
        return shape.parse(line)
    except shape.OutsideSchema as error:
        return error.sentence


def _alarm(answers: list[Answer]) -> None:
    found = sum(len(answer.verdict.alarms) for answer in answers)
    if found:
        sys.stderr.write(
            f"Alarm: the two evaluators disagree on {found} fields, which are refused. Tell Fairhold's keeper.\n"
        )
