"""What intake puts on the work list: feeds that are late or silent, and rows that wait for somebody."""

from __future__ import annotations

from fairhold import work
from fairhold.access import Scope, verb
from fairhold.intake import queries
from fairhold.intake.domain import Freshness
from fairhold.intake.feeds import standing


@verb("feeds.notice", daily=True)
def notice(scope: Scope) -> int:
    """Put late feeds and waiting rows on the work list, take off what has come or is settled; returns late feeds."""
    late = [feed for feed in standing(scope) if feed.state is not Freshness.FRESH]
    for feed in late:
        work.raise_item(
            scope,
            kind="feed.late",
            key=str(feed.source_id),
            title=f"No weekly file from {feed.source}: it is {feed.state.value}",
            role=feed.owner,
            room="intake",
            link="/feeds/",
        )
    work.close_others(scope, "feed.late", [str(feed.source_id) for feed in late])
    waiting = queries.waiting(scope)
    for owner, count in waiting.items():
        said = "1 row or value set aside waits" if count == 1 else f"{count:,} rows or values set aside wait"
        title = f"{said} for somebody to look"
        work.raise_item(
            scope, kind="set-aside", key=owner, title=title, role=owner, room="intake", link="/deliveries/set-aside/"
        )
    work.close_others(scope, "set-aside", waiting)
    scope.tell(late=len(late), waiting=sum(waiting.values()))
    return len(late)
