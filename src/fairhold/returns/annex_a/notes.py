"""What the reader of the workbook must know: where it follows whom, what is unverified, what is blank and why.

`notes.csv` says what holds for every workbook; what was counted in this one is added.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from fairhold.returns.annex_a.domain import ADOPTERS, Made

NOT_HELD, COUNTED = "not held", "counted"
NEEDS_PLACES = "needs places"  # said only where postcodes could not be turned into authorities


class Note(NamedTuple):
    """A line of the notes. `standing`: chosen, unverified, not held or counted; blank `list` means all lists."""

    list: str
    column: str
    standing: str
    text: str


@cache
def standing() -> tuple[Note, ...]:
    """The notes of every workbook."""
    text = (resources.files("fairhold.returns.annex_a") / "notes.csv").read_text("utf-8")
    return tuple(
        Note(row["list"], row["column"], row["standing"], row["note"]) for row in csv.DictReader(text.splitlines())
    )


def told(made: Mapping[str, Made], *, places: bool, adopters: str = "") -> list[Note]:
    """All notes of one workbook, by list. `adopters` says what came of the file of adopters."""
    found = [
        note._replace(standing=NOT_HELD) if note.standing == NEEDS_PLACES else note
        for note in standing()
        if not (places and note.standing == NEEDS_PLACES)
    ]
    if adopters:
        found.append(Note(ADOPTERS, "", COUNTED, adopters))
    for one in made.values():
        found += [
            Note(one.key, column, COUNTED, f"{_rows(count)} blank: the record's value is none of the column's codes.")
            for column, count in one.outside.items()
        ]
        found += [
            Note(one.key, column, COUNTED, f"{_rows(count)} blank although the list asks for a value.")
            for column, count in one.blank_though_required().items()
        ]
    return sorted(found, key=lambda note: (int(note.list or 0), note.standing == COUNTED))


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"
