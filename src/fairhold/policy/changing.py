"""Changing law and policy by a dated row: entered by one officer, wanted by a second where more may go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from psycopg.types.json import Jsonb

from fairhold import governance, work
from fairhold.access import Refused, Scope, verb
from fairhold.dates import clock
from fairhold.governance import Book, dated
from fairhold.policy import books, checking
from fairhold.policy.domain import OwnRow, State
from fairhold.policy.effect import Effect, effect, settable

SECOND = "policy.second"
Follow = Callable[[Scope], object]
F = TypeVar("F", bound=Follow)
_after: list[Follow] = []


def after_changing(follow: F) -> F:
    """Register what a room does once a change of policy is committed, in a transaction of its own."""
    _after.append(follow)
    return follow


def changed(scope: Scope) -> None:
    """Say that what counts may be other than before."""
    scope.after.extend(one for one in _after if one not in scope.after)


@verb("policy.change")
def change(
    scope: Scope,
    *,
    file: str,
    key: str,
    cells: dict[str, str],
    begins: date,
    until: date | None,
    reason: str,
    only_tighter: bool = False,
) -> OwnRow:
    """Add a row of the council's own: from a day on, what `key` is about has these cells.

    `cells` need name only what changes; for something new they name every column. A row that tightens counts from its
    first day. One that lets more go waits until a second person wants it too (`second`); `only_tighter` refuses it.
    """
    if file not in dated.FILES:
        raise Refused(f"“{file}” has no dated rows that could be changed here: see the list of files.")
    if begins < scope.day:
        raise Refused("A row begins today or later: what was decided before stays as it was decided.")
    if not reason.strip():
        raise Refused("Say why, for example the policy or the advice it rests on, and its date.")
    book = books.book(scope)
    before = _on(book, file, key, begins)
    after = _row(file, key, before, {**cells, "from": begins.isoformat(), "until": "" if until is None else str(until)})
    checking.check(book, file, after)
    does = effect(file, before, after)
    if before is not None and all(before[name] == after[name] for name in settable(file)):
        raise Refused("The row says that already: nothing is changed.")
    if only_tighter and does is Effect.LOOSENS:
        raise Refused("This may let more data go, so it is no tightening: enter it as a change that two people want.")
    _undone_later(scope, file, key, after)
    number: int = scope.value(
        "insert into system.policy_row"
        " (file, row_key, content, from_date, until_date, effect, reason, entered_by, entered_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s) returning id",
        (file, key, Jsonb(after), begins, until, does.value, reason, scope.actor.id, clock.now()),
    )
    scope.tell(row=number, file=file, key=key, effect=does.value)
    changed(scope)
    if does is Effect.LOOSENS:
        work.raise_item(
            scope,
            kind=SECOND,
            key=str(number),
            title=f"Judge change {number} of policy: it may let more data go",
            role="ig-officer",
            room="policy",
            link="/policy/changes/",
        )
    return find(scope, number)


def _undone_later(scope: Scope, file: str, key: str, row: dated.Row) -> None:
    """A tighter row is no good where one that was entered before begins later and lets more go."""
    for other in books.own_rows(scope):
        later = other.file == file and other.key == key and other.state is State.COUNTS
        if later and other.content["from"] > row["from"] and effect(file, row, other.content) is Effect.LOOSENS:
            raise Refused(
                f"Change {other.id} begins on {other.content['from']} and lets more go than this one would:"
                " enter this one from that day first, then from the earlier day."
            )


def _on(book: Book, file: str, key: str, day: date) -> dated.Row | None:
    return next((row for row in book.on(file, day.isoformat()) if books.key_text(file, row) == key), None)


def _row(file: str, key: str, before: dated.Row | None, cells: dict[str, str]) -> dict[str, str]:
    columns = list(governance.shipped().rows[file][0])
    named = set(dated.FILES[file]) if before is None else set()
    unknown = set(cells) - set(settable(file)) - named - {"from", "until"}
    if unknown:
        raise Refused(f"The column {', '.join(sorted(unknown))} cannot be set in {file}: see the row's columns.")
    row = {**({name: "" for name in columns} if before is None else before), **cells}
    if books.key_text(file, row) != key:
        raise Refused(f"There is no row “{key}” in {file} on that day: see the list, or give its key columns too.")
    return {name: row[name].strip() for name in columns}


@verb("policy.second")
def second(scope: Scope, *, row: int) -> OwnRow:
    """Want a waiting row as the second person: from now on it counts, not before today. Whoever entered it cannot."""
    found = find(scope, row)
    if found.state is not State.WAITS:
        raise Refused("This change does not wait for anybody: see the list of changes.")
    if found.entered_by == scope.actor.id:
        raise Refused("You entered this change yourself: a second person must want it too.")
    begins = max(found.from_date, scope.day)
    if found.until_date is not None and found.until_date <= begins:
        raise Refused("The change has ended before it could begin: enter it anew.")
    checking.check(books.book(scope), found.file, {**found.content, "from": begins.isoformat()})
    scope.run(
        "update system.policy_row set seconded_by = %s, seconded_at = %s, from_date = %s where id = %s",
        (scope.actor.id, clock.now(), begins, row),
    )
    scope.tell(row=row, file=found.file, key=found.key)
    changed(scope)
    work.close(scope, SECOND, str(row))
    return find(scope, row)


@verb("policy.withdraw")
def withdraw(scope: Scope, *, row: int) -> OwnRow:
    """Take back a change that waits or has not begun. What has begun ends by another row alone.

    A tightening that counts can be taken back only by two people: enter the looser row instead.
    """
    found = find(scope, row)
    if found.state is State.WITHDRAWN:
        raise Refused("This change is withdrawn already.")
    if found.state is State.COUNTS and (found.effect is Effect.TIGHTENS or found.from_date <= scope.day):
        raise Refused("This change counts already: enter a row that follows it. Where more may go, two must want it.")
    scope.run(
        "update system.policy_row set withdrawn_by = %s, withdrawn_at = %s where id = %s",
        (scope.actor.id, clock.now(), row),
    )
    scope.tell(row=row, file=found.file, key=found.key)
    changed(scope)
    work.close(scope, SECOND, str(row))
    return find(scope, row)


def find(scope: Scope, number: int) -> OwnRow:
    """The council's row with that number."""
    for row in books.own_rows(scope):
        if row.id == number:
            return row
    raise Refused("There is no such change: see the list of changes.")


@verb("policy.changes")
def changes(scope: Scope) -> list[OwnRow]:
    """Every row the council added, the newest first."""
    return books.own_rows(scope)[::-1]
