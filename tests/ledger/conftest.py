"""A ledger of a few made-up acts, and an attacker who owns the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fairhold import ledger
from fairhold.engine import database
from fairhold.ledger import keys, queries, tree
from fairhold.ledger.domain import Stored


def write(count: int, kind: str = "record.read") -> list[int]:
    """Write some made-up acts and return their numbers."""
    return [
        ledger.append(
            kind, actor="7", role="social-worker", purpose="safeguarding", subjects=[n, n + 1], detail={"rows": n}
        )
        for n in range(count)
    ]


@pytest.fixture
def witness(cluster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that keeps the checkpoints of one test."""
    monkeypatch.setenv("FAIRHOLD_WITNESS", str(tmp_path))
    return tmp_path


class Attacker:
    """Has taken over the database: may do anything to its tables, and knows how the hashes are made."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def run(self, query: str, *values: object) -> None:
        self.connection.execute(query, values)

    def rewrite(self, change: Callable[[list[Stored]], list[Stored]], *, key: keys.Key | None = None) -> None:
        """Put changed events in place of all, numbered and hashed afresh; with `key`, sealed afresh too."""
        rows = list(queries.stored(self.connection))
        frontier, forged = tree.Frontier(), []
        for number, row in enumerate(change(rows), start=1):
            event = replace(row.event, seq=number)
            frontier, nodes = frontier.add(event.leaf())
            seal = key.seal(number, frontier.root()) if key else row.seal
            forged.append(Stored(event, nodes, seal))
        self.connection.execute("truncate ledger.event")
        with self.connection.cursor() as cursor:
            queries.insert(cursor, forged)


@pytest.fixture
def attack(witness: Path) -> Iterator[Callable[[], Any]]:
    """`with attack() as attacker:` commits what the attacker does; afterwards the true events are put back."""
    with closing(database.connect("owner")) as owner:
        owner.execute("create temporary table kept as table ledger.event")
        owner.commit()

        @contextmanager
        def begin() -> Iterator[Attacker]:
            with owner.transaction():
                owner.execute("alter table ledger.event disable trigger append_only")
                yield Attacker(owner)

        yield begin
        with owner.transaction():
            owner.execute("alter table ledger.event disable trigger append_only")
            owner.execute("truncate ledger.event")
            owner.execute("insert into ledger.event table kept")
            owner.execute("alter table ledger.event enable trigger append_only")
