"""The SQL that turns staged lines of one fact table into bitemporal rows: made once per table from its shape and key.

Names: `w` a staged subject, `v` its delivery, `i` a staged fact, `f` a stored fact. Every statement takes `now`.
A later file that sent the same block (`next`) bounds what an older file arriving late may say.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from fairhold import catalogue
from fairhold.access.generated import SQL_TYPES
from fairhold.facts.mapping import (
    CARE_KINDS,
    ENDED_PER_FIRST_KEY,
    LAST_DAY_COUNTS,
    LISTED_WHOLE,
    NEVER_ENDED,
    lacking,
)


@dataclass(frozen=True)
class Statements:
    """The statements of one fact table, in the order they run; empty ones do not apply to its shape."""

    stage: str  # the temporary table, made once per connection
    fresh: str  # subjects never met before: nothing to compare with
    known: str  # subjects met before: compare, close, follow
    ended: str  # items a sent block no longer lists
    unlisted: str  # items that a list sent whole leaves out
    withdrawn: str  # items a delivery no longer states that restates an earlier one
    corrected: str  # items that last year's return left open and this year's lists otherwise


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
        _unlisted(table) if table.name in LISTED_WHOLE else "",
        _withdrawn(table) if any(map(table.told, CARE_KINDS)) and (many or dated) else "",
        _corrected(table) if _lists_open_items(table) else "",
    )


def _fields(table: catalogue.Table, of: str) -> str:
    return ", ".join(f'{of}."{field.name}"' for field in table.fields)


def _columns(table: catalogue.Table) -> str:
    fields = ", ".join(f'"{field.name}"' for field in table.fields)
    return (
        f"subject_id, {fields}, raw, kept_from, fingerprint, guard, care, delivery_id, line, row,"
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


def period(table: catalogue.Table, of: str = "i", day: str = "v.day") -> tuple[str, str]:
    """When a staged fact holds: its own dates for a dated item, from the day of the file for everything else.

    An item with one date alone is an event, and holds on that day. `of` and `day` name the fact and the file's day.
    """
    if table.shape != "dated":
        return day, "'infinity'::date"
    begins = f'coalesce({of}."{table.period[0]}", {day})'
    if len(table.period) == 1:
        return begins, f"{begins} + 1"
    end = f'{of}."{table.period[1]}"'
    last = f"{end} + 1" if table.name in LAST_DAY_COUNTS else end
    return begins, f"greatest({begins}, coalesce({last}, 'infinity'::date))"


def _fresh(table: catalogue.Table) -> str:
    begins, ends = period(table)
    return f"""
with made as (insert into {table.name} ({_columns(table)})
select w.subject_id, {_fields(table, "i")}, i.raw, null, i.fingerprint, w.guard, v.care, v.delivery_id, w.line, w.row,
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
    select w.subject_id, w.guard, v.care, w.line, w.row, v.delivery_id, v.day, i.fingerprint, i.raw,
        {_fields(table, "i")}, {begins} as begins, {ends} as ends, {_next()} as next{_lacks(table)}
    from {stage_name(table)} i join in_subject w using (d, row) join in_delivery v using (d)
    where not w.fresh
)"""


def _lacks(table: catalogue.Table) -> str:
    """Of a table that several kinds of file tell: the fields that the kind of this file never carries."""
    if not lacking(table):
        return ""
    cases = " ".join(f"when '{kind}' then '{{{','.join(fields)}}}'" for kind, fields in lacking(table).items())
    return f", (case v.kind {cases} else '{{}}' end)::text[] as lacks"


def _differs(table: catalogue.Table) -> str:
    """Whether a file says anything else of a known item: in the fields that its kind of file carries."""
    if not lacking(table):
        return "f.fingerprint is distinct from said.fingerprint"
    sometimes = {name for fields in lacking(table).values() for name in fields}
    same = [
        f'f."{field.name}" is not distinct from said."{field.name}"'
        if field.name not in sometimes
        else f"""('{field.name}' = any(said.lacks) or f."{field.name}" is not distinct from said."{field.name}")"""
        for field in table.fields
    ]
    same.append("coalesce(f.raw, '{}') - said.lacks = coalesce(said.raw, '{}')")
    return f"(f.id is null or not ({' and '.join(same)}))"


def _changed(table: catalogue.Table) -> tuple[str, str, str]:
    """The fields of a changed item, its raw texts, and where what it kept from the item before is from.

    A kind of file that never carries a field does not say that there is none: the value stays, with its own pointer.
    """
    if not lacking(table):
        return _fields(table, "said"), "said.raw", "null::jsonb"
    sometimes = sorted({name for fields in lacking(table).values() for name in fields})
    fields = ", ".join(
        f'said."{field.name}"' if field.name not in sometimes else _kept(field.name) for field in table.fields
    )
    kept = "(select jsonb_object_agg(key, value) from jsonb_each(f.raw) where key = any(said.lacks))"
    raw = f"nullif(coalesce({kept}, '{{}}') || coalesce(said.raw, '{{}}'), '{{}}')"
    pointers = ", ".join(
        f"""'{name}', case when '{name}' = any(said.lacks) and (f."{name}" is not null or f.raw ? '{name}')"""
        f" then coalesce(f.kept_from -> '{name}', jsonb_build_array(f.delivery_id, f.line)) end"
        for name in sometimes
    )
    return fields, raw, f"nullif(jsonb_strip_nulls(jsonb_build_object({pointers})), '{{}}')"


def _kept(name: str) -> str:
    return f"""case when '{name}' = any(said.lacks) then f."{name}" else said."{name}" end as "{name}\""""


def _rest(table: catalogue.Table) -> str:
    """What stays true of a closed fact before the day of the file and, for an older file, after a newer one."""
    same = f'subject_id, {_fields(table, "closed")}, raw, kept_from, fingerprint, guard, care, delivery_id, line, "row"'
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


def _differing(table: catalogue.Table, found: str, where: str) -> str:
    fields, raw, kept = _changed(table)
    return f"""differing as (
    select said.subject_id, said.guard, said.care, said.line, said.row, said.delivery_id, said.day, said.fingerprint,
        said.begins, said.ends, said.next, {fields}, {raw} as raw, {kept} as kept_from,
        f.id as old_id, f.until_date as old_until
    from said left join {table.name} f on f.subject_id = said.subject_id and f.known_until = 'infinity'
        and {_same_key(table, "f", "said")}{found}
    where {_differs(table)} and {where}
)"""


def _known_valued(table: catalogue.Table) -> str:
    holds = " and f.from_date <= said.day and said.day < f.until_date"
    return f"""
with {_said(table)}, {_differing(table, holds, "(said.next is null or said.next > said.day)")},
{_close(table, "differing")}, made as (
insert into {table.name} ({_columns(table)})
select subject_id, {_fields(table, "differing")}, raw, kept_from, fingerprint, guard, care, delivery_id, line, row,
    day, least(coalesce(next, 'infinity'), coalesce(old_until, 'infinity')), %(now)s, 'infinity' from differing
union all {_rest(table)}
returning delivery_id){_COUNT}"""


def _known_dated(table: catalogue.Table) -> str:
    begins, ends = period(table, "differing", "day") if lacking(table) else ("begins", "ends")
    return f"""
with {_said(table)}, {_differing(table, "", "(f.id is null or said.next is null)")},
{_close(table, "differing")}, made as (
insert into {table.name} ({_columns(table)})
select subject_id, {_fields(table, "differing")}, raw, kept_from, fingerprint, guard, care, delivery_id, line, row,
    {begins}, {ends}, %(now)s, 'infinity' from differing
returning delivery_id){_COUNT}"""


def _key(table: catalogue.Table, of: str, most: int | None = None) -> str:
    """An item's key, or the first parts of it, as one text: equal where all parts are equal or missing."""
    fields = ", ".join(f'{of}."{name}"' for name in table.key[:most])
    return f"row({fields})::text"


def _listed(table: catalogue.Table, first: int) -> str:
    """What each file lists of each subject: whole keys, and the `first` parts of them.

    One text each, so that the planner can hash them: of large files it would else compare every pair.
    """
    return f"""listed as materialized (
    select distinct w.d, w.subject_id, w.fresh, w.late, {_key(table, "i")} as key, {_key(table, "i", first)} as first
    from {stage_name(table)} i join in_subject w using (d, row)
)"""


def _absent(table: catalogue.Table, of: str) -> str:
    """Whether a stored item is not in the list of the file `of`."""
    return (
        f"not exists (select from listed l where l.d = {of}.d and l.subject_id = f.subject_id"
        f" and l.key = {_key(table, 'f')})"
    )


def _ended(table: catalogue.Table) -> str:
    other = ""
    if table.name in ENDED_PER_FIRST_KEY:
        other = (
            "and exists (select from listed l where l.d = w.d and l.subject_id = f.subject_id"
            f" and l.first = {_key(table, 'f', 1)})"
        )
    return f"""
with {_listed(table, 1)}, spoken as materialized (
    select distinct d, subject_id, late from in_subject where not fresh and blocks @> array[%(number)s]::smallint[]
), gone as (
    select f.subject_id, f.id as old_id, v.day, {_next()} as next
    from spoken w join in_delivery v using (d)
    join {table.name} f on f.subject_id = w.subject_id and f.known_until = 'infinity'
        and f.from_date <= v.day and v.day < f.until_date
    where {_absent(table, "w")} {other}
), bounded as (select * from gone where next is null or next > day), {_close(table, "bounded")}
insert into {table.name} ({_columns(table)}) {_rest(table)}"""


def _unlisted(table: catalogue.Table) -> str:
    parts = LISTED_WHOLE[table.name]
    return f"""
with {_listed(table, parts)}, whole as materialized (
    select distinct d, subject_id, first from listed where not fresh and not late
)
update {table.name} f set known_until = %(now)s from whole w
where f.subject_id = w.subject_id and f.known_until = 'infinity' and {_key(table, "f", parts)} = w.first
    and {_absent(table, "w")}"""


def _withdrawn(table: catalogue.Table) -> str:
    return f"""
with {_listed(table, 0)}
update {table.name} f set known_until = %(now)s from in_restated r
where f.delivery_id = r.delivery_id and f.known_until = 'infinity' and f.from_date >= r.since
    and {_absent(table, "r")}"""


def _lists_open_items(table: catalogue.Table) -> bool:
    """Whether the looked-after children return tells when an item ended, and so lists it in each year it touches."""
    if table.shape != "dated" or len(table.period) == 1:
        return False
    return any(field.ssda903 for field in table.fields if field.name == table.period[1])


def _corrected(table: catalogue.Table) -> str:
    """This return lists whatever of a child touches its year. What last year's left open, and this one does not list of
    a child it speaks of, was corrected: an episode began on another day, or for another reason."""
    return f"""
with {_listed(table, 0)}, spoken as materialized (select distinct d, subject_id from listed where not late)
update {table.name} f set known_until = %(now)s from in_corrected r join spoken w using (d)
where f.delivery_id = r.delivery_id and f.known_until = 'infinity' and f.until_date > r.begins
    and w.subject_id = f.subject_id and {_absent(table, "r")}"""
