"""How far apart postcodes lie, by the directory that checks use: for counts that are made without a return."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from fairhold.returns.reference import POSTCODES, using
from fairhold.returns.ssda903 import placing
from fairhold.returns.workbench import open_engine, seal

Pair = tuple[str, str]
Found = tuple[float | None, str | None]
_COLUMNS: Final = {"PL_DISTANCE", "PL_LOCATION"}


def directory() -> str | None:
    """The postcode directory in use, in words; None when none was built."""
    return next((source.sentence() for source in using.in_use().sources if source.kind == POSTCODES), None)


def locator(la: str) -> Callable[[Sequence[Pair]], list[Found]]:
    """What gives, for pairs of home and placement, the miles between them and whether the second is IN or OUT of it."""

    def locate(pairs: Sequence[Pair]) -> list[Found]:
        con = open_engine()
        try:
            using.attach(con)
            seal(con)
            con.execute(
                'create table "Episodes" ("row" integer, "HOME_POST" varchar, "PL_POST" varchar,'
                ' "PL_DISTANCE" varchar, "PL_LOCATION" varchar)'
            )
            if pairs:
                rows = [(n, home, placed) for n, (home, placed) in enumerate(pairs)]
                con.executemany('insert into "Episodes" values (?, ?, ?, null, null)', rows)
            placing.prepare(con, {"Episodes": _COLUMNS}, {})
            placing.filling("Episodes", _COLUMNS, la).do(con)
            found = con.execute(
                'select cast("PL_DISTANCE" as double), "PL_LOCATION" from "Episodes" order by "row"'
            ).fetchall()
        finally:
            con.close()
        return [(miles, location) for miles, location in found]

    return locate
