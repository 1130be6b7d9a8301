"""The SQL of the work list."""

from __future__ import annotations

from datetime import date, datetime

from fairhold.access import Scope
from fairhold.work.domain import Item

_ITEM = "id, kind, key, title, role, room, link, due, raised_at, account"


def raise_or_refresh(
    scope: Scope,
    *,
    kind: str,
    key: str,
    title: str,
    role: str,
    room: str,
    link: str,
    due: date | None,
    at: datetime,
    account: int | None,
) -> int:
    """Add the item, or bring an open one of this kind and key up to date; returns its number."""
    found: int = scope.value(
        "insert into system.work_item (kind, key, title, role, room, link, due, raised_at, account)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (kind, key) where closed_at is null do update"
        " set title = excluded.title, role = excluded.role, room = excluded.room, link = excluded.link,"
        " due = excluded.due, account = excluded.account returning id",
        (kind, key, title, role, room, link, due, at, account),
    )
    return found


def close(scope: Scope, *, kind: str, key: str, at: datetime) -> int:
    """Close the open item; returns how many there were."""
    return scope.run(
        "update system.work_item set closed_at = %s, closed_by = %s where kind = %s and key = %s and closed_at is null",
        (at, scope.actor.id, kind, key),
    )


def open_items(scope: Scope, role: str, account: int) -> list[Item]:
    """The open items of a role that are for anybody or this person: those with a day first, the nearest first, then the
    oldest."""
    query = (
        f"select {_ITEM} from system.work_item where role = %s and closed_at is null"
        " and (account is null or account = %s) order by due nulls last, raised_at, id"
    )
    return [Item(**row) for row in scope.rows(query, (role, account))]


def open_keys(scope: Scope, kind: str, prefix: str) -> set[str]:
    """The keys of a kind's open items that begin like this."""
    found = scope.rows("select key from system.work_item where kind = %s and closed_at is null", (kind,))
    return {row["key"] for row in found if row["key"].startswith(prefix)}
