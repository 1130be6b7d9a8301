"""From which instant on the record no longer changes: who writes facts or links says so, who needs a fixed past waits.

A row carries the instant its writing began, and is seen when that ends. So an instant is settled only when everybody
who began to write before it has ended; those who begin later carry a later one.
"""

from __future__ import annotations

from datetime import datetime

from fairhold.access import Scope
from fairhold.dates import clock

_LOCK = 7_305_003


def writing(scope: Scope) -> None:
    """Say that this transaction writes facts or links, before it takes the instant they will carry."""
    scope.run("select pg_advisory_xact_lock_shared(%s)", (_LOCK,))


def settled(scope: Scope) -> datetime:
    """An instant of which everything is known: waits for those who are writing, and keeps nobody from it after."""
    now = clock.now()
    scope.run("select pg_advisory_lock(%s), pg_advisory_unlock(%s)", (_LOCK, _LOCK))
    return now
