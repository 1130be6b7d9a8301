"""The daily run: each step, when it last ran, what it did, and whether it is late."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from fairhold.access import Scope
from fairhold.dates import clock
from fairhold.web.page import page
from fairhold.web.parts import Column, Count, Counts, Table, Tag
from fairhold.work import daily as runs
from fairhold.work.daily import Standing, State

TAGS = {
    State.DONE: Tag("Has run", "green"),
    State.FAILED: Tag("Failed", "red"),
    State.LATE: Tag("Not for a day", "red"),
    State.NEVER: Tag("Never ran", "red"),
}


@page("page.daily", "daily/daily.html")
def daily(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """Every step in the order in which they run."""
    now = clock.now()
    found = runs.standings(scope)
    states = [one.state(now) for one in found]
    counts = [Count(states.count(state), tag.text.lower(), colour=tag.colour) for state, tag in TAGS.items()]
    late = State.LATE in states or State.NEVER in states
    return {"title": "Daily run", "counts": Counts(counts), "table": _table(found, states), "late": late}


def _table(found: list[Standing], states: list[State]) -> Table:
    return Table(
        "Steps, in the order in which they run",
        ["Step", "State", "Last ran well", "Expected again by", Column("What it did", "third")],
        [
            [one.errand.title, TAGS[state], one.last, one.due, _did(one)]
            for one, state in zip(found, states, strict=True)
        ],
    )


def _did(one: Standing) -> str:
    counts = ", ".join(f"{count:,} {what}" for what, count in one.counts.items())
    return " ".join(filter(None, [one.errand.says, f"The last time: {counts}." if counts else "", *one.failed]))
