"""Refusals. Each carries one plain sentence that screens, commands and logs use as it is; never personal data."""

from __future__ import annotations

from fairhold.errors import PlainError


class Refused(PlainError):
    """Access said no: wrong purpose, no purpose, a table outside the scope, a door that is not open."""

    def __init__(self, sentence: str, *, door: str = "") -> None:
        super().__init__(sentence)
        self.door = door


class Unstorable(PlainError):
    """A number too large for any record, or text that no column can hold; nothing was looked for or changed."""
