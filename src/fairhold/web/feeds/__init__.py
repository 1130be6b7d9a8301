"""Feeds: whose files have come, and whose are missing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from fairhold import intake
from fairhold.access import Scope
from fairhold.intake import Feed, Freshness
from fairhold.web.page import page
from fairhold.web.parts import Column, Count, Counts, Empty, Link, Table, Tag

TAGS = {
    Freshness.FRESH: Tag("In time", "green"),
    Freshness.LATE: Tag("Late", "yellow"),
    Freshness.SILENT: Tag("Silent", "red"),
}


@page("page.feeds", "feeds/feeds.html")
def feeds(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """Every feed, the worst first."""
    found = intake.feeds(scope)
    counts = [
        Count(sum(feed.state is state for feed in found), TAGS[state].text.lower(), colour=TAGS[state].colour)
        for state in Freshness
    ]
    return {"title": "Feeds", "counts": Counts(counts), "table": _table(found)}


def _table(found: list[Feed]) -> Table:
    return Table(
        "Sources and when their last file came",
        [
            "Source",
            "State",
            "Last file is of",
            "It came",
            Column("Expected every", "number"),
            Column("What to do", "third"),
        ],
        [
            [
                feed.source,
                TAGS[feed.state],
                feed.file_date,
                feed.received_at,
                f"{feed.every_days} days",
                feed.sentence,
            ]
            for feed in found
        ],
        Empty(
            "No source is expected to send files.",
            "A school that is registered as a source is expected to send a transfer file every week.",
            Link("Sources", reverse("sources")),
        ),
    )
