"""Builds a return out of the record, as one instant knew it: tables by sets, then the official files, byte for byte.

The same record, instant, links and version of Fairhold give the same bytes. Nothing is written to the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import ModuleType

from fairhold.access import Scope
from fairhold.dates import clock
from fairhold.facts.settling import settled
from fairhold.returns.building import children, cin, ssda903
from fairhold.returns.building.domain import AsAt, BuildError, Built, Table, last_day
from fairhold.returns.building.precedence import CASE_SYSTEM
from fairhold.returns.building.selecting import Part

__all__ = ["CASE_SYSTEM", "RETURNS", "as_at", "build", "everything", "parts"]

RETURNS: Mapping[str, ModuleType] = {"ssda903": ssda903, "cin": cin}


def as_at(scope: Scope, year: int, on: date | None) -> AsAt:
    """What a build made now is to know: everything so far or, of an earlier day, all that was known when it ended."""
    now = settled(scope)
    day = on or clock.london_day(now)
    if day > clock.london_day(now):
        raise BuildError(f"{day:%d %B %Y} is still to come: a return is built as of today or an earlier day.")
    known = now if day == clock.london_day(now) else clock.end_of(day)
    return AsAt(year, known, last_day(year, day))


def build(
    scope: Scope, name: str, la: str, at: AsAt, *, serial: int = 1, header: dict[str, str] | None = None
) -> Built:
    """The return called `name` as known at an instant, as the `serial`-th version that is sent.

    `header` repeats what an earlier build said of itself.
    """
    module = _module(name)
    tables = _tables(scope, module, at)
    said = module.header(at, la, serial) if header is None else header
    files = module.files(tables, said)
    file, whole = module.one_file(files, at.year)
    of_children = sorted({subject for table in tables.values() for subject in table.subjects})
    links = children.links(scope, at, of_children)
    return Built(name, la, at, said, tables, files | {file: whole}, file, of_children, links)


def everything(scope: Scope, name: str, at: AsAt) -> dict[str, Table]:
    """The tables with all that the record holds for them; the cell after the official ones says "no" where it does
    not belong into the year."""
    return _tables(scope, _module(name), at, every=True)


def parts(name: str, year: int) -> list[Part]:
    """How each table of a return is made."""
    found: list[Part] = _module(name).parts(year)
    return found


def _module(name: str) -> ModuleType:
    if name not in RETURNS:
        raise BuildError(f"{name} is no return that is built from the record; use one of {', '.join(RETURNS)}.")
    return RETURNS[name]


def _tables(scope: Scope, module: ModuleType, at: AsAt, *, every: bool = False) -> dict[str, Table]:
    for name in _TEMPORARY:
        scope.run(f"drop table if exists {name}")
    children.gather(scope, at)
    told = {(told.name, told.only): told for part in module.parts(at.year) for told in part.every if part.single(told)}
    children.person(scope, at, told.values(), module.FORM)
    module.sets(scope, at)
    found: dict[str, Table] = module.tables(scope, at, every=every)
    return found


_TEMPORARY = ("b_case", "b_member", "b_person", "b_cared", "b_leaver", "b_adopted", "b_began", "b_need")
