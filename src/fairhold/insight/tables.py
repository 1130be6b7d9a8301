"""The tables that measures may read: facts of children's social care, each child under the number of the person it is.

A measure names a table without its schema (`need_episode`, `birth`). What is not a fact itself but told by one is a
column too: a flag of an outcome, and how far from home a child is placed, where postcodes can be looked up.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fairhold import catalogue
from fairhold.rulebook.domain import DATE, TEXT, Column, Return, Table

SCHEMA: Final = "social_care"
PEOPLE: Final = ("people.birth", "people.expected_birth", "people.ethnicity")
CHILD: Final = "child"
# Flags of an outcome that measures ask for: by table and column, the name in the case system's own list.
FLAGS: Final = {("contact", "new_referral"): ("outcomes", "OUTCOME_NEW_REFERRAL_FLAG")}
POSTCODES: Final = "a postcode directory and the authority's code (fairhold measures compute --la)"
PLACES: Final = {"care_address": (Column("distance", "double", POSTCODES), Column("location", TEXT, POSTCODES))}
_TYPES: Final = {"date": DATE, "integer": "integer", "boolean": "boolean"}


def held() -> dict[str, catalogue.Table]:
    """Every fact table measures may read, by the name they know it by."""
    return {
        table.name.partition(".")[2]: table
        for table in catalogue.tables()
        if table.domain == SCHEMA or table.name in PEOPLE
    }


def _tables() -> tuple[Table, ...]:
    return tuple(
        Table(
            name,
            (
                Column(CHILD, "bigint"),
                *(Column(field.name, _TYPES.get(field.type, TEXT)) for field in table.fields if field.type != "flags"),
                *(Column(column, "boolean") for of, column in FLAGS if of == name),
                *PLACES.get(name, ()),
            ),
        )
        for name, table in held().items()
    )


_HERE = Path(__file__).parent
RETURN: Final = Return(
    name="measures",
    title="Measures of children's social care",
    module="fairhold.insight.tables",
    folder=_HERE,
    tables=_tables,
    sources=(*(_HERE.parent / "catalogue" / "data" / f"{name}.csv" for name in ("tables", "fields")),),
    child=CHILD,
    by_day=True,
    pages="measures",
)
