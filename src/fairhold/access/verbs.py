"""What makes a function a verb: its door is checked before, its ledger event is written before it returns."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from fairhold.access.doors import door
from fairhold.access.scope import Note, Scope

P = ParamSpec("P")
R = TypeVar("R")
Verb = Callable[Concatenate[Scope, P], R]


def verb(name: str, *, daily: bool = False) -> Callable[[Verb[P, R]], Verb[P, R]]:
    """Make a function a verb behind the door `name`; a door that is not registered fails at import.

    The event carries what the body named with `scope.concerns` and `scope.tell`. It is committed before a read is
    shown and before a change commits, so nothing is seen or done that the ledger does not know. `daily`: somebody waits
    for it to be called every day, so a step of the daily run must (`data/daily.csv`).
    """
    door(name)

    def wrap(body: Verb[P, R]) -> Verb[P, R]:
        @wraps(body)
        def run(scope: Scope, /, *args: P.args, **kwargs: P.kwargs) -> R:
            scope.allow(name)
            note = Note(door=name)
            scope.notes.append(note)
            try:
                result = body(scope, *args, **kwargs)
            finally:
                scope.notes.pop()
            scope.record(name, note)
            return result

        run.door = name  # type: ignore[attr-defined]
        run.daily = daily  # type: ignore[attr-defined]
        return run

    return wrap
