"""Writes both years' returns of children looked after, table by table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from fairhold.formats.ssda903 import FILES, tables
from fairhold.formats.ssda903.writer import write
from fairhold.synth.care import Course
from fairhold.synth.care_people import Care
from fairhold.synth.care_rules import Line, Sheets
from fairhold.synth.care_tables import Snapshot
from fairhold.synth.transfer import Row
from fairhold.synth.world import World


def sheets(world: World, care: Care, courses: list[Course]) -> list[Sheets]:
    """Last year's set as it was returned, and this year's so far."""
    found: list[Sheets] = []
    for end in care.ends:
        snapshot = Snapshot(world.options.seed, courses, end, world.options.on)
        lines = {name: [Line(course, row) for course, row in rows] for name, rows in snapshot.rows.items()}
        found.append(Sheets(end, lines, found[-1] if found else None))
    return found


def repeat(one: Sheets) -> None:
    """Put the rows that stand twice in twice."""
    for table, lines in one.tables.items():
        one.tables[table] = [line for line in lines for _ in range(1 + line.copied)]


def write_set(one: Sheets, out: Path) -> list[Row]:
    """Write one year's tables; returns their rows for the key."""
    found: list[Row] = []
    for table, lines in one.tables.items():
        name = f"in/social-care/{one.end.year}/{FILES[table]}"
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_table(table, lines))
        seen: set[int] = set()
        for n, line in enumerate(lines, start=1):
            state = "copy" if id(line) in seen else "extra column" if line.extra else ""
            seen.add(id(line))
            course = line.course
            child, identity = course.child.id, course.identity
            found.append(Row(name, n, table, "social-care", course.id, child, identity, line.fault, state))
    return found


def _table(table: str, lines: list[Line]) -> bytes:
    buffer = io.BytesIO()
    write(buffer, table, (line.row for line in lines))
    if not any(line.extra for line in lines):
        return buffer.getvalue()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names := tables()[table].names)
    writer.writerows([*(line[name] for name in names), *([line.extra] if line.extra else [])] for line in lines)
    return text.getvalue().encode()
