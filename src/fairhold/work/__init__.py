"""One list of things for people to do."""

from fairhold.work.actions import close, close_others, items, raise_item
from fairhold.work.domain import Item, WorkError

__all__ = ["Item", "WorkError", "close", "close_others", "items", "raise_item"]
