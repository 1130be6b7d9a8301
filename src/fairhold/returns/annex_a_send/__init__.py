"""The two lists of an area SEND inspection (Ofsted and CQC, Annex A): declared tables and rules.

They are made as at a day of one's choice, not for a collection year: ages and "in the future" mean that day.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fairhold.rulebook.domain import DATE, ISO, TEXT, UK, Authority, Column, Return, Table

if TYPE_CHECKING:
    from fairhold.returns.files import SetAside
    from fairhold.returns.loading import Given
    from fairhold.rulebook.running import Supplied

__all__ = ["RETURN", "derive", "doubts", "needs", "read_xml", "supplied"]

read_xml: Final = None  # the lists come as CSV or as a workbook


def _tables() -> tuple[Table, ...]:
    from fairhold.formats import annex_a  # noqa: PLC0415 (compiled rules carry the tables)

    lists = (annex_a.lists()[key] for key in annex_a.SEND)
    return tuple(
        Table(of.key, tuple(Column(c.name, DATE if c.form == annex_a.DATE else TEXT) for c in of.columns))
        for of in lists
    )


_HERE = Path(__file__).parent
RETURN: Final = Return(
    name="annex-a-send",
    title="Area SEND inspection lists (Annex A)",
    module="fairhold.returns.annex_a_send",
    folder=_HERE,
    tables=_tables,
    sources=(_HERE.parents[1] / "formats" / "annex_a" / "lists.csv",),
    child="Unique ID",
    authority=Authority(r"[EWSN]\d{8}|\d{3}|", "code", "E09000031"),
    dates=(UK, ISO),
    by_day=True,
    workbooks=True,
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


def doubts(con: Any, given: Mapping[str, Given], year: int, la: str) -> tuple[SetAside, ...]:
    """Nothing in the lists says for what day or authority they were made."""
    return ()
