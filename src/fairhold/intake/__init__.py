"""Deliveries: who may send, what came, what of it went in, what was set aside, and who is late."""

from fairhold.intake.actions import after_storing, ingest
from fairhold.intake.batches import offer, take_in
from fairhold.intake.domain import Freshness, Offered, Outcome, Summary
from fairhold.intake.errors import IntakeError
from fairhold.intake.feeds import Feed, feeds
from fairhold.intake.notices import notice
from fairhold.intake.replay import Replayed, deliveries, dismiss, replay, set_aside
from fairhold.intake.sources import NewSource, add_sources, list_sources

__all__ = [
    "Feed",
    "Freshness",
    "IntakeError",
    "NewSource",
    "Offered",
    "Outcome",
    "Replayed",
    "Summary",
    "add_sources",
    "after_storing",
    "deliveries",
    "dismiss",
    "feeds",
    "ingest",
    "list_sources",
    "notice",
    "offer",
    "replay",
    "set_aside",
    "take_in",
]
