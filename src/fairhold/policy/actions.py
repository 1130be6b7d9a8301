"""Confirm a shipped row, and see what stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib import resources

from fairhold import governance
from fairhold.access import Refused, Scope, verb
from fairhold.dates import clock
from fairhold.governance import dated
from fairhold.policy import books, changing
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
    changing.changed(scope)
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
    found = _seen(scope, file, books.book(scope).on(file, (on or scope.day).isoformat()))
    scope.tell(file=file, rows=len(found))
    return found


@verb("policy.history")
def history(scope: Scope, *, file: str, key: str) -> list[Seen]:
    """Every row about one thing that has counted or will, the first to begin first."""
    if file not in dated.FILES:
        raise Refused(f"“{file}” has no dated rows: see the list of files.")
    about = [row for row in books.book(scope).rows[file] if books.key_text(file, row) == key]
    found = _seen(scope, file, sorted(about, key=lambda row: row["from"]))
    scope.tell(file=file, rows=len(found))
    return found


def _seen(scope: Scope, file: str, found: Iterable[dated.Row]) -> list[Seen]:
    confirmed, names = books.confirmed(scope), {digest: name for name, digest in _rows(file).items()}
    own = {(row.key, row.content["from"]): row for row in books.own_rows(scope) if row.state is State.COUNTS}
    seen = []
    for row in found:
        key, digest = books.key_text(file, row), books.digest(row)
        mine = None if digest in names else own[key, row["from"]]
        standing = "own" if mine else "confirmed" if (file, digest) in confirmed else "shipped"
        seen.append(Seen(file, key, row, standing, mine, names.get(digest, "")))
    return seen
