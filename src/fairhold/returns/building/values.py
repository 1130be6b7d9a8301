"""How a stored value is written in a return: in the collection's form, and not before the day it came to be known."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from fairhold.returns.building.mapping import Told

UK, ISO = "DD/MM/YYYY", "YYYY-MM-DD"  # the form of a day, as the database writes it


def value(of: str, told: Told, form: str) -> str:
    """What the fact `of` says under an official column: its typed value, else the text that could not be typed."""
    assert told.field is not None
    name, typed = told.field.name, _TYPED.get(told.field.type)
    if typed is None:
        return f'{of}."{name}"'
    shown = typed.format(f'{of}."{name}"', form=form)
    return f"coalesce({shown}, {of}.raw ->> '{name}')"


_TYPED = {
    "date": "to_char({0}, '{form}')",
    "integer": "{0}::text",
    "boolean": "case when {0} then '1' when not {0} then '0' end",
}


@cache
def happenings() -> dict[tuple[str, str], tuple[str, str]]:
    """(fact table, field) → the field with the day it happened, and what is said of it before that day.

    What happened after the last day of a return had not happened yet, so the return is silent about it (`data`).
    """
    text = (resources.files("fairhold.returns.building") / "data" / "happenings.csv").read_text("utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        for named in (row["day"], *row["with"].split()):
            field, _, before = named.partition("=")
            found[row["fact"], field] = row["day"], before
    return found


def until_then(of: str, told: Told, form: str) -> str:
    """A value as `value` writes it, unless it happened after the last day."""
    assert told.field is not None
    shown = value(of, told, form)
    if (told.of, told.field.name) not in happenings():
        return shown
    day, before = happenings()[told.of, told.field.name]
    return f"case when {of}.\"{day}\" > %(valid)s then nullif('{before}', '') else {shown} end"
