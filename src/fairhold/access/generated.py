"""SQL derived from the catalogue and the purposes: fact tables, database roles, grants and row policies."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib import resources

from fairhold import catalogue, governance

SIGN_IN = "p_sign_in"
TOTALS = "fairhold_totals"
MATCHING = "record-matching"
WRITERS = frozenset({"data-intake"})  # facts come in by intake alone
SQL_TYPES = {
    "text": "text",
    "code": "text",
    "flags": "text",  # a JSON object whose values say yes or no
    "date": "date",
    "integer": "integer",
    "boolean": "boolean",
}
RAISES_GUARDS = "p_data_intake"
GUARD_OPEN, GUARD_PROTECTED_ADDRESS, GUARD_RESTRICTED = 0, 1, 2


def schemas() -> list[str]:
    """The PostgreSQL schemas that hold facts: one a domain."""
    return sorted({table.domain for table in catalogue.tables()})


def fact_table(table: catalogue.Table) -> str:
    """CREATE TABLE of one fact table: its fields, then when it held, when we knew, and where it came from."""
    fields = ",\n".join(f'    "{field.name}" {SQL_TYPES[field.type]}' for field in table.fields)
    short = table.name.replace(".", "_")
    # A store made by an earlier version gets the fields that are new.
    added = ",\n".join(
        [f'    add column if not exists "{field.name}" {SQL_TYPES[field.type]}' for field in table.fields]
        + ["    add column if not exists kept_from jsonb"]
        + ["    add column if not exists care boolean not null default false"]
    )
    # No primary key and no foreign key: rows are written in bulk by one verb, and a house test checks both.
    return f"""
create table if not exists {table.name} (
    id bigint generated always as identity,
    subject_id bigint not null,
{fields},
    from_date date not null default '-infinity',
    until_date date not null default 'infinity',
    known_from timestamptz not null,
    known_until timestamptz not null default 'infinity',
    delivery_id bigint not null,
    line int,
    row int,
    guard smallint not null default 0 check (guard between 0 and 2),
    care boolean not null default false,
    fingerprint bytea not null,
    raw jsonb,
    kept_from jsonb
);
alter table {table.name}
{added};
create index if not exists {short}_subject on {table.name} (subject_id);
alter table {table.name} enable row level security;
alter table {table.name} force row level security;
"""


def roles() -> str:
    """One role per purpose, one for signing in, and the owner of the totals; the logins may become any of the first."""
    purposes = [purpose.database_role for purpose in governance.purposes()]
    made = "\n".join(
        f"""do $$ begin
    if not exists (select from pg_roles where rolname = '{name}') then create role {name} nologin; end if;
end $$;"""
        for name in [*purposes, SIGN_IN, TOTALS]
    )
    granted = "\n".join(f"grant {name} to fairhold_web, fairhold_worker;" for name in [*purposes, SIGN_IN])
    return f"{made}\n{granted}\ngrant {TOTALS} to current_user;\n"


def guard_limit(table: catalogue.Table, purpose: governance.Purpose) -> str | None:
    """Which guarded rows a purpose may see: a condition on `guard`, or None when it may see all of them."""
    if table.klass == "protected contact" and not purpose.protected:
        return f"guard = {GUARD_OPEN}"
    if not purpose.restricted:
        return f"guard < {GUARD_RESTRICTED}"
    return None


@cache
def may_know_care(purpose: governance.Purpose) -> bool:
    """Whether a purpose may know that social care knows a child: it reads social care itself, or judges records.

    Who may not does not see even a name whose source is a case system of social care.
    """
    return purpose.slug == MATCHING or any(
        table.domain == "social_care" and purpose.slug in table.purposes for table in catalogue.tables()
    )


def fact_grants() -> str:
    """Grants and row policies of every fact table, made afresh."""
    return "\n".join(line for table in catalogue.tables() for line in _grants(table))


def _grants(table: catalogue.Table) -> Iterator[str]:
    for purpose in governance.purposes():
        role, policy = purpose.database_role, f"{purpose.database_role}_rows"
        yield f"drop policy if exists {policy} on {table.name};"
        if purpose.slug not in table.purposes:
            continue
        yield f"grant select on {table.name} to {role};"
        condition = guard_limit(table, purpose) or "true"
        if table.domain == "people" and not may_know_care(purpose):
            condition = f"{condition} and not care"
        yield f"create policy {policy} on {table.name} to {role} using ({condition}) with check ({condition});"
        if purpose.slug in WRITERS:
            # What may be refused may be taken out again, from every place in which a row holds it.
            refusable = [field.name for field in table.fields if field.collected == "voluntary"]
            columns = ["known_until", "guard", *((*refusable, "raw", "fingerprint") if refusable else ())]
            yield f"grant insert, update ({', '.join(columns)}) on {table.name} to {role};"
    yield f"drop policy if exists totals_rows on {table.name};"
    yield f"grant select on {table.name} to {TOTALS};"
    yield f"create policy totals_rows on {table.name} for select to {TOTALS} using (guard < {GUARD_RESTRICTED});"


def system_tables() -> list[dict[str, str]]:
    """Every table that holds no facts: its room, class, and the purposes that may read and write it."""
    text = (resources.files("fairhold.catalogue") / "data" / "system_tables.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def system_grants(
    existing: set[str],
    guarded: frozenset[str] = frozenset(),
    of_care: frozenset[str] = frozenset(),
    of_subjects: frozenset[str] = frozenset(),
) -> str:
    """Grants of the system tables that exist; `*` reads or writes mean every purpose of the council.

    A `guarded` table (one with a column `guard`) gets row policies too: who may not see restricted people does not
    see what matching, searching or numbering keeps of them either. So do those with a column `care` (`of_care`).
    Where it names subjects (`of_subjects`), the role that raises guards may see of whom a row is, and raise its guard.
    """
    everyone = {purpose.slug: purpose.database_role for purpose in governance.purposes()}
    own = [purpose.database_role for purpose in governance.purposes() if not purpose.outside]
    named_roles = {**everyone, "totals": TOTALS, "sign-in": SIGN_IN}
    lines = []
    for row in system_tables():
        if row["table"] not in existing:
            continue
        for privilege, named in (("select", row["reads"]), ("select, insert, update, delete", row["writes"])):
            slugs = [slug for slug in named.split(";") if slug not in {"", "*"}]
            chosen = [named_roles[slug] for slug in slugs] + (own if "*" in named else [])
            lines += [f"grant {privilege} on {row['table']} to {role};" for role in chosen]
        if row["table"] in guarded:
            lines += _guard_policies(row["table"], row["table"] in of_care)
        if row["table"] in guarded & of_subjects:
            lines.append(f"grant select (subject_id, guard), update (guard) on {row['table']} to {RAISES_GUARDS};")
    return "\n".join(lines)


def _guard_policies(table: str, of_care: bool) -> Iterator[str]:
    yield f"alter table {table} enable row level security;"
    yield f"alter table {table} force row level security;"
    for purpose in governance.purposes():
        role, condition = purpose.database_role, "true" if purpose.restricted else f"guard < {GUARD_RESTRICTED}"
        if of_care and not may_know_care(purpose):
            condition = f"{condition} and not care"
        yield f"drop policy if exists {role}_rows on {table};"
        yield f"create policy {role}_rows on {table} to {role} using ({condition}) with check ({condition});"


def revoke_all(all_schemas: list[str]) -> str:
    """Take every table grant of every purpose away, so that what is granted next is all there is."""
    names = ", ".join([purpose.database_role for purpose in governance.purposes()] + [SIGN_IN, TOTALS])
    return "\n".join(
        f"revoke all on all tables in schema {schema} from {names};\ngrant usage on schema {schema} to {names};"
        for schema in all_schemas
    )
