"""The SQL that turns staged lines of one fact table into bitemporal rows: made once per table from its shape and key.

Names: `w` a staged subject, `v` its delivery, `i` a staged fact, `f` a stored fact. Every statement takes `now`.
A later file that sent the same block (`next`) bounds what an older file arriving late may say.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from fairhold import catalogue
from fairhold.access.generated import SQL_TYPES
from fairhold.facts.mapping import ENDED_PER_FIRST_KEY, LAST_DAY_COUNTS, NEVER_ENDED, starts_and_ends


@dataclass(frozen=True)
class Statements:
    """The statements of one fact table, in the order they run; empty ones do not apply to its shape."""

    stage: str  # the temporary table, made once per connection
    fresh: str  # subjects never met before: nothing to compare with
    known: str  # subjects met before: compare, close, follow
    ended: str  # items a sent block no longer lists
    withdrawn: str  # items a delivery no longer states that restates an earlier one


def stage_name(table: catalogue.Table) -> str:
    """The temporary table the incoming lines of a fact table are copied into."""
    return "in_" + table.name.replace(".", "_")


_COUNT = "\nselect delivery_id, count(*) as added from made group by delivery_id"


@cache
def statements(table: catalogue.Table) -> Statements:
    """All statements for a fact table."""
    dated = table.shape == "dated"
    many = table.shape == "many"
    return Statements(
        _stage(table),
        _fresh(table),
        _known_dated(table) if dated else _known_valued(table),
        _ended(table) if many and table.name not in NEVER_ENDED else "",
        _withdrawn(table) if table.ssda903 and (many or dated) else "",
    )


def _fields(table: catalogue.Table, of: str) -> str:
    return ", ".join(f'{of}."{field.name}"' for field in table.fields)


def _columns(table: catalogue.Table) -> str:
    fields = ", ".join(f'"{field.name}"' for field in table.fields)
    return (
        f"subject_id, {fields}, raw, fingerprint, guard, delivery_id, line, row,"
        " from_date, until_date, known_from, known_until"
    )


def _same_key(table: catalogue.Table, left: str, right: str) -> str:
    return " and ".join(f'{left}."{name}" is not distinct from {right}."{name}"' for name in table.key) or "true"


def _stage(table: catalogue.Table) -> str:
    fields = ", ".join(f'"{field.name}" {SQL_TYPES[field.type]}' for field in table.fields)
    return (
        f"create temporary table if not exists {stage_name(table)}"
        f" (d int, row int, {fields}, raw jsonb, fingerprint bytea) on commit delete rows"
    )


def period(table: catalogue.Table) -> tuple[str, str]:
    """When a staged fact holds: its own dates for a dated item, from the day of the file for everything else."""
    if table.shape != "dated":
        return "v.day", "'infinity'::date"
    start, end = starts_and_ends(table)
    begins = f'coalesce(i."{start}", v.day)'
    if end is None:
        return begins, "'infinity'::date"
    last = f'i."{end}" + 1' if table.name in LAST_DAY_COUNTS else f'i."{end}"'
    return begins, f"greatest({begins}, coalesce({last}, 'infinity'::date))"


def _fresh(table: catalogue.Table) -> str:
    begins, ends = period(table)
    return f"""
with made as (insert into {table.name} ({_columns(table)})
select w.subject_id, {_fields(table, "i")}, i.raw, i.fingerprint, w.guard, v.delivery_id, w.line, w.row,
    {begins}, {ends}, %(now)s, 'infinity'
from {stage_name(table)} i join in_subject w using (d, row) join in_delivery v using (d)
where w.fresh
returning delivery_id){_COUNT}"""


def _next(number: str = "%(number)s") -> str:
    return (
        "case when w.late then (select min(m.at) from system.mention m where m.subject_id = w.subject_id"
        f" and m.at > v.at and m.blocks @> array[{number}]::smallint[]) end::date"
    )


def _said(table: catalogue.Table) -> str:
    begins, ends = period(table)
    return f"""said as materialized (
    select w.subject_id, w.guard, w.line, w.row, v.delivery_id, v.day, i.fingerprint, i.raw, {_fields(table, "i")},
        {begins} as begins, {ends} as ends, {_next()} as next
    from {stage_name(table)} i join in_subject w using (d, row) join in_delivery v using (d)
    where not w.fresh
)"""


def _rest(table: catalogue.Table) -> str:
    """What stays true of a closed fact before the day of the file and, for an older file, after a newer one."""
    same = f'subject_id, {_fields(table, "closed")}, raw, fingerprint, guard, delivery_id, line, "row"'
    return f"""
select {same}, from_date, cut, %(now)s::timestamptz, 'infinity'::timestamptz from closed where from_date < cut
union all
select {same}, next, until_date, %(now)s, 'infinity' from closed where next < until_date"""


def _close(table: catalogue.Table, found: str) -> str:
    return f"""closed as (
    update {table.name} f set known_until = %(now)s from {found} x
    where f.subject_id = x.subject_id and f.id = x.old_id
    returning f.*, x.day as cut, x.next
)"""


def _known_valued(table: catalogue.Table) -> str:
    return f"""
with {_said(table)}, differing as (
    select said.*, f.id as old_id, f.until_date as old_until
    from said left join {table.name} f on f.subject_id = said.subject_id and f.known_until = 'infinity'
        and {_same_key(table, "f", "said")} and f.from_date <= said.day and said.day < f.until_date
    where f.fingerprint is distinct from said.fingerprint and (said.next is null or said.next > said.day)
), {_close(table, "differing")}, made as (
insert into {table.name} ({_columns(table)})
select subject_id, {_fields(table, "differing")}, raw, fingerprint, guard, delivery_id, line, row,
    day, least(coalesce(next, 'infinity'), coalesce(old_until, 'infinity')), %(now)s, 'infinity' from differing
union all {_rest(table)}
returning delivery_id){_COUNT}"""


def _known_dated(table: catalogue.Table) -> str:
    return f"""
with {_said(table)}, differing as (
    select said.*, f.id as old_id
    from said left join {table.name} f on f.subject_id = said.subject_id and f.known_until = 'infinity'
        and {_same_key(table, "f", "said")}
    where f.fingerprint is distinct from said.fingerprint and (f.id is null or said.next is null)
), {_close(table, "differing")}, made as (
insert into {table.name} ({_columns(table)})
select subject_id, {_fields(table, "differing")}, raw, fingerprint, guard, delivery_id, line, row,
    begins, ends, %(now)s, 'infinity' from differing
returning delivery_id){_COUNT}"""


def _ended(table: catalogue.Table) -> str:
    listed = f"exists (select from {stage_name(table)} i where i.d = w.d and i.row = w.row and {{}})"
    first = table.key[0]
    other = f'and {listed.format(f"""i."{first}" = f."{first}" """)}' if table.name in ENDED_PER_FIRST_KEY else ""
    return f"""
with gone as (
    select f.subject_id, f.id as old_id, v.day, {_next()} as next
    from in_subject w join in_delivery v using (d)
    join {table.name} f on f.subject_id = w.subject_id and f.known_until = 'infinity'
        and f.from_date <= v.day and v.day < f.until_date
    where not w.fresh and w.blocks @> array[%(number)s]::smallint[]
        and not {listed.format(_same_key(table, "i", "f"))} {other}
), bounded as (select * from gone where next is null or next > day), {_close(table, "bounded")}
insert into {table.name} ({_columns(table)}) {_rest(table)}"""


def _withdrawn(table: catalogue.Table) -> str:
    return f"""
update {table.name} f set known_until = %(now)s from in_restated r
where f.delivery_id = r.delivery_id and f.known_until = 'infinity' and not exists (
    select from {stage_name(table)} i join in_subject w using (d, row)
    where i.d = r.d and w.subject_id = f.subject_id and {_same_key(table, "i", "f")})"""
