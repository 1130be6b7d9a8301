"""The children in need census: declared tables, rules and shared views."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fairhold.returns.cin import shape
from fairhold.returns.cin.doubts import doubts
from fairhold.rulebook.domain import DATE, ISO, TEXT, UK, Authority, Column, Return, Table

if TYPE_CHECKING:
    from fairhold.returns.files import SetAside
    from fairhold.returns.loading import Given
    from fairhold.rulebook.running import Supplied

__all__ = ["RETURN", "derive", "doubts", "needs", "read_xml", "supplied"]


def _tables() -> tuple[Table, ...]:
    from fairhold.formats import cin  # noqa: PLC0415 (compiled rules carry the tables)

    columns = {table: [Column(key) for key in keys] for table, (_, keys) in shape.TABLES.items()}
    for element in cin.FORMAT.elements:
        table = "" if element.is_container else shape.table_of(element.path)
        if table:
            columns[table].append(Column(element.name, DATE if element.is_date else TEXT))
    columns["Assessments"].append(Column(shape.FACTORS))
    return tuple(Table(name, tuple(of_table)) for name, of_table in columns.items())


_HERE = Path(__file__).parent
RETURN: Final = Return(
    name="cin",
    title="Children in need census",
    module="fairhold.returns.cin",
    folder=_HERE,
    tables=_tables,
    sources=(_HERE.parents[1] / "formats" / "cin" / "elements.csv",),
    child=shape.CHILD,
    authority=Authority(r"\d{3}", "number of three digits", "301"),
    dates=(ISO, UK),
)


def supplied(given: Supplied) -> dict[str, frozenset[str]]:
    """What was given; nothing is worked out from other tables."""
    return dict(given)


def needs(given: Supplied) -> dict[str, set[str]]:
    """No column is needed beyond those rules read."""
    return {}


def derive(con: Any, given: Supplied, wanted: Mapping[str, set[str]], la: str) -> dict[str, set[str]]:
    """No column is worked out from others."""
    return {}


def read_xml(label: str, data: bytes, tables: tuple[Table, ...]) -> tuple[dict[str, Given], list[SetAside]]:
    """The tables of a census file, and what was left out of it."""
    from fairhold.returns.cin import xml  # noqa: PLC0415 (tables may come as CSV)

    return xml.read(label, data, tables)
