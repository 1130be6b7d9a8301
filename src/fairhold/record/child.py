"""One child: as at any day, as known at any instant, with the source of every value."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from fairhold import catalogue, identity
from fairhold.access import Row, Scope, verb
from fairhold.catalogue.codes import label
from fairhold.dates import clock
from fairhold.record import population, queries
from fairhold.record.domain import Block, Child, Item, NoSuchChild, Reason, Source, Value, conflicts, timeline


@verb("record.child")
def child(scope: Scope, *, person: int, on: date | None = None, known: datetime | None = None) -> Child:
    """The record of the child a subject belongs to. `on`: the day to show (today); `known`: as we knew it then (now).

    Only tables of the scope's purpose are asked, and the database hides the rows of children it may not see; for
    whoever nothing is left, or whom the purpose may not be used for today, raises NoSuchChild.
    """
    day, instant = on or scope.day, known or clock.now()
    subjects = queries.members(scope, person, instant)
    tables = queries.visible_tables(scope)
    found = queries.facts(scope, tables, subjects, instant)
    seen = sorted({row["subject_id"] for row in found})
    if not found or population.outside(scope, {person: seen}):
        raise NoSuchChild("There is no such child, or the purpose you chose does not open this record.")
    blocks = _blocks(tables, found, day)
    scope.concerns(seen)
    scope.tell(tables=len(blocks), rows=len(found))
    return Child(
        person=seen[0],
        on=day,
        known=instant,
        subjects=tuple(seen),
        guard=max(row["guard"] for row in found),
        blocks=blocks,
        conflicts=conflicts(blocks),
        timeline=timeline(blocks),
        why_joined=_reasons(scope, seen, found),
    )


def _blocks(tables: Sequence[catalogue.Table], found: Sequence[Row], day: date) -> tuple[Block, ...]:
    by_table: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        by_table[row["name"]].append(row)
    return tuple(_block(table, by_table[table.name], day) for table in tables if table.name in by_table)


def _block(table: catalogue.Table, rows: Sequence[Row], day: date) -> Block:
    items = [_item(table, row) for row in rows]
    return Block(
        table.name,
        table.title,
        table.domain,
        table.klass,
        table.shape,
        tuple(item for item in items if item.holds(day)),
        tuple(item for item in items if not item.holds(day)),
    )


def _item(table: catalogue.Table, row: Row) -> Item:
    fact, raw = row["fact"], row["fact"].get("raw") or {}
    values = [
        _value(field, str(text))
        for field in table.fields
        if (text := raw.get(field.name) if fact[field.name] is None else fact[field.name]) is not None
    ]
    source = Source(
        row["source"] or "source not held", row["source_kind"] or "", row["delivery_id"], row["line"], row["known_from"]
    )
    places = sorted({tuple(place) for place in (row["fact"].get("kept_from") or {}).values()})
    beside = tuple(replace(source, delivery=delivery, line=line) for delivery, line in places)
    return Item(row["subject_id"], tuple(values), source, row["starts"], row["ends"], beside)


def _value(field: catalogue.Field, text: str) -> Value:
    if field.type == "boolean":
        return Value(field.name, field.title, text, {"True": "yes", "False": "no"}.get(text))
    if field.type == "flags" and (flags := _flags(text)) is not None:
        return Value(field.name, field.title, flags, None)
    meanings = (label(name, text) for name in field.codesets)
    return Value(field.name, field.title, text, next((meaning for meaning in meanings if meaning != text), None))


def _flags(text: str) -> str | None:
    """The names of the flags that say yes, as people read them; None for text that was kept because it is no flags."""
    try:
        said = json.loads(text)
    except ValueError:
        return None
    names = [name.removesuffix("_FLAG").removeprefix("OUTCOME_") for name, value in said.items() if value == "Y"]
    return ", ".join(name.replace("_", " ").capitalize() for name in names) or "none"


def _reasons(scope: Scope, subjects: Sequence[int], found: Sequence[Row]) -> tuple[Reason, ...]:
    sources = {row["subject_id"]: row["source"] or "" for row in found}
    return tuple(
        Reason(
            link.id,
            (sources[link.low], sources[link.high]),
            link.step.sentence,
            link.evidence.sentence,
            "a rule" if link.author == "rule" else "a person",
            link.made_at,
        )
        for link in identity.links_among(scope, subjects)
    )
