"""`fairhold dispose --dry-run`: what is due for disposal, why, and what blocks it. Nothing is changed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from fairhold import retention
from fairhold.cli.acting import acting
from fairhold.errors import PlainError
from fairhold.retention import DryRun, Record, workbook

Purpose = Annotated[str | None, typer.Option(help="The purpose you act under; retention where none is given.")]

app = typer.Typer(add_completion=False)


@app.command(help="Show what is due for disposal, why, and what blocks it.")
def dispose(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what is due; change nothing.")] = False,
    purpose: Purpose = None,
    xlsx: Annotated[Path | None, typer.Option(help="Also write an Excel file.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many lines of each list to print.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document, with every line.")] = False,
) -> None:
    """Judge every record as of today."""
    if not dry_run:
        raise PlainError("Nothing is disposed of yet: add --dry-run to see what is due.")
    with acting(purpose, otherwise="retention") as scope:
        found = retention.dry_run(scope)
    if xlsx is not None:
        workbook.write(found, xlsx)
    sys.stdout.write(json.dumps(_json(found), ensure_ascii=False) + "\n" if as_json else _text(found, limit))


def _json(found: DryRun) -> dict[str, object]:
    counts = [
        {"class": each.klass, "state": each.status.value, "people": each.people, "earliest": _day(each.earliest)}
        for each in found.counts
    ]
    files = [
        {"file": each.file, "kind": each.kind, "rule": each.rule, "due": _day(each.due), "blocked_by": each.blocked_by}
        for each in found.files
    ]
    records = {status.name.lower(): [_record(record) for record in found.of(status)] for status, _ in workbook.SHEETS}
    return {"day": _day(found.day), "counts": counts, **records, "files": files, "not_judged": found.unjudged}


def _record(record: Record) -> dict[str, object]:
    due = record.due
    return {
        "person": record.person,
        "class": record.klass,
        "due": _day(due.date),
        "rule": due.rule,
        "why": due.why,
        "blocked_by": due.blocked_by,
        "last_contact": _day(record.last_contact),
        "evidence": record.evidence,
    }


def _day(day: object) -> str | None:
    return None if day is None else str(day)


def _text(found: DryRun, limit: int) -> str:
    lines = [f"Records as of {found.day:%d %B %Y}; nothing is changed.", ""]
    for each in found.counts:
        earliest = f"from {each.earliest}" if each.earliest else ""
        title = workbook.title(each.klass)
        lines.append(f"  {each.klass}  {title:<28} {each.status.value:<20} {each.people:>8}  {earliest}".rstrip())
    for status, name in workbook.SHEETS:
        lines += _list(name, found.of(status), limit)
    if found.files:
        lines += ["", f"Files due ({len(found.files)})"]
        lines += [f"  file {each.file}  {each.kind}  {each.rule}  due {each.due}" for each in found.files[:limit]]
    for klass in found.unjudged:
        lines += ["", f"{klass} ({workbook.title(klass)}) is not judged: retention may read none of its tables."]
    return "\n".join(lines) + "\n"


def _list(name: str, records: list[Record], limit: int) -> list[str]:
    if not records:
        return []
    lines = ["", f"{name} ({len(records)})"]
    for record in records[:limit]:
        day = f"due {record.due.date}" if record.due.date else "no day"
        lines.append(f"  person {record.person}  {record.klass}  {day}  {record.due.why}")
        contact = f"last contact {record.last_contact}: " if record.last_contact else ""
        lines.append(f"      {contact}{record.evidence}")
        lines += [f"      blocked by {label}" for label in record.due.blocked_by]
    if len(records) > limit:
        lines.append(f"  … and {len(records) - limit} more: --limit, --json or --xlsx shows them.")
    return lines
