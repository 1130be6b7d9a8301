"""The matrix: every page, command, verb and export is a door, and each door names the purposes that open it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from fairhold import governance

ANY = "*"
NONE = "-"


@dataclass(frozen=True)
class Door:
    """One way in. `purposes` is empty for a door that needs no purpose (help pages, pure commands on files)."""

    name: str
    kind: str
    purposes: frozenset[str]
    title: str

    def opens_for(self, purpose: str) -> bool:
        """Whether someone working under `purpose` may go through."""
        return not self.purposes or purpose in self.purposes


@cache
def doors() -> dict[str, Door]:
    """Every door by name, from `data/doors.csv`; `*` means any purpose of the council, `-` none needed."""
    text = (resources.files("fairhold.access") / "data" / "doors.csv").read_text("utf-8")
    return {row["door"]: _door(row) for row in csv.DictReader(text.splitlines())}


def _door(row: dict[str, str]) -> Door:
    known = {purpose.slug for purpose in governance.purposes()}
    own = {purpose.slug for purpose in governance.purposes() if not purpose.outside}
    named = set(row["purposes"].split(";")) - {NONE}
    chosen = named - {ANY} | (own if ANY in named else set())
    if unknown := chosen - known:
        raise ValueError(f"doors.csv: {row['door']} names unknown purposes {sorted(unknown)}.")
    return Door(row["door"], row["kind"], frozenset(chosen), row["title"])


def door(name: str) -> Door:
    """The door called `name`; a door nobody registered does not exist, and asking for it is a fault of ours."""
    try:
        return doors()[name]
    except KeyError:
        raise LookupError(f"The door {name!r} is not in access/data/doors.csv.") from None
