"""Compares the tables of a build with those that were delivered, by sets, with one spelling for every value.

What the two sets show by themselves gets its reason here: another spelling, a row that stands twice or says nothing,
and a row that the record holds but the year does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fairhold.engine.columns import duck
from fairhold.returns.building.alike import plain
from fairhold.returns.building.difference import CHANGED, ENTERED, LEFT, Difference, Differences, Sets
from fairhold.returns.building.reasons import Reason
from fairhold.returns.loading import Given
from fairhold.returns.workspace.comparing import EMPTY, common, pair
from fairhold.returns.workspace.identity import Identity

if TYPE_CHECKING:
    import pyarrow


def compare(sets: Sets, identities: Mapping[str, Identity]) -> Differences:
    """Every difference of the tables that either has."""
    found, con = Differences(), duck()
    try:
        con.execute(EMPTY)
        for table, identity in identities.items():
            if table in sets.delivered or table in sets.built:
                _Comparison(con, sets, table, identity).into(found)
    finally:
        con.close()
    return found


def in_columns(given: Given) -> pyarrow.Table:
    """Rows as sent, in columns, with number and line of each."""
    import pyarrow as pa  # noqa: PLC0415 (a check of files does without it)

    numbers, rows = [], []
    for number, cells in given.sheet.rows():
        numbers.append(number)
        rows.append(cells)
    by_column = list(zip(*rows, strict=True)) if rows else [() for _ in given.sheet.header]
    columns = {name: pa.array(by_column[at], pa.string()) for name, at in given.recognised.positions.items()}
    lines = [given.sheet.line(number) for number in numbers]
    return pa.table({"row": pa.array(numbers, pa.int32()), "line": pa.array(lines, pa.int32()), **columns})


# Two rows of a child are the same row only where they name the same item.
_UNLIKE = """
create or replace temp table unlike as
select p."table", p.a_row, p.b_row, p.a_line, p.b_line, p.child
from pair p join a on a.row = p.a_row join b on b.row = p.b_row where p."table" = ? and a.told <> b.told
"""
_APART = """
delete from pair p using unlike u where p."table" = u."table" and p.a_row = u.a_row and p.b_row = u.b_row;
insert into pair select "table", a_row, null, a_line, null, child, false from unlike
union all select "table", null, b_row, null, b_line, child, false from unlike
"""


class _Comparison:
    """One table of both sets. `sent_before` and `sent_after` are its rows as they are, `before` and `after` with one
    spelling a value; `a` and `b` hold of each row the child and what tells it apart (`told`)."""

    def __init__(self, con: Any, sets: Sets, table: str, identity: Identity) -> None:
        self.con, self.table, self.identity = con, table, identity
        self.part, self.every = sets.parts.get(table), sets.every.get(table)
        sides = [in_columns(side[table]) if table in side else None for side in (sets.delivered, sets.built)]
        some = next(side for side in sides if side is not None)
        self.before, self.after = (some.slice(0, 0) if side is None else side for side in sides)
        names, _ = common(self.before, self.after, identity)
        official = {told.column for told in self.part.columns} | {identity.child} if self.part else set(names)
        # The codes of a list stand in a table of their own, row by row.
        self.columns = [name for name in names if name in official]
        counters = sorted(identity.counters & set(some.column_names))
        self.plain = plain(sets.declared[table], self.part, [*self.columns, *counters])

    def into(self, found: Differences) -> None:
        """Add the differences of this table."""
        self._lay_out("before", self.before)
        self._lay_out("after", self.after)
        pair(self.con, self.table, self.identity, self.columns)
        self.con.execute(_UNLIKE, [self.table])
        self.con.execute(_APART)
        query = 'select count(a_row), count(b_row), count(*) filter (where same) from pair where "table" = ?'
        (found.rows[self.table],) = self.con.execute(query, [self.table]).fetchall()
        found.found += [*self._alone(), *self._values()]

    def _lay_out(self, name: str, rows: pyarrow.Table) -> None:
        self.con.register(f"sent_{name}", rows)
        shown = ", ".join(f"{made} as {_quoted(column)}" for column, made in self.plain.items())
        self.con.execute(f"create or replace temp table {name} as select row, line, {shown} from sent_{name}")

    def _alone(self) -> list[Difference]:
        """Rows that only one side has."""
        self._lay_out_left_out()
        own = [name for name in self.plain if name not in self._shared]
        same = " and ".join(f"x.{_quoted(name)} = o.{_quoted(name)}" for name in own)
        says = [f"o.{_quoted(name)}" for name in own if name in self.columns and name != self.identity.child]
        query = f"""
select p.a_row, p.b_row, p.a_line, p.child,
    exists (select 1 from before x join pair q on q."table" = $table and q.a_row = x.row and q.b_row is not null
        where x.row <> o.row and {same}) as copy,
    {" || ".join(says) or "'says'"} = '' as silent,
    exists (select 1 from left_out l where l.child = a.child and l.told = a.told) as of_another_year
from pair p left join before o on o.row = p.a_row left join a on a.row = p.a_row
where p."table" = $table and (p.a_row is null or p.b_row is null) order by p.a_row, p.b_row"""
        rows = self.con.execute(query, {"table": self.table}).fetchall()
        return [
            self._one_alone(place, reasons) for *place, copy, silent, year in rows for reasons in [(copy, silent, year)]
        ]

    def _one_alone(self, place: tuple[Any, ...], holds: tuple[bool, ...]) -> Difference:
        file_row, row, line, child = place
        if file_row is None:
            return Difference(ENTERED, self.table, child, "", "", "", file_row, line, row)
        one = Difference(LEFT, self.table, child, "", "", "", file_row, line, row)
        known = zip((Reason.COPY, Reason.SILENT, Reason.NOT_OF_YEAR), holds, strict=True)
        one.reason = next((reason for reason, it_holds in known if it_holds), Reason.UNEXPLAINED)
        if one.reason is Reason.NOT_OF_YEAR and self.part:
            one.why = self.part.sentence
        return one

    @cached_property
    def _shared(self) -> frozenset[str]:
        """Columns that say the same in all rows of a child, because the record has them once."""
        if self.part is None or self.part.fact is None:
            return frozenset()
        return frozenset(told.column for told in self.part.columns if self.part.single(told))

    def _lay_out_left_out(self) -> None:
        """`left_out`: of rows that do not belong into the year, whose they are and what tells them apart."""
        import pyarrow as pa  # noqa: PLC0415 (a check of files does without it)

        every = self.every
        rows = sorted(every.left_out) if every else []
        names = [name for name in self.identity.columns if name in self.columns]
        columns = {"child_of_row": pa.array([every.children[row] for row in rows] if every else [], pa.string())}
        for name in names:
            at = every.columns.index(name) if every else 0
            columns[name] = pa.array([every.rows[row][at] for row in rows] if every else [], pa.string())
        self.con.register("sent_left_out", pa.table(columns))
        told = ", ".join(self.plain[name] for name in names)
        self.con.execute(
            "create or replace temp table left_out as select trim(child_of_row) as child,"
            f" {f'concat_ws(chr(31), {told})' if told else chr(39) * 2} as told from sent_left_out"
        )

    def _values(self) -> list[Difference]:
        """Values that differ between two rows that are one, by what they say or by how they are spelled."""
        each = [
            f"{{'name': '{name}', 'sent': coalesce(s.{_quoted(name)}, ''), 'made': coalesce(t.{_quoted(name)}, ''),"
            f" 'differs': x.{_quoted(name)} <> y.{_quoted(name)}}}"
            for name in self.columns
        ]
        query = f"""
select a_row, b_row, a_line, child, v.name, v.sent, v.made, v.differs from (
    select p.a_row, p.b_row, p.a_line, p.child, unnest([{", ".join(each)}]) as v
    from pair p join sent_before s on s.row = p.a_row join sent_after t on t.row = p.b_row
    join before x on x.row = p.a_row join after y on y.row = p.b_row
    where p."table" = ?
) each where v.sent <> v.made order by a_row, v.name"""
        found = []
        for file_row, row, line, child, name, sent, made, differs in self.con.execute(query, [self.table]).fetchall():
            reason = Reason.UNEXPLAINED if differs else Reason.SPELLING
            found.append(Difference(CHANGED, self.table, child, name, sent, made, file_row, line, row, reason))
        return found


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
