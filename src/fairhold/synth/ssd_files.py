"""Writes the case system's extract, one CSV file for each entity that has rows."""

from __future__ import annotations

import csv
from pathlib import Path

from fairhold.formats import ssd as form
from fairhold.synth.ssd import Extract
from fairhold.synth.transfer import Row

FOLDER = "in/case-system"


def name_of(entity: str) -> str:
    """An entity's place in the borough."""
    return f"{FOLDER}/{entity}.csv"


def write_extract(extract: Extract, out: Path) -> list[Row]:
    """Write every entity; returns the rows about a child for the key."""
    found: list[Row] = []
    (out / FOLDER).mkdir(parents=True, exist_ok=True)
    for entity, rows in sorted(extract.rows.items()):
        with (out / name_of(entity)).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, form.entities()[entity].names, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(row for _, row in rows)
        found += [
            Row(name_of(entity), n, entity, "social-care", case.id, case.child.id, case.identity)
            for n, (case, _) in enumerate(rows, start=1)
            if case is not None
        ]
    return found
