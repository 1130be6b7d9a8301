"""Whom to turn to: stands on every document for people. From the settings; what is not set says so."""

from __future__ import annotations

import os
from dataclasses import dataclass

from fairhold.letters.domain import Grid

NOT_SET = "not set"


@dataclass(frozen=True)
class Contacts:
    """The council's name, where to ask, and the data protection officer with an address."""

    council: str
    contact: str
    officer: str

    @property
    def complete(self) -> bool:
        """Whether a real document can go out with them."""
        return NOT_SET not in (self.council, self.contact, self.officer)

    def grid(self) -> Grid:
        """The contacts as a table of a document."""
        return Grid(
            ("Who", "How to reach them"),
            (("Council", self.council), ("Questions", self.contact), ("Data protection officer", self.officer)),
        )


def contacts() -> Contacts:
    """The contacts as they are set."""
    return Contacts(
        council=os.environ.get("FAIRHOLD_COUNCIL") or NOT_SET,
        contact=os.environ.get("FAIRHOLD_CONTACT") or NOT_SET,
        officer=os.environ.get("FAIRHOLD_DATA_PROTECTION_OFFICER") or NOT_SET,
    )
