"""A mutant: one small wrong change, in words, and the thing that was changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mutant:
    """`kind`: tables, cedar, sql or python. `where` and `change` say in words what was done; `made` is what results."""

    kind: str
    where: str
    change: str
    made: Any

    @property
    def name(self) -> str:
        """By which a surviving mutant is known."""
        return f"{self.where}: {self.change}"
