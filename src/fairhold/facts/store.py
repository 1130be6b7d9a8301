"""Stores the facts of one or more deliveries inside the caller's transaction, set by set and never row by row.

Deliveries stored together come from different sources, or are different tables of one return: no subject may be
spoken of twice in one table by two files of one call. Older files come first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import sql

from fairhold import catalogue
from fairhold.access import Scope
from fairhold.dates import clock
from fairhold.facts.encode import Encoded
from fairhold.facts.mapping import sheets
from fairhold.facts.statements import Statements, stage_name, statements

_STAGES = (
    "create temporary table if not exists in_delivery (d int primary key, delivery_id bigint, source_id bigint,"
    " at timestamp, day date) on commit delete rows",
    "create temporary table if not exists in_subject (d int, row int, line int, key text, also text[],"
    " blocks smallint[], subject_id bigint, guard smallint, fresh boolean not null default false,"
    " late boolean not null default false) on commit delete rows",
    "create temporary table if not exists in_restated (d int, delivery_id bigint) on commit delete rows",
)

# A pupil whose number became another keeps one subject: the file says so itself (former number), or the pupil was
# known by name and birth date before a number was given.
_RENAME = """
update system.subject s set key = found.key from (
    select distinct on (old.id) old.id, w.key
    from in_subject w join in_delivery v using (d)
    join system.subject old on old.source_id = v.source_id and old.key = any(w.also)
    where not exists (select from system.subject n where n.source_id = v.source_id and n.key = w.key)
    order by old.id, w.row
) found where s.id = found.id
    and not exists (select from system.subject n where n.source_id = s.source_id and n.key = found.key)
"""
_KNOWN = """
update in_subject w set subject_id = s.id, guard = s.guard
from in_delivery v, system.subject s where w.d = v.d and s.source_id = v.source_id and s.key = w.key
"""
_MADE = """
with made as (
    insert into system.subject (source_id, key)
    select distinct v.source_id, w.key from in_subject w join in_delivery v using (d) where w.subject_id is null
    returning id, source_id, key, guard
)
update in_subject w set subject_id = made.id, guard = made.guard, fresh = true
from in_delivery v, made where w.d = v.d and made.source_id = v.source_id and made.key = w.key
"""
_LATE = """
update in_subject w set late = true from in_delivery v where w.d = v.d and not w.fresh
    and exists (select from system.mention m where m.subject_id = w.subject_id and m.at > v.at)
"""
_MENTIONS = """
insert into system.mention (subject_id, delivery_id, at, line, row, blocks)
select w.subject_id, v.delivery_id, v.at, w.line, w.row, w.blocks
from in_subject w join in_delivery v using (d)
where not exists (select from system.mention m where m.subject_id = w.subject_id and m.at = v.at
    and m.delivery_id = v.delivery_id and m.row = w.row)
"""


@dataclass(frozen=True)
class Incoming:
    """One delivery's facts. `at`: the instant the file speaks of, in its own clock; `restates`: earlier deliveries of
    the same table and collection year, which this one replaces whole."""

    delivery_id: int
    source_id: int
    at: datetime
    encoded: Encoded
    restates: Sequence[int] = ()


@dataclass(frozen=True)
class Stored:
    """What changed: subjects met for the first time, all subjects spoken of, rows added, rows closed by omission."""

    new_subjects: int
    subjects: int
    added: int


def table_numbers(scope: Scope) -> dict[str, int]:
    """The number of each fact table in this store; a table met for the first time gets one."""
    names = [table.name for table in catalogue.tables()]
    query = "select name, number from system.fact_table"
    found = {row["name"]: row["number"] for row in scope.rows(query)}
    if missing := [name for name in names if name not in found]:
        scope.run("insert into system.fact_table (name) select unnest(%s::text[]) on conflict do nothing", (missing,))
        found = {row["name"]: row["number"] for row in scope.rows(query)}
    return found


def store(scope: Scope, deliveries: Sequence[Incoming]) -> Stored:
    """Add what the deliveries say to the fact tables; returns counts. What they only repeat adds nothing."""
    for statement in _STAGES:
        scope.run(statement)
    scope.copy(
        "in_delivery",
        ("d", "delivery_id", "source_id", "at", "day"),
        [(one.encoded.number, one.delivery_id, one.source_id, one.at, one.at.date()) for one in deliveries],
    )
    _copy(scope, "in_subject", ("d", "row", "line", "key", "also", "blocks"), _subject_lines(deliveries))
    scope.copy("in_restated", ("d", "delivery_id"), _restated(deliveries))
    new, known = _subjects(scope, renames=any(one.encoded.aliases for one in deliveries))
    numbers, restating = table_numbers(scope), any(one.restates for one in deliveries)
    added = sum(
        _store_table(scope, sheet.table, _fact_lines(deliveries, sheet.index), numbers, new, known, restating)
        for sheet in sheets()
        if restating or any(sheet.index in one.encoded.lines for one in deliveries)
    )
    scope.run(_MENTIONS)
    return Stored(new, new + known, added)


def _subjects(scope: Scope, *, renames: bool) -> tuple[int, int]:
    scope.run("analyze in_subject")
    if renames:
        scope.run(_RENAME)
    scope.run(_KNOWN)
    new = scope.run(_MADE)
    scope.run(_LATE)
    total: int = scope.value("select count(*) as n from in_subject")
    return new, total - new


def _store_table(
    scope: Scope,
    table: catalogue.Table,
    lines: list[str],
    numbers: dict[str, int],
    new: int,
    known: int,
    restating: bool,
) -> int:
    made: Statements = statements(table)
    scope.run(made.stage)
    columns = ("d", "row", *(field.name for field in table.fields), "raw", "fingerprint")
    _copy(scope, stage_name(table), columns, lines)
    given = {"now": clock.now(), "number": numbers[table.name]}
    if restating and made.withdrawn:
        scope.run(made.withdrawn, given)
    added = scope.run(made.fresh, given) if new and lines else 0
    if known and lines:
        scope.run(f"analyze {stage_name(table)}")
        if made.ended:
            scope.run(made.ended, given)
        added += scope.run(made.known, given)
    return added


def _copy(scope: Scope, table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), names)
    with scope.db.cursor().copy(statement) as stream:
        stream.write("".join(lines))


def _subject_lines(deliveries: Sequence[Incoming]) -> Iterable[str]:
    return (line for one in deliveries for line in one.encoded.subjects)


def _fact_lines(deliveries: Sequence[Incoming], index: int) -> list[str]:
    return [line for one in deliveries for line in one.encoded.lines.get(index, ())]


def _restated(deliveries: Sequence[Incoming]) -> Iterable[tuple[int, int]]:
    return ((one.encoded.number, earlier) for one in deliveries for earlier in one.restates)
