"""Disclosure control: the figures small enough to identify a child are never shown."""

from fairhold.release.domain import ROUND_TO, THRESHOLD, safe
from fairhold.release.tables import LEAST, Cell, Side, is_small, steady, withheld

__all__ = ["LEAST", "ROUND_TO", "THRESHOLD", "Cell", "Side", "is_small", "safe", "steady", "withheld"]
