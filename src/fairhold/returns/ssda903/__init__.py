"""The return of looked-after children and care leavers (SSDA903): declared tables, rules and shared views."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairhold.returns.reference import POSTCODES, PROVIDERS, WORDS
from fairhold.returns.ssda903.deriving import derive, needs, supplied
from fairhold.returns.ssda903.doubts import doubts
from fairhold.rulebook.domain import DATE, TEXT, Column, Return, Table

if TYPE_CHECKING:
    from fairhold.returns.files import SetAside
    from fairhold.returns.loading import Given

__all__ = ["RETURN", "derive", "doubts", "needs", "read_xml", "supplied"]

# Columns that no file of a CSV set carries: worked out from others, or from reference data, when they were given.
POSTCODE: Final = f"a {WORDS[POSTCODES]} (fairhold reference build makes it)"
PROVIDER: Final = f"a {WORDS[PROVIDERS]} (fairhold reference build makes it)"
DERIVED: Final[dict[str, tuple[Column, ...]]] = {
    "Header": (Column("UASC", TEXT, "the UASC table"),),
    "Episodes": (
        Column("KNOWN_UASC", TEXT, "the UASC table or the header"),
        Column("HOME_POST_FOUND", TEXT, POSTCODE),
        Column("PL_POST_FOUND", TEXT, POSTCODE),
        Column("PL_LA", TEXT, POSTCODE),
        Column("PL_LOCATION", TEXT, POSTCODE),
        Column("PL_DISTANCE", TEXT, POSTCODE),
        Column("URN_FOUND", TEXT, PROVIDER),
        Column("URN_PLACES", TEXT, PROVIDER),
        Column("URN_PROVIDERS", TEXT, PROVIDER),
        Column("URN_POSTCODE", TEXT, PROVIDER),
        Column("URN_CLOSED", DATE, PROVIDER),
        Column("URN_LA", TEXT, f"a {WORDS[PROVIDERS]} and a {WORDS[POSTCODES]} (fairhold reference build makes them)"),
    ),
}


def _tables() -> tuple[Table, ...]:
    from fairhold.formats import ssda903  # noqa: PLC0415 (compiled rules carry the tables)

    return tuple(
        Table(
            name,
            tuple(Column(c.name, DATE if c.type == DATE else TEXT) for c in table.columns) + DERIVED.get(name, ()),
        )
        for name, table in ssda903.tables().items()
    )


_HERE = Path(__file__).parent
RETURN: Final = Return(
    name="ssda903",
    title="Children looked after and care leavers (SSDA903)",
    module="fairhold.returns.ssda903",
    folder=_HERE,
    tables=_tables,
    sources=(_HERE.parents[1] / "formats" / "ssda903" / "tables.csv",),
)


def read_xml(label: str, data: bytes, tables: tuple[Table, ...]) -> tuple[dict[str, Given], list[SetAside]]:
    """The tables of an XML file of this return, and what was left out of it."""
    from fairhold.returns.ssda903 import xml  # noqa: PLC0415 (most sets are CSV)

    return xml.read(label, data, tables)
