"""Says things of one made-up child, file by file, and asks what is held."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from fairhold import access
from fairhold.facts import Encoder, Incoming, store, table_numbers

OFFICER = access.Actor(1, "Made-up officer", "data-officer")
ADMINISTRATOR = access.Actor(2, "Made-up administrator", "administrator")
START = datetime(2026, 9, 1)
_children, _deliveries = count(1), count(1)


class Teller:
    """`say(day, values)` stores what a file of that day (1 is 1 September 2026) says of a child."""

    def __init__(self, source: int) -> None:
        self.source, self.child = source, ""

    def another(self) -> str:
        """Speak of a child never met before from now on."""
        self.child = f"child {next(_children)}"
        return self.child

    def say(self, day: float, values: dict[str, str], *, also: tuple[str, ...] = ()) -> int:
        """Store one file; returns how many rows it added. `day` may have a fraction: the hour."""
        number = next(_deliveries)
        with access.scope(OFFICER, "data-intake") as scope:
            encoder = Encoder(number, table_numbers(scope))
            encoder.child(1, 7, self.child, list(also), values)
            incoming = Incoming(number, self.source, START + timedelta(days=day - 1), encoder.finish())
            return store(scope, [incoming])[number].added

    def rows(self, table: str, fields: str, *, known: str = "known_until = 'infinity'") -> list[tuple[Any, ...]]:
        """What is held of the child: fields, from, until (as days, None for open)."""
        with access.scope(OFFICER, "data-intake") as scope:
            found = scope.rows(
                f"select {fields}, from_date, nullif(until_date, 'infinity') as until from {table} f"
                f" join system.subject s on s.id = f.subject_id where s.key = %s and {known}"
                f" order by from_date, {fields}",
                (self.child,),
            )
        return [tuple(_day(value) for value in row.values()) for row in found]


def _day(value: object) -> object:
    return (value - START.date()).days + 1 if isinstance(value, date) else value


@pytest.fixture
def child(cluster: Path) -> Teller:
    """A teller that speaks of a new child."""
    with access.scope(ADMINISTRATOR, "administration") as scope:
        scope.run(
            "insert into system.source (kind, name, lea, estab, registered_by, registered_at)"
            " values ('school', 'Made-up school of facts', '320', '2777', 'a test', now()) on conflict do nothing"
        )
        teller = Teller(scope.value("select id from system.source where estab = '2777'"))
    teller.another()
    return teller
