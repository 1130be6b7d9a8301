"""What is held, for which purposes and on which law: the files agree with one another, both ways (N019, N040, N070)."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairhold import catalogue, governance
from fairhold.access import ROLES
from fairhold.access.doors import doors
from fairhold.access.extract_views import SCHEMA
from fairhold.access.generated import system_tables
from fairhold.engine import database
from fairhold.formats import ssd

CLASSES = {"ordinary", "special category", "health", "safeguarding", "criminal", "protected contact"}
DOMAINS = {"education", "send", "social_care", "early_help", "youth", "people", "parents", "workforce"}
PURPOSES = {purpose.slug for purpose in governance.purposes()}


@pytest.mark.proves("N019")
def test_every_stored_table_belongs_to_a_category_of_the_notice_and_every_category_said_to_be_held_is() -> None:
    held = {category.slug for category in catalogue.categories() if category.held}
    assert {table.category for table in catalogue.tables()} == held


@pytest.mark.proves("N019")
def test_the_database_holds_what_the_catalogue_names_and_nothing_else(cluster: Path) -> None:
    """Column by column in the schemas of facts; table by table elsewhere."""
    beside = {
        *("id", "subject_id", "from_date", "until_date", "known_from", "known_until"),
        *("delivery_id", "line", "row", "guard", "care", "fingerprint", "raw", "kept_from"),
    }
    with database.connect("owner") as owner:
        rows = owner.execute(
            "select table_schema || '.' || table_name, column_name from information_schema.columns"
            " where table_schema not in ('pg_catalog', 'information_schema') and table_schema not like 'pg_t%'"
        ).fetchall()
    stored: dict[str, set[str]] = {}
    for table, column in rows:
        stored.setdefault(table, set()).add(column)
    facts = {table.name: {field.name for field in table.fields} | beside for table in catalogue.tables()}
    others = {row["table"] for row in system_tables()} | {f"{SCHEMA}.{entity}" for entity in ssd.entities()}
    assert {name: columns for name, columns in stored.items() if name in facts} == facts
    assert set(stored) - set(facts) - others == {"system.schema_digest"}
    assert others - set(stored) == set()


@pytest.mark.parametrize("table", catalogue.tables(), ids=lambda table: table.name)
def test_every_table_has_one_domain_one_class_a_retention_class_and_a_purpose(table: catalogue.Table) -> None:
    assert table.domain in DOMAINS
    assert table.name.startswith(f"{table.domain}.")
    assert table.klass in CLASSES
    assert table.shape in {"state", "dated", "many"}
    assert set(table.key) <= {field.name for field in table.fields}
    assert set(table.purposes) <= PURPOSES
    assert "data-intake" in table.purposes


@pytest.mark.proves("N160")
def test_every_table_and_every_file_class_has_a_rule_of_the_retention_schedule() -> None:
    rules = {row["id"] for row in governance.rows("retention")}
    assert {table.retention for table in catalogue.tables()} <= rules
    assert {row["retention"] for row in system_tables()} <= rules


@pytest.mark.proves("N040")
def test_every_field_says_whether_it_is_mandatory_or_voluntary() -> None:
    said = {(table.name, field.name): field.collected for table in catalogue.tables() for field in table.fields}
    assert {key for key, collected in said.items() if collected not in {"mandatory", "voluntary"}} == set()


@pytest.mark.proves("N011", "N013")
def test_special_fields_live_in_tables_of_their_own() -> None:
    klass = {table.name: table.klass for table in catalogue.tables()}
    assert klass["people.ethnicity"] == "special category"
    assert klass["send.need"] == klass["send.disability"] == klass["social_care.health"] == "health"
    assert klass["social_care.conviction"] == "criminal"
    assert klass["people.address"] == klass["parents.contact"] == "protected contact"


@pytest.mark.proves("N013")
def test_code_sets_named_by_fields_are_held() -> None:
    named = {codeset for table in catalogue.tables() for field in table.fields for codeset in field.codesets}
    assert [codeset for codeset in sorted(named) if not catalogue.codes.codes(codeset)] == []


@pytest.mark.proves("N070")
def test_every_purpose_has_a_lawful_basis_that_is_in_force() -> None:
    bases = {basis.id: basis for basis in governance.lawful_bases()}
    for purpose in governance.purposes():
        assert purpose.lawful_bases, purpose.slug
        for number in purpose.lawful_bases:
            assert bases[number].legislation, number
            assert "NOT in force" not in bases[number].effective_note, number


@pytest.mark.proves("N060")
def test_roles_and_doors_name_only_registered_purposes_and_every_purpose_has_a_role_and_a_door() -> None:
    assert {role for purpose in governance.purposes() for role in purpose.roles} == {role.slug for role in ROLES}
    assert {purpose for door in doors().values() for purpose in door.purposes} == PURPOSES


def test_every_purpose_names_an_obligation_of_the_notice() -> None:
    assert [purpose.slug for purpose in governance.purposes() if not purpose.obligations] == []
