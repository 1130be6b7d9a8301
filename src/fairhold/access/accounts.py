"""Accounts of staff: who they are, their one role, and how they are recognised at the door."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql
from psycopg.rows import class_row

from fairhold import ledger
from fairhold.access.errors import Refused
from fairhold.access.generated import SIGN_IN
from fairhold.access.roles import EVERY, Machine, role
from fairhold.access.scope import Actor, Scope
from fairhold.access.verbs import verb
from fairhold.engine import database

_COLUMNS = "id, name, login, role, password_hash, os_user, made_up, disabled"


@dataclass(frozen=True)
class Account:
    """One account as stored; `password_hash` is an argon2 hash, or None for a person only commands know."""

    id: int
    name: str
    login: str
    role: str
    password_hash: str | None
    os_user: str | None
    made_up: bool
    disabled: bool

    def actor(self) -> Actor:
        """The actor this account acts as; refused when it was disabled."""
        if self.disabled:
            raise Refused("This account is disabled: ask an administrator.")
        return Actor(self.id, self.name, self.role)


def _find(condition: sql.SQL, value: object) -> list[Account]:
    if isinstance(value, str) and "\x00" in value:  # no name has it, and the database takes none
        return []
    query = sql.SQL("select {} from system.account where {} order by role, name").format(sql.SQL(_COLUMNS), condition)
    with database.pool("web").connection() as connection:
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(SIGN_IN)))
        with connection.cursor(row_factory=class_row(Account)) as cursor:
            return cursor.execute(query, (value,)).fetchall()


def by_login(login: str) -> Account | None:
    """The account that signs in under this name, or None."""
    return next(iter(_find(sql.SQL("login = %s"), login)), None)


def by_id(number: int) -> Account | None:
    """The account of a session, read afresh on each request so that a change bites at once."""
    return next(iter(_find(sql.SQL("id = %s"), number)), None)


def by_os_user(name: str) -> Account | None:
    """The account linked to an operating-system user, for commands; or None."""
    return next(iter(_find(sql.SQL("os_user = %s"), name)), None)


def made_up() -> list[Account]:
    """The made-up people of a demo; always empty in a real store, by a constraint of the database."""
    return _find(sql.SQL("made_up and not disabled and role <> %s"), Machine.slug)


def is_demo() -> bool:
    """Whether this store is a demo."""
    with database.pool("web").connection() as connection:
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(SIGN_IN)))
        found = connection.execute("select demo from system.store").fetchone()
    return found is not None and bool(found[0])


def hash_password(password: str) -> str:
    """An argon2id hash with the library's current parameters."""
    from argon2 import PasswordHasher  # noqa: PLC0415  (commands that need no password do not load it)

    return PasswordHasher().hash(password)


def password_fits(account: Account, password: str) -> bool:
    """Whether the password is the account's; False for an account without one."""
    from argon2 import PasswordHasher  # noqa: PLC0415
    from argon2.exceptions import VerificationError  # noqa: PLC0415

    try:
        return bool(account.password_hash) and PasswordHasher().verify(account.password_hash or "", password)
    except VerificationError:
        return False


@verb("accounts.add")
def add(
    scope: Scope,
    *,
    name: str,
    login: str,
    role_slug: str,
    os_user: str | None = None,
    password: str | None = None,
) -> int:
    """Register a person with one role; returns the number. Raises `Refused` for an unknown role or a login in use."""
    known = [one.slug for one in EVERY]
    if role_slug not in known:
        raise Refused(f"There is no role “{role_slug}”. The roles are: {', '.join(known)}.")
    if role_slug == Machine.slug and (password is not None or os_user is None):
        raise Refused("The daily run does not sign in: give the system user it runs as, and no password.")
    if scope.value("select 1 as one from system.account where login = %s or os_user = %s", (login, os_user)):
        raise Refused("That sign-in name or system user already has an account.")
    number: int = scope.value(
        "insert into system.account (name, login, role, password_hash, os_user, demo)"
        " select %s, %s, %s, %s, %s, demo from system.store returning id",
        (name, login, role_slug, hash_password(password) if password else None, os_user),
    )
    scope.tell(account=number, role=role(role_slug).slug)
    return number


def add_first_administrator(*, name: str, login: str, os_user: str | None, password: str | None) -> int:
    """The one account nobody could approve: made by the store's owner, and refused once an administrator exists."""
    with database.connect("owner") as owner:
        if owner.execute("select 1 from system.account where role = 'administrator' and not disabled").fetchone():
            raise Refused("The store has an administrator already: ask them to add the account.")
        made = owner.execute(
            "insert into system.account (name, login, role, password_hash, os_user, demo)"
            " select %s, %s, 'administrator', %s, %s, demo from system.store returning id",
            (name, login, hash_password(password) if password else None, os_user),
        ).fetchone()
    if made is None:
        raise Refused("The store is not set up yet: run fairhold migrate first.")
    number = int(made[0])
    ledger.append(
        "accounts.first-administrator",
        actor="owner",
        role="owner",
        purpose="administration",
        detail={"account": number},
    )
    return number


def add_made_up(*, name: str, login: str, role_slug: str, os_user: str | None = None) -> int:
    """A made-up account of a demo, by the store's owner; in a real store the database refuses it."""
    with database.connect("owner") as owner:
        made = owner.execute(
            "insert into system.account (name, login, role, os_user, made_up, demo)"
            " select %s, %s, %s, %s, true, demo from system.store"
            " on conflict (login) do update set name = excluded.name returning id",
            (name, login, role_slug, os_user),
        ).fetchone()
    assert made is not None
    return int(made[0])


@verb("accounts.disable")
def disable(scope: Scope, *, account: int) -> None:
    """Close an account at once; it stays listed, because the ledger names it."""
    if scope.run("update system.account set disabled = true where id = %s", (account,)) != 1:
        raise Refused("There is no such account.")
    scope.tell(account=account)


@verb("accounts.list")
def listed(scope: Scope) -> list[Account]:
    """Every account, without its password hash."""
    found = scope.rows(f"select {_COLUMNS} from system.account order by disabled, role, name")
    return [Account(**{**row, "password_hash": None}) for row in found]
