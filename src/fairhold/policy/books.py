"""The book of rows that decides in this store: what ships, and what this council has added, as known at an instant."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache

from fairhold import governance
from fairhold.access import Row, Scope
from fairhold.dates import clock
from fairhold.governance import Book, dated
from fairhold.policy.domain import OwnRow, Reason, State
from fairhold.policy.effect import Effect, effect

SPACE = " "


def key_text(file: str, row: dated.Row) -> str:
    """What a row is about, as text: the columns of its key, those that are empty at the end left out."""
    return SPACE.join(dated.key(file, row)).strip()


def book(scope: Scope, *, known: datetime | None = None) -> Book:
    """The rows that count here, as they were known at an instant (now).

    A row of the council's counts once its second person wants it, where it needs one. A row that ships later than one
    of the council's about the same thing, and would let more go, counts only when confirmed.
    """
    return book_of(*counting(scope, known=known))


def counting(scope: Scope, *, known: datetime | None = None) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What makes the book here other than the shipped one: the council's rows that count (file, the row as JSON), and
    the shipped rows that do not (file, digest). `book_of` makes the book of them, without the store."""
    own = [row for row in own_rows(scope, known=known) if row.state is State.COUNTS]
    later = [name for name in _later(own) if name not in confirmed(scope)] if own else []
    return [(row.file, json.dumps(dict(row.content))) for row in own], later


def book_of(own: Iterable[Sequence[str]], left_out: Iterable[Sequence[str]]) -> Book:
    """The shipped book with the council's rows after it, and without the rows left out."""
    added = tuple((file, row) for file, row in own)
    return _book(added, tuple((file, name) for file, name in left_out)) if added else governance.shipped()


@lru_cache(maxsize=16)
def _book(own: tuple[tuple[str, str], ...], left_out: tuple[tuple[str, str], ...]) -> Book:
    shipped = {
        file: tuple(row for row in rows if (file, digest(row)) not in left_out)
        for file, rows in governance.shipped().rows.items()
    }
    return Book(shipped).with_rows((file, json.loads(text)) for file, text in own)


def _later(own: Sequence[OwnRow]) -> Iterable[tuple[str, str]]:
    """Shipped rows (file, digest) that would follow a row of the council's about the same thing and let more go."""
    for row in own:
        for other in governance.shipped().rows[row.file]:
            follows = key_text(row.file, other) == row.key and other["from"] > row.content["from"]
            if follows and effect(row.file, row.content, other) is Effect.LOOSENS:
                yield row.file, digest(other)


def digest(row: dated.Row) -> str:
    """What a confirmation is of: the row to the letter."""
    return hashlib.sha256(json.dumps(dict(row), sort_keys=True).encode()).hexdigest()


def confirmed(scope: Scope) -> frozenset[tuple[str, str]]:
    """Every row confirmed here, as file and digest."""
    return frozenset((row["file"], row["digest"]) for row in scope.rows("select file, digest from system.confirmation"))


def unconfirmed(scope: Scope) -> frozenset[tuple[str, str]]:
    """The shipped rows (file, digest) that may not be relied on yet. In a demo store all may."""
    if scope.value("select demo from system.store"):
        return frozenset()
    every = {(file, digest(row)) for file, rows in governance.shipped().rows.items() for row in rows}
    return frozenset(every) - confirmed(scope)


def reasons(scope: Scope, *, on: date | None = None) -> list[Reason]:
    """The closed list of reasons to share, as it stands on a day (today)."""
    rows = book(scope).on("policy_reasons", (on or scope.day).isoformat())
    return [Reason(row["reason"], row["title"], row["identified"] == "yes") for row in rows if row["open"] == "yes"]


def own_rows(scope: Scope, *, known: datetime | None = None) -> list[OwnRow]:
    """Every row the council has added, in the order entered, as it stood at an instant (now)."""
    instant = known or clock.now()
    found = scope.rows("select * from system.policy_row where entered_at <= %s order by id", (instant,))
    return [_own(row, instant) for row in found]


def _own(row: Row, instant: datetime) -> OwnRow:
    seconded = row["seconded_at"] is not None and row["seconded_at"] <= instant
    withdrawn = row["withdrawn_at"] is not None and row["withdrawn_at"] <= instant
    counts = seconded or row["effect"] != Effect.LOOSENS
    until: str = "" if row["until_date"] is None else row["until_date"].isoformat()
    told = {**row["content"], "from": row["from_date"].isoformat(), "until": until}
    return OwnRow(
        id=row["id"],
        file=row["file"],
        key=row["row_key"],
        content={name: told[name] for name in governance.shipped().rows[row["file"]][0]},
        effect=Effect(row["effect"]),
        reason=row["reason"],
        entered_by=row["entered_by"],
        entered_at=row["entered_at"],
        seconded_by=row["seconded_by"] if seconded else None,
        state=State.WITHDRAWN if withdrawn else State.COUNTS if counts else State.WAITS,
        from_date=row["from_date"],
        until_date=row["until_date"],
    )
