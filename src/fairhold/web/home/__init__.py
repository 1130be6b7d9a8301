"""What needs doing today, and the way to everything else that the purpose opens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest

from fairhold import work
from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.dates import clock
from fairhold.web.page import page
from fairhold.web.parts import Tag
from fairhold.work import daily
from fairhold.work.daily import State


@page("page.home", "home/today.html")
def today(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """The one list of things to do, then the pages of the purpose."""
    items = work.items(scope)
    return {
        "title": "What needs doing today",
        "day": scope.day,
        "items": [(item, _tag(item, scope.day)) for item in items],
        "late": _count(items, scope.day),
        "daily": _daily(scope),
    }


def _daily(scope: Scope) -> str:
    """What to say where the daily run has not run as it should, to whoever may see more of it."""
    if not door("page.daily").opens_for(scope.purpose.slug):
        return ""
    found = [one.state(clock.now()) for one in daily.standings(scope)]
    behind = sum(state in (State.LATE, State.NEVER) for state in found)
    failed = found.count(State.FAILED)
    said = [
        f"{behind} of the {len(found)} steps of the daily run have not run in the last day." if behind else "",
        f"{failed} of the {len(found)} steps of the daily run failed." if failed else "",
    ]
    return " ".join(filter(None, said))


def _tag(item: work.Item, day: date) -> Tag | None:
    if item.due is None:
        return None
    if item.overdue(day):
        return Tag("Overdue", "red")
    return Tag("Due today", "yellow") if item.due == day else None


def _count(items: Sequence[work.Item], day: date) -> int:
    return sum(item.overdue(day) for item in items)
