"""What the running system does, read off the store and the rows in force, to be held to what the notice says."""

from __future__ import annotations

from typing import get_args

from fairhold import catalogue, policy
from fairhold.access import Scope, generated, verb
from fairhold.intake.sources import Kind
from fairhold.notice import registers
from fairhold.notice.domain import Change, Items, compare
from fairhold.notice.versions import current
from fairhold.returns import MODULES

UNKNOWN = "no register knows it"
NO_PURPOSE = {generated.SIGN_IN, "p_ledger", "p_ledger_forget"}  # roles that sign in, and that write the ledger


@verb("notice.diff")
def diff(scope: Scope) -> list[Change]:
    """Where the published notice and the running system differ, either way; empty when they agree."""
    found = compare(
        current(scope).items,
        running(scope),
        gone="it stands in the notice, and the system does not have it",
        new="the system has it, and it does not stand in the notice",
        other="the notice says something else of it",
    )
    scope.tell(differences=len(found))
    return found


def running(scope: Scope) -> Items:
    """Everything the system has: keys from where it works with them, words from the registers as they are now."""
    book, day = policy.book(scope), scope.day.isoformat()
    words = registers.build(book, day).items
    had = {
        "purpose": _purposes(scope),
        "law": registers.used_laws(book, day),
        "category": _categories(scope),
        "source": {*get_args(Kind), *_column(scope, "select distinct kind from system.source")},
        "recipient": {row["slug"] for row in book.on("policy_recipients", day)}
        | _column(scope, "select kind from system.share_partner union select recipient from system.disclosure"),
        "field": {
            f"{row['recipient']} {name}" for row in book.on("policy_opens", day) for name in row["fields"].split()
        },
        "flow": {row["flow"] for row in book.on("share_flows", day)}
        | _column(scope, "select distinct flow from system.share"),
        "return": {*MODULES, "annex-a"},
        "period": registers.used_periods(),
    }
    return {(kind, key): words.get((kind, key), UNKNOWN) for kind, keys in had.items() for key in keys}


def _column(scope: Scope, query: str, *params: object) -> set[str]:
    return {str(next(iter(row.values()))) for row in scope.rows(query, params)}


def _purposes(scope: Scope) -> set[str]:
    """The purposes that the database itself knows: one role each."""
    roles = _column(scope, "select rolname from pg_roles where rolname like 'p\\_%%'")
    return {role.removeprefix("p_").replace("_", "-") for role in roles - NO_PURPOSE}


def _categories(scope: Scope) -> set[str]:
    """The categories of the tables of facts that are there; a table that nobody catalogued is its own."""
    domains = sorted({table.domain for table in catalogue.tables()})
    known = {table.name: table.category for table in catalogue.tables()}
    there = _column(scope, "select schemaname || '.' || tablename from pg_tables where schemaname = any(%s)", domains)
    others = {row["table"] for row in generated.system_tables()}
    return {known.get(name, name) for name in there - others}
