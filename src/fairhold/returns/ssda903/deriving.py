"""Columns of SSDA903 that no file of a CSV set carries, worked out from other tables and from reference data.

Which can be had follows from what was given: a column is supplied when everything that it is made of is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fairhold.returns.ssda903 import placing
from fairhold.rulebook.beside import side_by_side
from fairhold.rulebook.domain import LAST

Supplied = Mapping[str, frozenset[str]]
YEARS: Final = ("", LAST)
UASC: Final = "UASC"
KNOWN_UASC: Final = "KNOWN_UASC"


def supplied(given: Supplied) -> dict[str, frozenset[str]]:
    """What was given, with the columns that can be worked out from it."""
    found = dict(given)
    for year in YEARS:
        if f"Header{year}" in found and f"UASC{year}" in found:
            found[f"Header{year}"] |= {UASC}
    known = {KNOWN_UASC} if any(_tells(found, year) for year in YEARS) else set()
    for year in YEARS:
        if f"Episodes{year}" in found:
            found[f"Episodes{year}"] |= known | placing.supplied(found[f"Episodes{year}"], given)
    return found


def _tells(found: Supplied, year: str) -> bool:
    """Whether a year's tables tell who came alone: the header, or without one the UASC table."""
    header = found.get(f"Header{year}")
    return UASC in header if header is not None else f"UASC{year}" in found


def needs(given: Supplied) -> dict[str, set[str]]:
    """Columns to load, beyond those rules read, so that derived ones can be worked out."""
    wanted = {"Header": {"CHILD", UASC}, "UASC": {"CHILD"}, "Episodes": {"CHILD", *placing.SOURCES}}
    found = {table + year: columns for table, columns in wanted.items() for year in YEARS if table + year in given}
    for year in YEARS:
        if f"UASC{year}" in given and f"Header{year}" not in given:
            found[f"UASC{year}"] |= given[f"UASC{year}"]
    return found


def derive(con: Any, given: Supplied, wanted: Mapping[str, set[str]], la: str) -> dict[str, set[str]]:
    """Fill derived columns that rules want and no file gave; returns those filled, by table. `la` sends the return."""
    found = supplied(given)
    filled: dict[str, set[str]] = {}
    episodes = {
        table: {column for column in wanted.get(table, ()) if column in found[table] and column not in given[table]}
        for table in (f"Episodes{year}" for year in YEARS)
        if table in given
    }
    known = any(KNOWN_UASC in columns for columns in episodes.values())
    for year in YEARS:
        header = f"Header{year}"
        if UASC in found.get(header, ()) and UASC not in given[header] and (known or UASC in wanted.get(header, ())):
            _header(con, header, f"UASC{year}")
            filled[header] = {UASC}
    episodes = {table: columns for table, columns in episodes.items() if columns}
    if known:
        con.execute("create table known_uasc as " + (" union ".join(_known(found)) or "select null as child"))
    placing.prepare(con, episodes, given)
    side_by_side(con, [placing.filling(table, columns, la) for table, columns in episodes.items()], len(YEARS))
    return filled | episodes


def _header(con: Any, header: str, uasc: str) -> None:
    """A child counts as unaccompanied (1) with a row in the UASC table, else not (0)."""
    con.execute(
        f'update "{header}" set "UASC" = case when "CHILD" in'
        f' (select "CHILD" from "{uasc}" where "CHILD" is not null) then \'1\' else \'0\' end'
    )


def _known(found: Supplied) -> Iterator[str]:
    """SQL for the children known as unaccompanied, this year or last: the header says so, or without a header a row of
    the UASC table with something in it besides the child's number."""
    for year in YEARS:
        if UASC in found.get(f"Header{year}", ()):
            yield f"""select "CHILD" as child from "Header{year}" where "UASC" = '1'"""
        elif f"Header{year}" not in found and f"UASC{year}" in found:
            told = " or ".join(f'"{name}" is not null' for name in sorted(found[f"UASC{year}"] - {"CHILD"}))
            yield f'select "CHILD" as child from "UASC{year}" where {told or "false"}'
