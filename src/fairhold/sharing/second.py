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


# What a request says beside the child is the same for many children of one list; so are the places they are linked to.
FRAME = {
    "recipient": "varchar", "body": "varchar", "purpose": "varchar", "day": "date", "fields": "varchar[]",
    "need": "varchar", "channel": "varchar", "emergency": "boolean", "reference": "varchar", "officer": "varchar",
    "power": "varchar", "agreed_with": "varchar", "agreed_for": "varchar", "agreed_from": "date", "agreed_to": "date",
    "suspended": "boolean",
}  # fmt: skip
PLACES = dict.fromkeys(LINKS, "varchar[]")
CHILD = {
    "frame": "integer", "places": "integer", "born": "date", "confidential": "boolean", "resident": "boolean",
    "send": "boolean",
}  # fmt: skip
_JOINED = (
    "create temp view asked as select c.* exclude (frame, places), f.* exclude (n), p.* exclude (n)"
    " from child c join frame f on f.n = c.frame join places p on p.n = c.places"
)
CHOICE = {
    "n": "integer", "kind": "varchar", "person": "varchar", "recipient": "varchar", "fields": "varchar[]",
    "since": "date", "until": "date",
}  # fmt: skip
HOLD = {"n": "integer", "field": "varchar"}
Values = Iterable[tuple[Any, ...]]

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
        _load_asked(database, requests)
        _load(database, "choice", CHOICE, _choices(requests))
        _load(database, "hold", HOLD, ((n, one[0]) for n, all_ in enumerate(holds) for one in all_))
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


def _load(database: duckdb.DuckDBPyConnection, table: str, types: dict[str, str], rows: Values) -> None:
    """Make a table of whole columns; dates come as text, since the request has them so."""
    told = ", ".join(
        f"unnest(${name}::{kind.replace('date', 'varchar')}[])::{kind} as {name}" for name, kind in types.items()
    )
    columns = list(zip(*rows, strict=True)) or [()] * len(types)
    values = {name: list(column) for name, column in zip(types, columns, strict=True)}
    database.execute(f"create temp table {table} as select {told}", values)


def _load_asked(database: duckdb.DuckDBPyConnection, requests: Sequence[Request]) -> None:
    """The requests as one view, put together from what is distinct in them."""
    frames: dict[tuple[Any, ...], int] = {}
    places: dict[tuple[tuple[str, ...], ...], int] = {}
    children = []
    for n, request in enumerate(requests):
        child = request["child"]
        links = tuple(tuple(child[link]) for link in LINKS)
        shared = (frames.setdefault(_frame(request), len(frames)), places.setdefault(links, len(places)))
        own = (child[name] for name in ("date_of_birth", "confidential_address", "resident", "send"))
        children.append((n, *shared, *own))
    number = {"n": "integer"}
    _load(database, "frame", number | FRAME, ((n, *frame) for frame, n in frames.items()))
    _load(database, "places", number | PLACES, ((n, *links) for links, n in places.items()))
    _load(database, "child", number | CHILD, children)
    database.execute(_JOINED)


def _frame(request: Request) -> tuple[Any, ...]:
    agreed, asks = request["agreement"] or {}, request["requester"]
    own = ("recipient", "recipient_id", "purpose", "on", "fields", "need", "channel", "emergency", "reference")
    return (
        *(tuple(request[name]) if name == "fields" else request[name] for name in own),
        *(asks[name] for name in ("officer", "power")),
        *(agreed.get(name) for name in ("recipient", "purpose", "from", "to", "suspended")),
    )


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


def _choices(requests: Sequence[Request]) -> Values:
    return (
        (n, kind, said["by"], said["recipient"], said["fields"], said["from"], said["to"])
        for n, request in enumerate(requests)
        for kind in ("consent", "objection")
        for said in request["child"][kind + "s"]
    )
