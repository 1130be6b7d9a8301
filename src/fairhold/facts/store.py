"""Stores the facts of one or more deliveries inside the caller's transaction, set by set and never row by row.

Deliveries stored together come from different sources, or are different tables of one return: no subject may be
spoken of twice in one table by two files of one call. Older files come first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from psycopg import sql

from fairhold import catalogue
from fairhold.access import Row, Scope
from fairhold.dates import clock
from fairhold.facts.encode import Encoded
from fairhold.facts.mapping import sheets
from fairhold.facts.settling import writing
from fairhold.facts.statements import stage_name, statements

_STAGES = (
    "create temporary table if not exists in_delivery (d int primary key, delivery_id bigint, source_id bigint,"
    " at timestamp, day date, kind text, care boolean) on commit delete rows",
    "create temporary table if not exists in_subject (d int, row int, line int, key text, also text[],"
    " blocks smallint[], subject_id bigint, guard smallint, fresh boolean not null default false,"
    " late boolean not null default false) on commit delete rows",
    "create temporary table if not exists in_restated (d int, delivery_id bigint, since date) on commit delete rows",
    "create temporary table if not exists in_corrected (d int, delivery_id bigint, begins date) on commit delete rows",
)

# What a case system says of a child is not for those who need not know that social care knows it.
_CARE = "update in_delivery v set care = s.kind = 'case-system' from system.source s where s.id = v.source_id"
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
    select v.source_id, w.key from in_subject w join in_delivery v using (d) where w.subject_id is null
    group by v.source_id, w.key order by min(w.d), min(w.row)
    returning id, source_id, key, guard
)
update in_subject w set subject_id = made.id, guard = made.guard, fresh = true
from in_delivery v, made where w.d = v.d and made.source_id = v.source_id and made.key = w.key
"""
_MET = """
select v.delivery_id, count(*) filter (where w.fresh and w.first) as new, bool_or(w.fresh) as any_new,
    bool_or(not w.fresh) as any_known, count(*) as met
from (
    select subject_id, fresh, d, row_number() over (partition by subject_id order by d) = 1 as first
    from in_subject group by subject_id, fresh, d
) w join in_delivery v using (d) group by v.delivery_id
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
    the same table and collection year, which this one replaces whole, or from the day `since` on; `corrects`: those of
    the year before, whose items that were open when the year began (`begins`) this one lists as they are known now."""

    delivery_id: int
    source_id: int
    at: datetime
    encoded: Encoded
    restates: Sequence[int] = ()
    since: date | None = None
    corrects: Sequence[int] = ()
    begins: date | None = None


@dataclass(frozen=True)
class Stored:
    """What one delivery changed: subjects met for the first time, all it spoke of, and fact rows added."""

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


def store(scope: Scope, deliveries: Sequence[Incoming]) -> dict[int, Stored]:
    """Add what the deliveries say to the fact tables; counts by delivery. What they only repeat adds nothing."""
    writing(scope)
    for statement in _STAGES:
        scope.run(statement)
    scope.run("truncate in_delivery, in_subject, in_restated, in_corrected")
    scope.copy(
        "in_delivery",
        ("d", "delivery_id", "source_id", "at", "day", "kind"),
        [
            (one.encoded.number, one.delivery_id, one.source_id, one.at, one.at.date(), one.encoded.kind)
            for one in deliveries
        ],
    )
    scope.run(_CARE)
    columns = ("d", "row", "line", "key", "also", "blocks")
    _copy(scope, "in_subject", columns, [one.encoded.subjects for one in deliveries])
    scope.copy("in_restated", ("d", "delivery_id", "since"), _restated(deliveries))
    scope.copy("in_corrected", ("d", "delivery_id", "begins"), _corrected(deliveries))
    met = _subjects(scope, renames=any(one.encoded.aliases for one in deliveries))
    work = _Work(
        scope,
        table_numbers(scope),
        any(row["any_new"] for row in met.values()),
        any(row["any_known"] for row in met.values()),
        any(one.restates for one in deliveries),
        any(one.corrects for one in deliveries),
    )
    for sheet in sheets():
        lines = [one.encoded.lines[sheet.index] for one in deliveries if sheet.index in one.encoded.lines]
        work.store(sheet.table, lines)
    scope.run(_MENTIONS)
    return {one.delivery_id: _stored(met.get(one.delivery_id), work.added[one.delivery_id]) for one in deliveries}


def _stored(met: Row | None, added: int) -> Stored:
    return Stored(met["new"], met["met"], added) if met else Stored(0, 0, added)


def _subjects(scope: Scope, *, renames: bool) -> dict[int, Row]:
    """Find or make the staged subjects; by delivery, how many are met for the first time and how many there are."""
    scope.run("analyze in_subject")
    if renames:
        scope.run(_RENAME)
    scope.run(_KNOWN)
    scope.run(_MADE)
    scope.run(_LATE)
    scope.run("analyze in_subject")  # it now says who is new: thought to be nobody, they would be joined pair by pair
    return {row["delivery_id"]: row for row in scope.rows(_MET)}


@dataclass(frozen=True)
class _Work:
    """What is the same for every table of one call; `added` counts rows by delivery."""

    scope: Scope
    numbers: dict[str, int]
    new: bool
    known: bool
    restating: bool
    correcting: bool
    added: Counter[int] = field(default_factory=Counter)

    def store(self, table: catalogue.Table, lines: list[bytes]) -> None:
        """Stage and store one table."""
        made, given = statements(table), {"now": clock.now(), "number": self.numbers[table.name]}
        withdrawn = made.withdrawn if self.restating else ""
        if not lines and not withdrawn:
            return
        self.scope.run(made.stage)
        self.scope.run(f"truncate {stage_name(table)}")
        columns = ("d", "row", *(one.name for one in table.fields), "raw", "fingerprint")
        _copy(self.scope, stage_name(table), columns, lines)
        if lines:  # a table filled a moment ago has no statistics: without them large files are joined pair by pair
            self.scope.run(f"analyze {stage_name(table)}")
        if withdrawn:
            self.scope.run(withdrawn, given)
        if lines and made.corrected and self.correcting:
            self.scope.run(made.corrected, given)
        if self.new and lines:
            self._count(made.fresh, given)
        if self.known and lines:
            for statement in filter(None, (made.ended, made.unlisted)):
                self.scope.run(statement, given)
            self._count(made.known, given)

    def _count(self, statement: str, given: Mapping[str, Any]) -> None:
        for row in self.scope.rows(statement, given):
            self.added[row["delivery_id"]] += row["added"]


def _copy(scope: Scope, table: str, columns: Sequence[str], lines: Iterable[bytes]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), names)
    with scope.db.cursor().copy(statement) as stream:
        for block in lines:
            stream.write(block)


def _restated(deliveries: Sequence[Incoming]) -> Iterable[tuple[int, int, date | str]]:
    return ((one.encoded.number, earlier, one.since or "-infinity") for one in deliveries for earlier in one.restates)


def _corrected(deliveries: Sequence[Incoming]) -> Iterable[tuple[int, int, date | None]]:
    return ((one.encoded.number, earlier, one.begins) for one in deliveries for earlier in one.corrects)
