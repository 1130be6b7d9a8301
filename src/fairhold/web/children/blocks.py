"""The blocks of a record: a table of facts each with the source of every line, in the dictionary's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse

from fairhold import catalogue
from fairhold.record import Block, Child, Item, Source, Value
from fairhold.web.parts import Column, Grid, Link, Part, Several, Table, Tag, Text

DOMAINS = {
    "people": "The child",
    "education": "Education",
    "send": "Special educational needs",
    "social_care": "Social care",
    "early_help": "Early help",
    "youth": "Youth support",
    "parents": "Parents and carers",
}
MOST = 6  # columns of values that a table can carry; wider facts stand in a grid of their own


@dataclass(frozen=True)
class Domain:
    """The blocks of one domain: each in force, and what was or will be."""

    slug: str
    title: str
    blocks: tuple[tuple[Block, Tag | None, Part | None, Part | None], ...]


def domains(child: Child, *, deliveries: bool) -> list[Domain]:
    """Every domain that this purpose sees anything of. `deliveries`: sources link to their delivery."""
    ordered = sorted(
        child.blocks, key=lambda block: list(DOMAINS).index(block.domain) if block.domain in DOMAINS else 99
    )
    return [
        Domain(
            slug,
            DOMAINS.get(slug, slug),
            tuple((block, _class(block), _now(block, deliveries), _other(block, deliveries)) for block in group),
        )
        for slug, group in groupby(ordered, key=lambda block: block.domain)
    ]


def _now(block: Block, deliveries: bool) -> Part | None:
    return _shown(block, block.title, block.current, deliveries) if block.current else None


def _other(block: Block, deliveries: bool) -> Part | None:
    return _shown(block, f"{block.title}: at other times", block.other, deliveries) if block.other else None


def _shown(block: Block, caption: str, items: Sequence[Item], deliveries: bool) -> Part:
    types = {field.name: field.type for field in catalogue.table(block.table).fields}
    titles = {value.field: value.title for item in items for value in item.values}
    if len(titles) > MOST:
        return Grid(caption, [[*_pairs(item, types), ("Source", _source(item, deliveries))] for item in items])
    dated = any(item.start or item.end for item in items)
    rows = [
        [
            *(_cell(item, field, types[field]) for field in titles),
            *([item.start, item.end] if dated else []),
            _source(item, deliveries),
        ]
        for item in items
    ]
    when = [Column("From", spare=True), Column("Until", spare=True)] if dated else []
    return Table(caption, [*titles.values(), *when, Column("Source", "source")], rows, caption_size="s")


def _pairs(item: Item, types: Mapping[str, str]) -> list[tuple[str, Any]]:
    when = [(name, day) for name, day in (("From", item.start), ("Until", item.end)) if day]
    return [*((value.title, _value(value, types[value.field])) for value in item.values), *when]


def _cell(item: Item, field: str, kind: str) -> Any:
    return next((_value(value, kind) for value in item.values if value.field == field), "")


def _value(value: Value, kind: str) -> Any:
    """A value as people read it: dates in words, yes and no, a code with its meaning."""
    if kind == "boolean":
        return (value.label or value.text).capitalize()
    if kind == "date":
        try:
            return date.fromisoformat(value.text)
        except ValueError:
            return value.text  # kept as it was sent, because it is no date
    return value.shown


def _source(item: Item, deliveries: bool) -> Several:
    """Who said it; on the second line where it stands and since when it is known."""
    source = item.source
    known = f"known since {source.known_from.day} {source.known_from:%b %Y}"
    where = [_place(one, deliveries) for one in (source, *item.beside)]
    return Several([Text(source.name), *where, Text(known, "small")])


def _place(source: Source, deliveries: bool) -> Link | Text:
    place = f"delivery {source.delivery}" + (f", line {source.line}" if source.line else "")
    return Link(place, reverse("delivery", args=[source.delivery])) if deliveries else Text(place, "small")


def _class(block: Block) -> Tag | None:
    """The class of a block that is more than ordinary."""
    return None if block.klass == "ordinary" else Tag(block.klass.capitalize(), "purple")
