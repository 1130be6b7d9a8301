"""Confirm a row of governance, and see what still stands as it was shipped."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib import resources

from fairhold import governance
from fairhold.access import Refused, Scope, verb
from fairhold.dates import clock


@dataclass(frozen=True)
class Standing:
    """How many rows of one file are confirmed, out of all."""

    file: str
    rows: int
    confirmed: int

    @property
    def shipped(self) -> int:
        """Rows nobody here has confirmed yet."""
        return self.rows - self.confirmed


def files() -> list[str]:
    """The governance files, by name."""
    folder = resources.files("fairhold.governance") / "data"
    return sorted(file.name.removesuffix(".csv") for file in folder.iterdir() if file.name.endswith(".csv"))


def _digest(row: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()


def _rows(file: str) -> dict[str, str]:
    """Row number or id → digest of its content; the first column is the id where it is unique."""
    rows = governance.rows(file)
    ids = [next(iter(row.values())) for row in rows]
    names = ids if len(set(ids)) == len(ids) else [str(number) for number in range(1, len(rows) + 1)]
    return {name: _digest(row) for name, row in zip(names, rows, strict=True)}


@verb("policy.confirm")
def confirm(scope: Scope, *, file: str, row: str, note: str) -> None:
    """Confirm one row as it stands today. Confirming it again changes nothing; a row that changes is shipped again."""
    if file not in files() or row not in _rows(file):
        raise Refused(f"There is no row “{row}” in “{file}”: see the list of rows.")
    if not note.strip():
        raise Refused("Say on what the confirmation rests, for example the policy and its date.")
    scope.run(
        "insert into system.confirmation (file, row_id, digest, confirmed_by, confirmed_at, note)"
        " values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
        (file, row, _rows(file)[row], scope.actor.id, clock.now(), note),
    )
    scope.tell(file=file, row=row)


@verb("policy.standing")
def standing(scope: Scope) -> list[Standing]:
    """Each file with how many of its rows are confirmed here."""
    kept = {(row["file"], row["row_id"], row["digest"]) for row in scope.rows("select * from system.confirmation")}
    return [
        Standing(file, len(rows), sum((file, name, digest) in kept for name, digest in rows.items()))
        for file, rows in ((file, _rows(file)) for file in files())
    ]
