"""`fairhold ledger verify|checkpoint|show|export`: what was done, and that nobody changed the account of it."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from fairhold.access import audit
from fairhold.cli.acting import acting
from fairhold.errors import PlainError
from fairhold.ledger import Checkpoint, Event, Verdict, checkpoints, exports

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Verify the ledger, print a checkpoint, export it.")
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Purpose = Annotated[str | None, typer.Option(help="The purpose you act under; audit where none is given.")]


@app.command("verify")
def verify(
    checkpoint: Annotated[
        list[str] | None, typer.Option(help="A printed checkpoint: its line, or a file of such lines. May be repeated.")
    ] = None,
    file: Annotated[Path | None, typer.Option(help="Verify this exported file instead; needs no database.")] = None,
    purpose: Purpose = None,
    as_json: Json = False,
) -> None:
    """Read the whole ledger and say whether it is what was signed. Exit code 1 when it is not."""
    given = [each for text in checkpoint or () for each in _checkpoints(text)]
    if file is not None:
        verdict = _verify_file(file, given)
    else:
        with acting(purpose, otherwise="audit") as scope:
            verdict = audit.verify(scope, checkpoints=given)
    _print_verdict(verdict, as_json=as_json)
    if not verdict.ok:
        raise typer.Exit(1)


def _checkpoints(text: str) -> list[Checkpoint]:
    if text.lstrip().startswith("fairhold-checkpoint"):
        return [checkpoints.parse(text)]
    try:
        return checkpoints.read(Path(text).read_text("ascii"))
    except (OSError, UnicodeDecodeError) as error:
        raise PlainError(f"{text} is neither a checkpoint's line nor a file of such lines that can be read.") from error


def _verify_file(file: Path, given: list[Checkpoint]) -> Verdict:
    try:
        with file.open(encoding="utf-8") as lines:
            return exports.verify_export(lines, given)
    except (OSError, UnicodeDecodeError) as error:
        raise PlainError(f"{file} cannot be read as an exported ledger: check the path and the file.") from error


def _print_verdict(verdict: Verdict, *, as_json: bool) -> None:
    if as_json:
        findings = [{"kind": each.kind, "seq": each.seq, "sentence": each.sentence} for each in verdict.findings]
        answer = {"ok": verdict.ok, "events": verdict.size, "root": verdict.root.hex()}
        answer |= {"checkpoints": verdict.checkpoints, "findings": findings}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        return
    sys.stdout.write(verdict.sentence() + "\n")
    for finding in verdict.findings[1:]:
        sys.stdout.write(f"Also: {finding.sentence}\n")


@app.command("checkpoint")
def checkpoint(purpose: Purpose = None, as_json: Json = False) -> None:
    """Sign the ledger as it stands; print the line, which is also kept outside the database."""
    with acting(purpose, otherwise="audit") as scope:
        signed = audit.checkpoint(scope)
    answer = {"events": signed.size, "at": signed.at.isoformat(), "root": signed.root.hex(), "line": signed.line()}
    sys.stdout.write((json.dumps(answer) if as_json else signed.line()) + "\n")


@app.command("show")
def show(
    last: Annotated[int, typer.Option(min=1, max=10_000, help="How many events.")] = 20,
    kind: Annotated[str | None, typer.Option(help="Only events of this kind.")] = None,
    before: Annotated[int | None, typer.Option(help="Only events below this number.")] = None,
    purpose: Purpose = None,
    as_json: Json = False,
) -> None:
    """Show the newest events, the newest first. Children appear by keyed references."""
    with acting(purpose, otherwise="audit") as scope:
        events = audit.show(scope, limit=last, before=before, kind=kind)
    if as_json:
        sys.stdout.write(json.dumps([event.as_json() for event in events], ensure_ascii=False) + "\n")
        return
    for event in events:
        sys.stdout.write(_row(event) + "\n")


def _row(event: Event) -> str:
    children = f" {len(event.children)} children" if event.children else ""
    detail = " ".join(f"{key}={value}" for key, value in event.detail.items())
    who = f"{event.role} {event.actor} for {event.purpose}"
    return f"{event.seq:>8}  {event.at:%Y-%m-%d %H:%M:%S}Z  {event.kind:<24} {who:<44}{children} {detail}".rstrip()


@app.command("export")
def export(
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output where none is given.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only events of this kind, each with its proof.")] = None,
    purpose: Purpose = None,
) -> None:
    """Write the ledger as JSON lines that `fairhold ledger verify --file` verifies without a database."""
    with acting(purpose, otherwise="audit") as scope, ExitStack() as stack:
        lines = audit.export(scope, kind=kind)
        try:
            target = stack.enter_context(out.open("x", encoding="utf-8")) if out else sys.stdout
        except FileExistsError:
            raise PlainError(f"{out} is already there: name another file.") from None
        except OSError as error:
            raise PlainError(f"{out} cannot be written ({error.strerror}): name another file.") from error
        target.writelines(lines)
