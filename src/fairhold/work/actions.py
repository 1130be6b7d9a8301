"""Raising, closing and listing things to do. Rooms call these inside their own verbs, whose events tell of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fairhold.access import ROLES, Scope, verb
from fairhold.dates import clock
from fairhold.work import queries
from fairhold.work.domain import Item, WorkError, check_words


def raise_item(
    scope: Scope,
    *,
    kind: str,
    key: str,
    title: str,
    role: str,
    room: str,
    link: str,
    due: date | None = None,
    account: int | None = None,
) -> int:
    """Put something on the list of `role` (of one person of it: `account`) and return its number.

    Raised again while open, the same (`kind`, `key`) stays one item and takes the newer words. Title, key and link
    carry no personal data; WorkError when they might, or when there is no such role.
    """
    check_words(kind=kind, key=key, title=title, link=link)
    if role not in {known.slug for known in ROLES}:
        raise WorkError(f"There is no role “{role}” to do this.")
    return queries.raise_or_refresh(
        scope,
        kind=kind,
        key=key,
        title=title,
        role=role,
        room=room,
        link=link,
        due=due,
        at=clock.now(),
        account=account,
    )


def close(scope: Scope, kind: str, key: str) -> bool:
    """Take something off the list because it is done or no longer so; returns whether it was open."""
    return queries.close(scope, kind=kind, key=key, at=clock.now()) > 0


def close_others(scope: Scope, kind: str, still: Iterable[str], *, prefix: str = "") -> int:
    """Close the open items of a kind whose key is not in `still`, which a daily look found; returns how many.

    Only keys that begin with `prefix` were looked at.
    """
    gone = queries.open_keys(scope, kind, prefix) - set(still)
    return sum(close(scope, kind, key) for key in sorted(gone))


@verb("work.items")
def items(scope: Scope) -> list[Item]:
    """What the acting person has to do, alone or with others of the role: what has a day first, the nearest first."""
    found = queries.open_items(scope, scope.actor.role, scope.actor.id)
    scope.tell(rows=len(found))
    return found
