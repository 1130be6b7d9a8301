"""Columns of SSDA903 that no file of a CSV set carries, worked out from other tables that were given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fairhold.rulebook.domain import LAST

Supplied = Mapping[str, frozenset[str]]


def supplied(given: Supplied) -> dict[str, frozenset[str]]:
    """What was given, with the columns that can be worked out from it: UASC of Header from the UASC table."""
    found = dict(given)
    for ending in ("", LAST):
        if f"Header{ending}" in found and f"UASC{ending}" in found:
            found[f"Header{ending}"] |= {"UASC"}
    return found


def needs(given: Supplied) -> dict[str, set[str]]:
    """Columns to load, beyond those rules read, so that derived ones can be worked out."""
    tables = [f"{table}{ending}" for table in ("Header", "UASC") for ending in ("", LAST)]
    return {table: {"CHILD"} for table in tables if table in given}


def derive(con: Any, given: Supplied, wanted: Mapping[str, set[str]]) -> dict[str, str]:
    """Fill derived columns that rules want and no file gave; returns table to column for those filled.

    A child counts as unaccompanied (1) with a row in the UASC table, else not (0).
    """
    filled = {}
    for ending in ("", LAST):
        header, uasc = f"Header{ending}", f"UASC{ending}"
        if "UASC" in wanted.get(header, ()) and uasc in given and "UASC" not in given.get(header, ()):
            con.execute(
                f'update "{header}" set "UASC" = case when "CHILD" in'
                f' (select "CHILD" from "{uasc}" where "CHILD" is not null) then \'1\' else \'0\' end'
            )
            filled[header] = "UASC"
    return filled
