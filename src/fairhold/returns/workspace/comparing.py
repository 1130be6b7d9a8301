"""What differs between two sets of a return's tables, by sets: who entered, who left, which value changed.

Rows are paired within a table: first those that are the same in every column, then those of one identity (child and
what tells its rows apart), then a child's one row left on either side. A row without a partner entered or left. So
every row of the first set is the same, changed or left, every row of the second the same, changed or entered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fairhold.engine.columns import duck
from fairhold.returns.workspace.identity import Identity

if TYPE_CHECKING:
    import pyarrow

ENTERED, LEFT, CHANGED = "entered", "left", "changed"
CHILDREN: Final = "children"


@dataclass(frozen=True)
class Balance:
    """The reckoning of one table, or of `children`: what was before and is after, and how the one becomes the other."""

    what: str
    before: int
    left: int
    entered: int
    changed: int
    same: int
    after: int

    @property
    def holds(self) -> bool:
        """Whether the parts sum to the totals."""
        return (
            self.before == self.same + self.changed + self.left
            and self.after == self.same + self.changed + self.entered
        )


@dataclass(frozen=True)
class Change:
    """A row that entered or left (no column), or one value that changed. Lines are those of the two sets' files."""

    what: str
    table: str
    child: str
    column: str
    before: str
    after: str
    line_before: int | None
    line_after: int | None


@dataclass(frozen=True)
class Compared:
    """`balances`: children first, then each table; `uneven`: columns that only one of the two sets has, by table."""

    balances: list[Balance]
    changes: list[Change]
    uneven: dict[str, list[str]]


Tables = Mapping[str, "pyarrow.Table"]


def compare(before: Tables, after: Tables, identities: Mapping[str, Identity]) -> Compared:
    """Compare two sets of tables, each with `row`, `line` and its official columns as text.

    Counters, which a file gives out anew each time, are left out; a table that only one set has counts as empty in the
    other. Blanks around values and letter case do not count.
    """
    con = duck()
    try:
        con.execute(EMPTY)
        uneven = {}
        for table, identity in identities.items():
            some = before.get(table, after.get(table))
            if some is None:
                continue
            one, other = before.get(table, some.slice(0, 0)), after.get(table, some.slice(0, 0))
            columns, only = common(one, other, identity)
            if only:
                uneven[table] = only
            con.register("before", one)
            con.register("after", other)
            pair(con, table, identity, columns)
            _differing(con, table, columns)
        return Compared([_children(con), *_balances(con)], _changes(con), uneven)
    finally:
        con.close()


EMPTY = """
create table pair ("table" varchar, a_row int, b_row int, a_line int, b_line int, child varchar, same boolean);
create table value ("table" varchar, a_row int, b_row int, "column" varchar, a varchar, b varchar);
"""


def common(one: pyarrow.Table, other: pyarrow.Table, identity: Identity) -> tuple[list[str], list[str]]:
    """The columns that both have, without counters, and those that one has alone."""
    beside = {"row", "line"} | identity.counters
    here, there = ([name for name in each.column_names if name not in beside] for each in (one, other))
    return [name for name in here if name in there], sorted(set(here) ^ set(there))


def pair(con: Any, table: str, identity: Identity, columns: list[str]) -> None:
    """Fill `pair` (`EMPTY` makes it) for one table, of what is there as `before` and `after`."""
    child = _trimmed(identity.child) if identity.child in columns else "''"
    told = [name for name in identity.columns if name in columns]
    for name, given in (("a", "before"), ("b", "after")):
        con.execute(_SIDE.format(name=name, given=given, child=child, told=_joined(told), whole=_joined(columns)))
    con.execute(_PAIR, {"table": table})


def _differing(con: Any, table: str, columns: list[str]) -> None:
    """Fill `value` with what differs between two rows that were paired."""
    for column in columns:
        con.execute(
            _VALUE.format(a=f"a.{_quoted(column)}", b=f"b.{_quoted(column)}"), {"table": table, "column": column}
        )


_SIDE = """
create or replace temp table {name} as
select row, line, {child} as child, {told} as told, {whole} as whole from {given}
"""
_PAIR = """
create or replace temp table step1 as
select a.row as a_row, b.row as b_row from
    (select row, whole, row_number() over (partition by whole order by row) as nth from a) a
join (select row, whole, row_number() over (partition by whole order by row) as nth from b) b using (whole, nth);
create or replace temp table a2 as select * from a where row not in (select a_row from step1);
create or replace temp table b2 as select * from b where row not in (select b_row from step1);
create or replace temp table step2 as
select a.row as a_row, b.row as b_row from
    (select row, child, told, row_number() over (partition by child, told order by row) as nth from a2) a
join (select row, child, told, row_number() over (partition by child, told order by row) as nth from b2) b
    using (child, told, nth);
create or replace temp table a3 as select * from a2 where row not in (select a_row from step2);
create or replace temp table b3 as select * from b2 where row not in (select b_row from step2);
create or replace temp table step3 as
select a.row as a_row, b.row as b_row from
    (select child, min(row) as row from a3 where child <> '' group by child having count(*) = 1) a
join (select child, min(row) as row from b3 where child <> '' group by child having count(*) = 1) b using (child);
insert into pair
select $table, a.row, b.row, a.line, b.line, a.child, true
from step1 join a on a.row = a_row join b on b.row = b_row
union all
select $table, a.row, b.row, a.line, b.line, a.child, false
from (from step2 union all from step3) step join a on a.row = a_row join b on b.row = b_row
union all
select $table, a.row, null, a.line, null, a.child, false from a3 a where row not in (select a_row from step3)
union all
select $table, null, b.row, null, b.line, b.child, false from b3 b where row not in (select b_row from step3);
"""
_VALUE = """
insert into value
select $table, p.a_row, p.b_row, $column, {a}, {b}
from pair p join before a on a.row = p.a_row join after b on b.row = p.b_row
where p."table" = $table and not p.same and upper(trim(coalesce({a}, ''))) <> upper(trim(coalesce({b}, '')))
"""


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _trimmed(column: str) -> str:
    return f"trim(coalesce({_quoted(column)}, ''))"


def _joined(columns: list[str]) -> str:
    return f"concat_ws(chr(31), {', '.join(f'upper({_trimmed(name)})' for name in columns)})" if columns else "''"


def _balances(con: Any) -> list[Balance]:
    rows = con.execute(
        'select "table", count(a_row), count(*) filter (where b_row is null), count(*) filter (where a_row is null),'
        " count(*) filter (where a_row is not null and b_row is not null and not same), count(*) filter (where same),"
        ' count(b_row) from pair group by "table" order by "table"'
    ).fetchall()
    return [Balance(*row) for row in rows]


def _children(con: Any) -> Balance:
    """Children of the two sets; one is the same when each of its rows is."""
    row = con.execute(
        "select count(*) filter (where a), count(*) filter (where not b), count(*) filter (where not a),"
        " count(*) filter (where a and b and not same), count(*) filter (where a and b and same),"
        " count(*) filter (where b) from (select child, bool_or(a_row is not null) as a,"
        " bool_or(b_row is not null) as b, bool_and(same) as same from pair where child <> '' group by child)"
    ).fetchone()
    return Balance(CHILDREN, *row)


def _changes(con: Any) -> list[Change]:
    rows = con.execute(
        'select case when v."column" is not null then ? when p.b_row is null then ? else ? end as what, p."table",'
        " p.child, coalesce(v.\"column\", ''), coalesce(v.a, ''), coalesce(v.b, ''), p.a_line, p.b_line"
        ' from pair p left join value v on v."table" = p."table" and v.a_row = p.a_row and v.b_row = p.b_row'
        ' where not p.same order by p.child, p."table", coalesce(p.a_line, p.b_line), p.a_row, p.b_row, v."column"',
        [CHANGED, LEFT, ENTERED],
    ).fetchall()
    return [Change(*row) for row in rows]
