"""The only way to the data: a scope is one person, one purpose and one transaction under that purpose's role.

The role's grants and row policies are the last guard. A query outside them raises `Refused`; it never comes
back empty, because an empty answer must mean that there is nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row, tuple_row

from fairhold import governance, ledger
from fairhold.access.doors import door as find_door
from fairhold.access.errands import KEEPS, errands
from fairhold.access.errors import Refused, Unstorable
from fairhold.access.roles import Machine, role
from fairhold.dates import clock
from fairhold.engine import columns, database
from fairhold.engine.settings import Login
from fairhold.errors import Kept

Row = dict[str, Any]
Params = Sequence[Any] | Mapping[str, Any] | None

Opens = Callable[[], AbstractContextManager["Scope"]]
"""Opens a scope, one after the other, for work that takes several transactions."""

_open: ContextVar[Scope | None] = ContextVar("fairhold_scope", default=None)


@dataclass(frozen=True)
class Actor:
    """Who is acting: an account, never an anonymous process."""

    id: int
    name: str
    role: str


@dataclass
class Note:
    """What a verb tells the ledger: which subjects it concerned and counts or names of fields, never values."""

    subjects: list[int] = field(default_factory=list)
    detail: dict[str, str | int] = field(default_factory=dict)
    door: str = ""


@dataclass
class Scope:
    """An open transaction of one actor under one purpose. Made by `scope`; passed first to every verb."""

    actor: Actor
    purpose: governance.Purpose
    db: psycopg.Connection[Row]
    day: date
    notes: list[Note] = field(default_factory=list)
    written: list[int] = field(default_factory=list)
    after: list[Callable[[Scope], object]] = field(default_factory=list)
    """What is done once this has committed, each in a transaction of its own under the same purpose: for what lies
    outside the database and must say only what the store says."""
    login: Login = "web"
    only: frozenset[str] | None = None
    """The doors of the step of the daily run it was opened for; None for a person."""
    _role: str = ""

    def rows(self, query: str, params: Params = None) -> list[Row]:
        """All rows of a query, as dictionaries."""
        return self._execute(query, params).fetchall()

    def one(self, query: str, params: Params = None) -> Row | None:
        """The first row, or None."""
        return self._execute(query, params).fetchone()

    def value(self, query: str, params: Params = None) -> Any:
        """The first column of the first row, or None."""
        found = self._execute(query, params).fetchone()
        return None if found is None else next(iter(found.values()))

    def run(self, query: str, params: Params = None) -> int:
        """Execute a statement and return how many rows it touched."""
        return self._execute(query, params).rowcount

    def copy(self, table: str, columns: Sequence[str], records: Iterable[Sequence[Any]]) -> None:
        """COPY records into a temporary table (COPY is refused on tables under row policies)."""
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(*table.split(".")), names)
        with _refusals(self.purpose), self.db.cursor().copy(statement) as stream:
            for record in records:
                stream.write_row(record)

    @contextmanager
    def columns(self) -> Iterator[columns.Read]:
        """Questions answered in columns (Arrow), under the purpose at work and on one snapshot of what is committed."""
        snapshot = self.value("select pg_export_snapshot()")
        with columns.reading(database.dsn(self.login), self._role, snapshot=snapshot) as read:
            yield read

    def concerns(self, subjects: Iterable[int]) -> None:
        """Name the subjects the running verb shows or changes; the ledger keeps keyed references of them."""
        self._note().subjects.extend(subjects)

    def tell(self, **detail: str | int) -> None:
        """Add counts, field names or hashes to the running verb's ledger event; never a person's data."""
        self._note().detail.update(detail)

    @contextmanager
    def under(self, purpose: str) -> Iterator[None]:
        """Let the running verb work under a purpose that nobody may choose, because its door names it (ADR 0011).

        What a verb takes out of it must be what the scope's own purpose may see; the ledger event says it was used.
        """
        note = self._note()
        chosen = _inner(purpose)
        if not find_door(note.door).opens_for(purpose):
            raise LookupError(f"The door {note.door!r} does not name the purpose {purpose!r}.")
        note.detail["under"] = purpose
        self._become(chosen)
        try:
            yield
        finally:
            if self.db.info.transaction_status != TransactionStatus.INERROR:  # then nothing more can be read anyway
                self._become(self.purpose)

    def _become(self, purpose: governance.Purpose) -> None:
        self.db.execute(sql.SQL("set local role {}").format(sql.Identifier(purpose.database_role)))
        self._role = purpose.database_role

    def allow(self, name: str) -> None:
        """Raise `Refused` unless this purpose opens the door called `name`."""
        found = find_door(name)
        if not found.opens_for(self.purpose.slug):
            raise Refused(f"“{found.title}” is not open to the purpose “{self.purpose.title}”.", door=name)
        if self.only is not None and not self.notes and name not in self.only:  # what a verb calls is its own part
            raise Refused(f"“{found.title}” is no part of this step of the daily run.", door=name)

    def record(self, event: str, note: Note) -> int:
        """Write the ledger event now, in its own transaction, before anything is shown or committed."""
        number = ledger.append(
            event,
            actor=str(self.actor.id),
            role=self.actor.role,
            purpose=self.purpose.slug,
            subjects=note.subjects,
            detail=note.detail,
        )
        self.written.append(number)
        return number

    def _note(self) -> Note:
        if not self.notes:
            raise LookupError("Only a verb can tell the ledger something: decorate the function with access.verb.")
        return self.notes[-1]

    def _execute(self, query: str, params: Params) -> psycopg.Cursor[Row]:
        with _refusals(self.purpose):
            return self.db.execute(query, params)


@contextmanager
def _refusals(purpose: governance.Purpose) -> Iterator[None]:
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        what = (error.diag.message_primary or "permission denied").removeprefix("permission denied for ")
        raise Refused(f"The purpose “{purpose.title}” may not use {what}.") from error
    except psycopg.errors.NumericValueOutOfRange:  # its own words may quote the number
        raise Unstorable("No record has a number that large: check what you entered.") from None
    except psycopg.DataError as error:
        if "NUL" not in str(error):
            raise
        raise Unstorable("The text holds a character that cannot be stored: type it afresh.") from None


def _inner(slug: str) -> governance.Purpose:
    for purpose in governance.purposes():
        if purpose.slug == slug and not purpose.roles:
            return purpose
    raise LookupError(f"{slug!r} is no purpose of verbs alone: a scope is opened under it, or it does not exist.")


def _purpose(actor: Actor, slug: str) -> governance.Purpose:
    for purpose in governance.purposes():
        if purpose.slug == slug:
            if actor.role not in purpose.roles:
                raise Refused(f"A {role(actor.role).title} may not work under the purpose “{purpose.title}”.")
            return purpose
    raise Refused("Choose one of the registered purposes first." if slug else "Choose a purpose first.")


def _errand(actor: Actor, slug: str, step: str) -> governance.Purpose:
    found = errands().get(step)
    if actor.role != Machine.slug or found is None or slug not in found.purposes:
        raise Refused("Only the daily run opens a purpose for one of its steps, and only those that the step names.")
    return next(purpose for purpose in governance.purposes() if purpose.slug == slug)


def current() -> Scope:
    """The open scope; raises when there is none."""
    found = _open.get()
    if found is None:
        raise Refused("No scope is open: data is reached only through access.scope.")
    return found


@contextmanager
def scope(actor: Actor, purpose: str, *, login: Login = "web", errand: str = "") -> Iterator[Scope]:
    """Open the outermost transaction as `actor` under `purpose`, with only that purpose's tables in reach.

    `errand` is the step of the daily run it is opened for, by the account of the machine; then only its doors open.
    Raises `Refused` for an unknown purpose, one the actor's role does not have, or a scope inside a scope. On an
    error everything is rolled back, and ledger events already written are followed by one that says so.
    """
    chosen = _errand(actor, purpose, errand) if errand else _purpose(actor, purpose)
    only = errands()[errand].doors | {KEEPS} if errand else None
    if _open.get() is not None:
        raise Refused("A scope is already open: one transaction has one purpose.")
    with database.pool(login).connection() as connection:
        connection.row_factory = dict_row  # type: ignore[assignment]
        opened = Scope(actor, chosen, connection, clock.today(), login=login, only=only)  # type: ignore[arg-type]
        opened._become(chosen)
        token = _open.set(opened)
        try:
            yield opened
        except BaseException:
            _say_rolled_back(opened)
            raise
        finally:
            _open.reset(token)
            connection.row_factory = tuple_row  # the pool hands it to others
    for act in opened.after:
        with scope(actor, purpose, login=login, errand=errand) as following:
            act(following)


@contextmanager
def keeping(opened: AbstractContextManager[Scope]) -> Iterator[Scope]:
    """A scope that commits what a refusal wrote which is itself kept, and then raises it."""
    kept: Kept | None = None
    with opened as within:
        try:
            yield within
        except Kept as refusal:
            kept = refusal
    if kept is not None:
        raise kept


def _say_rolled_back(opened: Scope) -> None:
    if opened.written:
        events = f"{opened.written[0]}-{opened.written[-1]}"
        opened.record("scope.rolled-back", Note(detail={"events": events}))
