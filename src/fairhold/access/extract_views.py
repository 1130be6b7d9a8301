"""The record in the shape of the sector's dataset: a read-only view for every entity of it, made from the catalogue.

The mapping that reads an extract in is read backwards. A view has exactly the entity's columns, in order and typed;
what is not held, or not for the purpose of statutory returns, is null. Views obey the grants and row policies of
whoever asks (security_invoker). A record keeps its number in the case system; one that only a return told is given
`F` and the number of its fact.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from fairhold import catalogue, governance
from fairhold.formats import ssd

SCHEMA = "ssd"
PURPOSE = "statutory-returns"
_TYPES = {
    "text": "text",
    "datetime": "timestamp",
    "integer": "integer",
    "float": "double precision",
    "bit": "integer",
    "binary": "bytea",
}
_NOW = "{0}.known_until = 'infinity'"
_IN_FORCE = _NOW + " and {0}.until_date = 'infinity'"
_ONE_OR_NOUGHT = frozenset({"perm_part_of_sibling_group"})
_NUMBER = "^[0-9]+([.][0-9]+)?$"


def statements() -> str:
    """DDL of all views, made afresh, with the grants of the one purpose that may ask them."""
    role = next(one.database_role for one in governance.purposes() if one.slug == PURPOSE)
    views = "\n".join(
        f"create view {SCHEMA}.{entity.name} with (security_invoker = true) as\n{_view(entity)};"
        for entity in ssd.entities().values()
    )
    return f"""
drop schema if exists {SCHEMA} cascade;
create schema {SCHEMA};
{views}
grant usage on schema {SCHEMA} to {role};
grant select on all tables in schema {SCHEMA} to {role};
"""


def _view(entity: ssd.Entity) -> str:
    if entity.name == "ssd_person":
        return _persons(entity)
    if entity.name in _WORKERS:
        return _workers(entity)
    tables = _tables(entity.name)
    if not tables:
        return f"select {', '.join(_null(column) for column in entity.columns)} where false"
    main, *others = tables
    columns = ",\n    ".join(_column(entity, main, others, column) for column in entity.columns)
    joined = "".join(_beside(main, other) for other in others) + "".join(_named(main))
    force = _NOW if main.shape == "dated" else _IN_FORCE
    return (
        f"select {columns}\nfrom {main.name} f join system.subject s on s.id = f.subject_id{joined}"
        f"\nwhere {force.format('f')}{_grouped(main)}"
    )


@cache
def _tables(entity: str) -> tuple[catalogue.Table, ...]:
    """The fact tables of an entity that the purpose may see."""
    return tuple(one for one in catalogue.tables() if one.ssd == entity and PURPOSE in one.purposes)


def _column(entity: ssd.Entity, main: catalogue.Table, others: list[catalogue.Table], column: ssd.Column) -> str:
    """One column of a view, from the fact or one beside it, from the record it names, or null."""
    if column.part == "person":
        return f'min(s.key) as "{column.name}"' if _lists(main) else f's.key as "{column.name}"'
    if column.part == "record":
        number = _record("f", main)
        return f'{f"min({number})" if _lists(main) else number} as "{column.name}"'
    for alias, table in (("f", main), *((_alias(other), other) for other in others)):
        for field in table.fields:
            told = field.ssd
            if told == column.name:
                return _typed(f'{alias}."{field.name}"', field, column)
            if told == f"{column.name}[]":
                return f'json_agg({alias}."{field.name}" order by {alias}."{field.name}")::text as "{column.name}"'
            if told.startswith(f"{column.name}>"):
                target = _named_table(column.name)
                number = _record(_alias(target), target)
                return f'{f"min({number})" if _lists(main) else number} as "{column.name}"'
    return _null(column)


def _typed(value: str, field: catalogue.Field, column: ssd.Column) -> str:
    if field.type == "boolean":
        yes, no = ("1", "0") if column.name in _ONE_OR_NOUGHT else ("Y", "N")
        value = f"case when {value} then '{yes}' when not {value} then '{no}' end"
    elif column.type in {"integer", "float"} and field.type != "integer":
        value = f"case when {value} ~ '{_NUMBER}' then {value}::{_TYPES[column.type]} end"
    return f'({value})::{_TYPES[column.type]} as "{column.name}"'


def _null(column: ssd.Column) -> str:
    return f'null::{_TYPES[column.type]} as "{column.name}"'


def _record(alias: str, table: catalogue.Table) -> str:
    """A record's number: the case system's own, else one made of the fact's."""
    made = f"'F' || {alias}.id"
    if "record_no" not in {field.name for field in table.fields}:
        return made
    return f"coalesce({alias}.record_no, {made})"


def _alias(table: catalogue.Table) -> str:
    return table.name.replace(".", "_")


def _lists(table: catalogue.Table) -> bool:
    """Whether several facts make one record: the values of a list."""
    return any(field.ssd.endswith("[]") for field in table.fields)


def _grouped(table: catalogue.Table) -> str:
    if not _lists(table):
        return ""
    own = [field.name for field in table.fields if ">" in field.ssd]
    return "\ngroup by f.subject_id, " + ", ".join(f'f."{name}"' for name in own)


def _beside(main: catalogue.Table, other: catalogue.Table) -> str:
    """A second table that the same records fill, joined by their number."""
    alias = _alias(other)
    return (
        f"\nleft join {other.name} {alias} on {alias}.subject_id = f.subject_id and {alias}.record_no = f.record_no"
        f" and {_NOW.format(alias)}"
    )


def _named_table(column: str) -> catalogue.Table:
    """The fact table that holds the records which a column names."""
    reference = ssd.leads_to(column)
    entity = next(one.name for one in ssd.entities().values() if reference in one.names)
    return _tables(entity)[0]


def _named(main: catalogue.Table) -> Iterator[str]:
    """The records that a fact names by what they are keyed by."""
    followed: dict[str, list[tuple[str, str]]] = {}
    for field in main.fields:
        name, _, target = field.ssd.partition(">")
        if target:
            followed.setdefault(name, []).append((field.name, target))
    for name, pairs in followed.items():
        table = _named_table(name)
        alias = _alias(table)
        same = " and ".join(f'{alias}."{target}" = f."{own}"' for own, target in pairs)
        yield (
            f"\nleft join {table.name} {alias} on {alias}.subject_id = f.subject_id and {_NOW.format(alias)} and {same}"
        )


def _persons(entity: ssd.Entity) -> str:
    """Every child of a case system, with what is in force of it."""
    tables = _tables(entity.name)
    columns, joined = [], []
    for table in tables:
        alias = _alias(table)
        constant = next((field.ssd.partition("=")[2] for field in table.fields if "=" in field.ssd), "")
        only = f" and {alias}.\"{table.fields[0].name}\" = '{constant}'" if constant else ""
        joined.append(
            f"\nleft join {table.name} {alias} on {alias}.subject_id = s.id and {_IN_FORCE.format(alias)}{only}"
        )
    for column in entity.columns:
        held = [
            _typed(f'{_alias(table)}."{field.name}"', field, column)
            for table in tables
            for field in table.fields
            if field.ssd.partition("=")[0] == column.name
        ]
        own = [f's.key as "{column.name}"'] if column.part == "person" else held
        columns.append(own[0] if own else _null(column))
    listed = ",\n    ".join(columns)
    return (
        f"select {listed}\nfrom system.subject s join system.source o on o.id = s.source_id and o.kind = 'case-system'"
        + "".join(joined)
    )


# Column of an entity about workers or teams, and the column of system.worker.
_WORKERS = {
    "ssd_professionals": {
        "prof_professional_id": "number",
        "prof_professional_name": "name",
        "prof_professional_job_title": "title",
        "prof_professional_department": "part_of",
    },
    "ssd_department": {"dept_team_id": "number", "dept_team_name": "name", "dept_team_parent_id": "part_of"},
}


def _workers(entity: ssd.Entity) -> str:
    held, kind = _WORKERS[entity.name], "team" if entity.name == "ssd_department" else "worker"
    columns = ", ".join(
        f'w.{held[column.name]} as "{column.name}"' if column.name in held else _null(column)
        for column in entity.columns
    )
    return f"select {columns} from system.worker w where w.kind = '{kind}' and {_NOW.format('w')}"
