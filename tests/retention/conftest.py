"""Made-up people and their facts, put straight into the tables."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fairhold import access, catalogue
from fairhold.dates import clock
from fairhold.engine import database

ScopeFor = Callable[[str, str], AbstractContextManager[access.Scope]]
TABLES = {table.name.replace(".", "_"): table.name for table in catalogue.tables()}
DAY = date(2026, 11, 24)


class Borough:
    """Adds subjects, links and facts as the owner; each call is committed."""

    def __init__(self) -> None:
        self.next = 0

    def child(self, **facts: list[dict[str, Any]]) -> int:
        """A subject with facts by table, `people_birth=[{...}]`; returns its number."""
        with closing(database.connect("owner")) as owner, owner.transaction():
            self.next += 1
            source = owner.execute(
                "insert into system.source (kind, name, registered_by, registered_at)"
                " values ('register', 'Made-up ' || %s, 'test', now()) returning id",
                (self.next,),
            ).fetchone()
            found = owner.execute(
                "insert into system.subject (source_id, key) values (%s, %s) returning id",
                (source and source[0], f"made-up-{self.next}"),
            ).fetchone()
        assert found is not None
        for table, rows in facts.items():
            for row in rows:
                self.fact(found[0], TABLES.get(table, table), **row)
        return int(found[0])

    def fact(self, subject: int, table: str, **values: Any) -> None:
        """One fact, as its delivery would have left it."""
        full = {"subject_id": subject, "known_from": clock.now(), "delivery_id": 1, **values}
        full["fingerprint"] = hashlib.sha256(repr(sorted(values.items())).encode()).digest()
        names = ", ".join(full)
        with closing(database.connect("owner")) as owner, owner.transaction():
            # The owner obeys row policies like everybody; making facts is intake's right.
            owner.execute("set local role p_data_intake")
            owner.execute(
                f"insert into {table} ({names}) values ({', '.join(['%s'] * len(full))})", tuple(full.values())
            )

    def same_person(self, *subjects: int) -> None:
        """Link subjects to one person."""
        with closing(database.connect("owner")) as owner, owner.transaction():
            for subject in subjects:
                owner.execute("insert into people.membership values (%s, %s)", (subject, min(subjects)))


@pytest.fixture
def borough(clean: Path) -> Borough:
    return Borough()
