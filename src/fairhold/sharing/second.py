"""The second evaluator: every cell again, as one set-based query written from the notice's sentences.

It shares nothing with the first but what both are given: the requests, the book of dated rows, and what holds against
them. It finds for itself which rows are in force on a day, reads its own dates, and has no table of the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from fairhold.engine import columns
from fairhold.sharing.domain import Holds, Request

if TYPE_CHECKING:
    import duckdb

    from fairhold.governance import Book

LINKS = ("enrolled_at", "placed_with", "applied_to", "linked_councils")


@cache
def _text(name: str) -> str:
    return (resources.files("fairhold.sharing") / name).read_text("utf-8")


ASKED = {
    "n": "integer", "recipient": "varchar", "body": "varchar", "purpose": "varchar", "day": "date",
    "fields": "varchar[]", "need": "varchar", "channel": "varchar", "emergency": "boolean", "reference": "varchar",
    "officer": "varchar", "power": "varchar", "agreed_with": "varchar", "agreed_for": "varchar",
    "agreed_from": "date", "agreed_to": "date", "suspended": "boolean", "born": "date", "confidential": "boolean",
    "resident": "boolean", "send": "boolean", **dict.fromkeys(LINKS, "varchar[]"),
}  # fmt: skip
CHOICE = {
    "n": "integer", "kind": "varchar", "person": "varchar", "recipient": "varchar", "fields": "varchar[]",
    "since": "date", "until": "date",
}  # fmt: skip
HOLD = {"n": "integer", "field": "varchar"}

# What the query reads of the dated rows, under which name; a list is words with spaces between them.
LAW: dict[str, tuple[str, dict[str, str]]] = {
    "law": ("lawful_bases", {"id": "varchar", "commenced": "varchar"}),
    "known": (
        "policy_recipients",
        {
            "slug": "varchar", "age_from": "integer", "age_to": "integer", "age_to_send": "integer",
            "resident": "varchar", "agreement": "varchar", "link": "varchar", "reference": "varchar",
            "officer": "varchar", "objection": "varchar",
        },
    ),
    "serving": ("policy_purposes", {"purpose": "varchar", "when": "varchar", "recipients": "list"}),
    "way": (
        "policy_channels", {"channel": "varchar", "recipients": "list", "emergency": "varchar", "never": "varchar"}
    ),
    "kept": ("policy_fields", {"field": "varchar", "core": "varchar"}),
    "opening": (
        "policy_opens",
        {"recipient": "varchar", "by": "varchar", "part": "varchar", "fields": "list", "gateway": "list"},
    ),
}  # fmt: skip


def evaluate(requests: Sequence[Request], book: Book, holds: Sequence[Holds]) -> list[frozenset[int]]:
    """For each request the places (from 0) of the asked fields that may go, by the dated rows of law and policy."""
    may_go: list[frozenset[int]] = [frozenset()] * len(requests)
    with _law(book).cursor() as database:  # its temporary tables go with it
        _load(database, "asked", ASKED, _asked(requests))
        _load(database, "choice", CHOICE, _columns(_choices(requests), CHOICE))
        _load(database, "hold", HOLD, _columns(((n, one[0]) for n, all_ in enumerate(holds) for one in all_), HOLD))
        for number, places in database.execute(_text("second.sql")).fetchall():
            may_go[number] = frozenset(places)
    return may_go


@lru_cache(maxsize=4)
def _law(book: Book) -> duckdb.DuckDBPyConnection:
    """A database that holds what is in force of a book, and never anything of a request."""
    database = columns.duck()
    for table, (file, types) in LAW.items():
        _load_law(database, table, types, book.rows[file])
    database.execute(_text("second_law.sql"))
    return database


def _load(database: duckdb.DuckDBPyConnection, table: str, types: dict[str, str], values: list[list[Any]]) -> None:
    """Make a table of whole columns; dates come as text, since the request has them so."""
    told = ", ".join(
        f"unnest(${name}::{kind.replace('date', 'varchar')}[])::{kind} as {name}" for name, kind in types.items()
    )
    database.execute(f"create temp table {table} as select {told}", dict(zip(types, values, strict=True)))


def _load_law(
    database: duckdb.DuckDBPyConnection, table: str, types: dict[str, str], rows: Sequence[Mapping[str, str]]
) -> None:
    """Make a table of dated rows: place in the file, first day, the day it ends, and what the query reads of them."""
    read = {"varchar": "{}", "list": "string_split({}, ' ')", "integer": "nullif({}, '')::integer"}
    told = ", ".join(f'{read[kind].format(f"""unnest(${name})""")} as "{name}"' for name, kind in types.items())
    database.execute(
        f"create table {table} as select unnest(range(len($begins))) as place, nullif(unnest($begins), '')::date"
        f" as begins, nullif(unnest($until), '')::date as until, {told}",
        {
            "begins": [row["from"] for row in rows],
            "until": [row["until"] for row in rows],
            **{name: [row[name] for row in rows] for name in types},
        },
    )


def _asked(requests: Sequence[Request]) -> list[list[Any]]:
    agreements = [request["agreement"] or {} for request in requests]
    requesters = [request["requester"] for request in requests]
    children = [request["child"] for request in requests]
    own = ("recipient", "recipient_id", "purpose", "on", "fields", "need", "channel", "emergency", "reference")
    return [
        list(range(len(requests))),
        *([request[name] for request in requests] for name in own),
        *([requester[name] for requester in requesters] for name in ("officer", "power")),
        *([found.get(name) for found in agreements] for name in ("recipient", "purpose", "from", "to", "suspended")),
        *([child[name] for child in children] for name in ("date_of_birth", "confidential_address")),
        *([child[name] for child in children] for name in ("resident", "send", *LINKS)),
    ]


def _choices(requests: Sequence[Request]) -> Iterable[tuple[Any, ...]]:
    return (
        (n, kind, said["by"], said["recipient"], said["fields"], said["from"], said["to"])
        for n, request in enumerate(requests)
        for kind in ("consent", "objection")
        for said in request["child"][kind + "s"]
    )


def _columns(rows: Iterable[tuple[Any, ...]], types: dict[str, str]) -> list[list[Any]]:
    found = [list(column) for column in zip(*rows, strict=True)]
    return found or [[] for _ in types]
