"""Disclosure control: the figures small enough to identify a child are never shown."""

from fairhold.release.domain import THRESHOLD, safe

__all__ = ["THRESHOLD", "safe"]
