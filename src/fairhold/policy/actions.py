"""Confirm a shipped row, and see what stands."""

from __future__ import annotations

from datetime import date
from importlib import resources

from fairhold import governance
from fairhold.access import Refused, Scope, verb
from fairhold.dates import clock
from fairhold.governance import dated
from fairhold.policy import books
from fairhold.policy.domain import Seen, Standing, State


def files() -> list[str]:
    """The governance files, by name."""
    folder = resources.files("fairhold.governance") / "data"
    return sorted(file.name.removesuffix(".csv") for file in folder.iterdir() if file.name.endswith(".csv"))


def _rows(file: str) -> dict[str, str]:
    """Row name → digest of its content. The name is what the row is about, with its first day where there are several;
    in a file without dates the first column where it is unique, else the row's number."""
    rows = governance.rows(file)
    names = [books.key_text(file, row) if file in dated.FILES else next(iter(row.values())) for row in rows]
    if len(set(names)) < len(names):
        dates = [f"{name} {row.get('from', '')}".strip() for name, row in zip(names, rows, strict=True)]
        names = dates if file in dated.FILES else [str(number) for number in range(1, len(rows) + 1)]
    return {name: books.digest(row) for name, row in zip(names, rows, strict=True)}


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
    """Each file with how many of its rows are confirmed here, and how many the council added."""
    kept = {(row["file"], row["row_id"], row["digest"]) for row in scope.rows("select * from system.confirmation")}
    own = [row.file for row in books.own_rows(scope) if row.state is State.COUNTS]
    return [
        Standing(file, len(rows), sum((file, name, digest) in kept for name, digest in rows.items()), own.count(file))
        for file, rows in ((file, _rows(file)) for file in files())
    ]


@verb("policy.rows")
def rows(scope: Scope, *, file: str, on: date | None = None) -> list[Seen]:
    """The rows of a dated file in force on a day (today), each with whose it is."""
    if file not in dated.FILES:
        raise Refused(f"“{file}” has no dated rows: see the list of files.")
    confirmed = books.confirmed(scope)
    own = {(row.key, row.from_date.isoformat()): row for row in books.own_rows(scope) if row.state is State.COUNTS}
    found = []
    for row in books.book(scope).on(file, (on or scope.day).isoformat()):
        key = books.key_text(file, row)
        mine = own.get((key, row["from"]))
        stands = "own" if mine else "confirmed" if (file, books.digest(row)) in confirmed else "shipped"
        found.append(Seen(file, key, row, stands, mine))
    scope.tell(file=file, rows=len(found))
    return found
