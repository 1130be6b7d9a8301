"""The returns workspace: the year's collections, faults and what people do about them, trend, differences, the bank."""

from __future__ import annotations

from fairhold.web.workspace.bank import bank
from fairhold.web.workspace.collections import collections
from fairhold.web.workspace.comparing import changes, compare
from fairhold.web.workspace.faults import faults, of_choice
from fairhold.web.workspace.trend import picture, trend

__all__ = ["bank", "changes", "collections", "compare", "faults", "of_choice", "picture", "trend"]
