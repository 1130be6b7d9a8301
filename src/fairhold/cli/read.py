"""`fairhold read`: what a file says, without a database and without writing anything."""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from pathlib import Path

import click

from fairhold import formats
from fairhold.formats import Reading, Refusal, Unreadable

_NTH = re.compile(r"\[[0-9]+\]")


@click.command(no_args_is_help=False)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON per file, as soon as it is read.")
def app(paths: tuple[str, ...], as_json: bool) -> None:
    """Say what each file holds: its kind and version, its rows, what no list knows, what was set aside and why.

    Exit 0: nothing set aside. 1: something set aside. 2: a file refused or unreadable; the others are still answered.
    """
    try:
        sys.exit(_answer(paths, as_json))
    except BrokenPipeError:  # whoever read the answers has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(2)


def _answer(paths: tuple[str, ...], as_json: bool) -> int:
    """Answer each path in turn; the exit code."""
    code = 0
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    for path in paths:
        reading = _open(path)
        (_print_json if as_json else _print_table)(path, reading)
        sys.stdout.flush()
        if reading.refused is not None:
            sys.stderr.write(f"{path}: {reading.refused.reason}\n")
        code = max(code, 2 if reading.refused is not None else 1 if reading.set_aside else 0)
    return code


def _open(path: str) -> Reading:
    try:
        return formats.open(Path(path))
    except Unreadable as fault:
        return Reading(refused=Refusal("unreadable", fault.sentence))


def _print_json(path: str, reading: Reading) -> None:
    """One line, in pieces: a file of a whole borough is never held as text."""
    out = sys.stdout
    start = {"path": path, "kind": reading.kind, "version": reading.version, "header": reading.header}
    out.write(json.dumps(start)[:-1] + ', "rows": [')
    for n, batch in enumerate(reading.batches()):
        out.write((", " if n else "") + json.dumps([row._asdict() for row in batch])[1:-1])
    end = {
        "unknown": [item._asdict() for item in reading.unknown],
        "set_aside": [
            {"row": item.row, "line": item.line, "path": item.path, "kind": item.kind, "reason": item.reason}
            for item in reading.set_aside
        ],
        "refused": None
        if reading.refused is None
        else {"kind": reading.refused.kind, "reason": reading.refused.reason},
    }
    out.write("], " + json.dumps(end)[1:] + "\n")


def _print_table(path: str, reading: Reading) -> None:
    """Counts of what is there, then each fault: no value of a person is shown."""
    elements: Counter[str] = Counter()
    filled: Counter[str] = Counter()
    for row in reading:
        elements[row.element] += 1
        filled.update({_NTH.sub("", path) for path in row.values})
    out = sys.stdout
    title = " ".join(filter(None, (reading.kind or "not recognised", reading.version)))
    out.write(f"{path}: {title}\n")
    for name, text in reading.header.items():
        out.write(f"  {name}: {text}\n")
    if reading.refused is not None:
        out.write(f"  Refused ({reading.refused.kind}): {reading.refused.reason}\n\n")
        return
    _rows_table(elements, filled)
    _faults_table(reading)
    out.write("\n")


def _rows_table(elements: Counter[str], filled: Counter[str]) -> None:
    total = sum(elements.values())
    kinds = ", ".join(f"{count:,} {name}" for name, count in elements.items()) or "none"
    sys.stdout.write(f"  Rows: {kinds}\n")
    if total:
        width = max(map(len, filled), default=0)
        sys.stdout.write(f"    {'Element':{width}}  {'Filled':>9}  {'Share':>6}\n")
        for name, count in sorted(filled.items()):
            sys.stdout.write(f"    {name:{width}}  {count:>9,}  {count / total:>6.0%}\n")


def _faults_table(reading: Reading) -> None:
    out = sys.stdout
    if reading.unknown:
        out.write("  Not in the reference (kept, no fault):\n")
        for name, count in Counter(item.path for item in reading.unknown).items():
            out.write(f"    {name}: {count:,}\n")
    if not reading.set_aside:
        out.write("  Set aside: nothing\n")
        return
    out.write(f"  Set aside: {len(reading.set_aside):,}\n")
    out.write(f"    {'Row':>7}  {'Line':>8}  {'Kind':16}  Where and why\n")
    for item in reading.set_aside:
        where = f"{item.path}: " if item.path else ""
        out.write(f"    {item.row or '':>7}  {item.line:>8}  {item.kind:16}  {where}{item.reason}\n")
