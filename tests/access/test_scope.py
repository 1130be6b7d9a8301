"""One door: no purpose, no data; a table outside the purpose raises, it never comes back empty (all people made up)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import psycopg
import pytest

from fairhold import access, catalogue, governance, ledger
from fairhold.access import accounts, schema
from fairhold.access.generated import WRITERS, guard_limit
from fairhold.engine import EngineError, database

ScopeFor = Callable[[str, str], AbstractContextManager[access.Scope]]
PURPOSES = governance.purposes()
PRODUCTION = "return-production"
TABLES = catalogue.tables()
# A purpose nobody may choose: the one its verbs are called under, and a door that names both.
REACHED = {PRODUCTION: ("statutory-returns", "returns.check"), "measure-production": ("statistics", "measures.compute")}


@pytest.mark.proves("N050")
@pytest.mark.parametrize("role", access.ROLES, ids=lambda role: role.slug)
@pytest.mark.parametrize("purpose", [*(p.slug for p in PURPOSES), "", "curiosity"])
def test_a_role_enters_only_by_its_own_purposes(scope_for: ScopeFor, role: type[access.Role], purpose: str) -> None:
    own = {chosen.slug for chosen in role.purposes()}
    if purpose in own:
        with scope_for(role.slug, purpose) as scope:
            assert scope.value("select current_user") == f"p_{purpose.replace('-', '_')}"
    else:
        with pytest.raises(access.Refused), scope_for(role.slug, purpose):
            pass


def reached(scope_for: ScopeFor, purpose: governance.Purpose) -> AbstractContextManager[access.Scope]:
    """A scope of somebody who may choose the purpose; one that nobody may choose is reached by a verb that names it."""
    if purpose.roles:
        return scope_for(purpose.roles[0], purpose.slug)
    with ExitStack() as stack:
        own, door = REACHED[purpose.slug]
        scope = stack.enter_context(scope_for("analyst", own))
        scope.notes.append(access.Note(door=door))
        stack.enter_context(scope.under(purpose.slug))
        kept = stack.pop_all()
    return _Within(scope, kept)


class _Within(AbstractContextManager[access.Scope]):
    def __init__(self, scope: access.Scope, stack: ExitStack) -> None:
        self.scope, self.stack = scope, stack

    def __enter__(self) -> access.Scope:
        return self.scope

    def __exit__(self, *fault: object) -> bool | None:
        return self.stack.__exit__(*fault)  # type: ignore[arg-type]


@pytest.mark.proves("N011", "N012", "N013", "N052", "N055")
@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda purpose: purpose.slug)
def test_a_purpose_reads_exactly_its_tables(scope_for: ScopeFor, purpose: governance.Purpose) -> None:
    for table in TABLES:
        query = f"select 1 as one from {table.name} limit 1"
        if purpose.slug in table.purposes:
            with reached(scope_for, purpose) as scope:
                scope.rows(query)
        else:
            with pytest.raises(access.Refused, match="may not use"), reached(scope_for, purpose) as scope:
                scope.rows(query)


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda purpose: purpose.slug)
def test_only_intake_writes_facts_and_nobody_deletes_them(scope_for: ScopeFor, purpose: governance.Purpose) -> None:
    with database.connect("owner") as owner:
        for table in TABLES:
            for privilege in ("INSERT", "DELETE", "TRUNCATE"):
                may = owner.execute(
                    "select has_table_privilege(%s, %s, %s)", (purpose.database_role, table.name, privilege)
                ).fetchone()
                expected = privilege == "INSERT" and purpose.slug in WRITERS
                assert may == (expected,), (purpose.slug, table.name, privilege)


@pytest.mark.proves("N010", "N012")
@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda purpose: purpose.slug)
def test_guarded_rows_appear_only_where_they_must(
    scope_for: ScopeFor, clean: Path, purpose: governance.Purpose
) -> None:
    """Three rows in every table: an open one, a protected address and a restricted person."""
    with database.connect("owner") as owner:
        for table in TABLES:
            owner.execute(f"alter table {table.name} no force row level security")
            for subject, guard in ((1, 0), (2, 1), (3, 2)):
                owner.execute(
                    f"insert into {table.name} (subject_id, known_from, delivery_id, guard, fingerprint)"
                    " values (%s, now(), 1, %s, '\\x00')",
                    (subject, guard),
                )
            owner.execute(f"alter table {table.name} force row level security")
    for table in TABLES:
        if purpose.slug not in table.purposes:
            continue
        with reached(scope_for, purpose) as scope:
            seen = {row["subject_id"] for row in scope.rows(f"select subject_id from {table.name}")}
        address = table.klass == "protected contact"
        expected = {1}
        if purpose.protected or not address:
            expected.add(2)
        if purpose.restricted and (purpose.protected or not address):
            expected.add(3)
        assert seen == expected, (purpose.slug, table.name, guard_limit(table, purpose))


def test_the_logins_own_nothing_and_bypass_nothing(cluster: Path) -> None:
    with database.connect("owner") as owner:
        rows = owner.execute(
            "select rolname, rolsuper, rolbypassrls, rolinherit from pg_roles"
            " where rolname in ('fairhold_web', 'fairhold_worker')"
        ).fetchall()
        owned = owner.execute(
            "select count(*) from pg_class where relpersistence <> 't' and relowner in"
            " (select oid from pg_roles where rolname in ('fairhold_web', 'fairhold_worker') or rolname like 'p\\_%')"
        ).fetchone()
    assert {row[1:] for row in rows} == {(False, False, False)}
    assert len(rows) == 2
    assert owned == (0,)


def test_without_a_scope_the_login_reaches_no_fact(cluster: Path) -> None:
    with database.connect("web") as connection:
        for table in TABLES:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select 1 from {table.name}")
            connection.rollback()
    with pytest.raises(access.Refused, match="No scope is open"):
        access.current()


def test_a_scope_inside_a_scope_is_refused(scope_for: ScopeFor) -> None:
    with scope_for("data-officer", "data-intake"):
        with pytest.raises(access.Refused, match="already open"), scope_for("data-officer", "data-intake"):
            pass


def test_a_verb_is_told_to_the_ledger_and_its_undoing_too(scope_for: ScopeFor, clean: Path) -> None:
    with scope_for("administrator", "administration") as scope:
        accounts.add(scope, name="Made-up Ann", login="ann", role_slug="analyst")
        number = scope.written[-1]
    assert number > 0
    with pytest.raises(ZeroDivisionError), scope_for("administrator", "administration") as scope:
        accounts.add(scope, name="Made-up Ben", login="ben", role_slug="analyst")
        _ = 1 / 0
    with scope_for("administrator", "administration") as scope:
        assert [account.login for account in accounts.listed(scope)] == ["ann"]
    assert ledger.verify().ok


def test_a_verb_refuses_a_purpose_that_does_not_open_its_door(scope_for: ScopeFor) -> None:
    with pytest.raises(access.Refused, match="not open to the purpose"):
        with scope_for("data-officer", "data-intake") as scope:
            accounts.listed(scope)


@pytest.mark.proves("N050", "N012")
@pytest.mark.parametrize("role", access.ROLES, ids=lambda role: role.slug)
def test_nobody_may_choose_a_purpose_that_is_for_verbs_alone(scope_for: ScopeFor, role: type[access.Role]) -> None:
    inner = {purpose.slug for purpose in PURPOSES if not purpose.roles}
    assert PRODUCTION in inner, "it sees every child of a return"
    for purpose in inner:
        with pytest.raises(access.Refused, match="may not work under"), scope_for(role.slug, purpose):
            pass


def test_only_a_verb_whose_door_names_it_works_under_it_and_comes_back(scope_for: ScopeFor, clean: Path) -> None:
    with scope_for("analyst", "statutory-returns") as scope:
        with pytest.raises(LookupError, match="Only a verb"), scope.under(PRODUCTION):
            pass
        scope.notes.append(access.Note(door="returns.findings"))
        with pytest.raises(LookupError, match="does not name"), scope.under(PRODUCTION):
            pass
        with pytest.raises(LookupError, match="no purpose of verbs alone"), scope.under("safeguarding"):
            pass
        scope.notes[-1] = access.Note(door="returns.check")
        with scope.under(PRODUCTION):
            assert scope.value("select current_user") == "p_return_production"
        assert scope.value("select current_user") == "p_statutory_returns"
        with pytest.raises(ZeroDivisionError), scope.under(PRODUCTION):
            _ = 1 / 0
        assert scope.value("select current_user") == "p_statutory_returns"
        assert scope.notes.pop().detail == {"under": PRODUCTION}


@pytest.mark.proves("N050")
def test_columns_are_read_under_the_purpose_at_work(scope_for: ScopeFor, clean: Path) -> None:
    asked = "select count(*) as many from social_care.need_episode"
    with scope_for("analyst", "statistics") as scope:
        with scope.columns() as read, pytest.raises(EngineError, match="permission denied for table need_episode"):
            read(asked)
        scope.notes.append(access.Note(door="measures.compute"))
        with scope.under("measure-production"), scope.columns() as read:
            assert read(asked).to_pylist() == [{"many": 0}]
            with pytest.raises(EngineError):
                read("delete from system.measure_run")
        with scope.columns() as read, pytest.raises(EngineError, match="permission denied"):
            read(asked)


def test_what_breaks_the_transaction_under_it_leaves_nothing_to_read(scope_for: ScopeFor, clean: Path) -> None:
    with scope_for("analyst", "statutory-returns") as scope:
        scope.notes.append(access.Note(door="returns.check"))
        with pytest.raises(psycopg.errors.UndefinedTable), scope.under(PRODUCTION):
            scope.rows("select * from system.nothing_of_the_kind")
        with pytest.raises(psycopg.errors.InFailedSqlTransaction):
            scope.rows("select 1 as one")


def test_a_door_nobody_registered_cannot_be_used() -> None:
    with pytest.raises(LookupError, match="not in access/data/doors"):
        access.verb("no.such.door")


def test_a_second_migration_changes_nothing_and_a_demo_stays_a_demo(cluster: Path) -> None:
    assert schema.migrate() is False
    with pytest.raises(access.Refused, match="store of its own"):
        schema.migrate(demo=False)


def test_made_up_accounts_cannot_exist_in_a_real_store(clean: Path) -> None:
    with database.connect("owner") as owner:
        with pytest.raises(psycopg.errors.CheckViolation):
            owner.execute(
                "insert into system.account (name, login, role, made_up, demo)"
                " values ('x', 'x', 'analyst', true, false)"
            )
        owner.rollback()
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            owner.execute("insert into system.account (name, login, role, demo) values ('x', 'x', 'analyst', false)")


@pytest.mark.proves("N002")
def test_leadership_reaches_totals_and_no_table(scope_for: ScopeFor, clean: Path) -> None:
    with scope_for("leadership", "performance") as scope:
        assert scope.rows("select * from totals.on_roll") == []
    with database.connect("owner") as owner:
        readable = owner.execute(
            "select table_schema || '.' || table_name from information_schema.role_table_grants"
            " where grantee = 'p_performance' and table_schema not in ('totals', 'system')"
        ).fetchall()
    assert readable == []
