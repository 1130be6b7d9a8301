"""The second evaluator: every cell again, as one set-based query written from the notice's sentences.

It shares nothing with the first but the request: no table, no helper, no reading of dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from fairhold.engine import columns
from fairhold.sharing.domain import Request

if TYPE_CHECKING:
    import duckdb

LINKS = ("enrolled_at", "placed_with", "applied_to", "linked_councils")


@cache
def _query() -> str:
    return (resources.files("fairhold.sharing") / "second.sql").read_text("utf-8")


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


def evaluate(requests: Sequence[Request]) -> list[frozenset[int]]:
    """For each request the places (from 0) of the asked fields that may go."""
    may_go: list[frozenset[int]] = [frozenset()] * len(requests)
    with columns.duck() as database:
        _load(database, "asked", ASKED, _asked(requests))
        _load(database, "choice", CHOICE, _choices(requests))
        for number, places in database.execute(_query()).fetchall():
            may_go[number] = frozenset(places)
    return may_go


def _load(database: duckdb.DuckDBPyConnection, table: str, types: dict[str, str], values: list[list[Any]]) -> None:
    """Make a table of whole columns; dates come as text, since the request has them so."""
    told = ", ".join(
        f"unnest(${name}::{kind.replace('date', 'varchar')}[])::{kind} as {name}" for name, kind in types.items()
    )
    database.execute(f"create temp table {table} as select {told}", dict(zip(types, values, strict=True)))


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


def _choices(requests: Sequence[Request]) -> list[list[Any]]:
    rows = [
        (n, kind, said["by"], said["recipient"], said["fields"], said["from"], said["to"])
        for n, request in enumerate(requests)
        for kind in ("consent", "objection")
        for said in request["child"][kind + "s"]
    ]
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in CHOICE]
