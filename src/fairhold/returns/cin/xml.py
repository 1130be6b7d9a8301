"""The census file as tables."""

from __future__ import annotations

from fairhold.returns.files import SetAside
from fairhold.returns.loading import Given
from fairhold.rulebook.domain import Table


def read(label: str, data: bytes, tables: tuple[Table, ...]) -> tuple[dict[str, Given], list[SetAside]]:
    """The tables of one file with the line of each row's element, and what was left out of it."""
    return {}, [SetAside(label, 0, "", "cannot be read yet")]
