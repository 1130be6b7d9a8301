"""Signs that a file is not the one that was meant: it is used all the same, and said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fairhold.returns.files import SetAside
from fairhold.returns.loading import Given

# Dates of which some must lie in the year, where a table has many; the others of a return may all lie further back.
OF_THE_YEAR: Final = {"Episodes": ("DECOM", "DEC"), "Reviews": ("REVIEW",), "Missing": ("MIS_START", "MIS_END")}
MANY: Final = 20


def doubts(con: Any, given: Mapping[str, Given], year: int, la: str) -> Iterator[SetAside]:
    """The tables of this year that have many dates and none in the year."""
    for table, names in OF_THE_YEAR.items():
        source = given.get(table)
        columns = [name for name in names if source and name in source.columns]
        if source is None or not columns:
            continue
        dates = ", ".join(f'"{name}"' for name in columns)
        inside = f"day between date '{year - 1}-04-01' and date '{year}-03-31'"
        sql = f'select count(day), count(day) filter ({inside}) from (select unnest([{dates}]) as day from "{table}")'
        found, of_year = con.execute(sql).fetchone()
        if found >= MANY and not of_year:
            reason = f"was used, but has no date in the year to 31 March {year}; check that it is the file of that year"
            yield SetAside(source.sheet.label, 0, table, reason)
