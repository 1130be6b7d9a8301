"""A file that left, explained value by value: what was decided, by which law or consent, and where it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from fairhold import policy
from fairhold.access import Scope, verb
from fairhold.sharing import forms
from fairhold.sharing.shares import ShareError

PAGE: Final = 20_000  # cells read at once


@dataclass(frozen=True)
class Cell:
    """One cell: its line (from 1, without the heading) and field, and what it rests on.

    `way` and `law` are those that let it go; `rule` is what refused it, and then the cell is blank. `consent` is the
    number of the choice, with who gave it and since when. `fault` says what is missing where it is not explained.
    """

    line: int
    field: str
    way: str | None
    law: str | None
    rule: str | None
    consent: int | None
    by: str | None
    since: date | None
    source: str | None
    delivery: int | None
    source_line: int | None
    fault: str | None


@dataclass(frozen=True)
class OfField:
    """How the cells of one field are explained. `made_here`: pseudonyms, which come from nowhere else."""

    field: str
    cells: int
    by_law: int
    by_consent: int
    to_protect: int
    refused: int
    not_held: int
    made_here: int
    unexplained: int


@dataclass(frozen=True)
class Traced:
    """A file found. `values_read`: the opened rows were given, so that each filled cell is known to be one."""

    share: int
    recipient: str
    policy_version: str
    rows: int
    values_read: bool
    fields: tuple[OfField, ...]

    @property
    def cells(self) -> int:
        """How many cells the file has, without its heading."""
        return sum(one.cells for one in self.fields)

    @property
    def unexplained(self) -> int:
        """How many of them nothing explains."""
        return sum(one.unexplained for one in self.fields)


# A filled cell needs a decision that lets it go, by consent a choice, and a source. A blank one was refused, or the
# record held nothing. Where only the package is at hand, a cell that may go and has no source counts as not held.
_TRACE = """
create temporary table traced on commit drop as
select l.line, f.field, f.place, d.way, d.law, d.rule, c.choice_id, c.delivery_id, c.source_line,
    coalesce(f.field = any(g.filled), f.field = 'pseudonym' or (c.delivery_id is not null and d.allowed), false)
        as filled, case
        when f.field = 'pseudonym' then null
        when d.share_id is null then 'nothing was decided'
        when not d.allowed and f.field = any(g.filled) then 'it was refused'
        when not d.allowed then null
        when d.law is null then 'no law was kept'
        when c.delivery_id is null and f.field = any(g.filled) then 'no source was kept'
        when d.way = 'consent' and c.choice_id is null and coalesce(f.field = any(g.filled), c.delivery_id is not null)
            then 'no consent was kept'
    end as fault
from system.share_line l join system.share_package k on k.share_id = l.share_id
cross join unnest(k.columns) with ordinality as f (field, place)
left join system.share_decision d on d.share_id = l.share_id and d.subject_id = l.subject_id and d.field = f.field
left join system.share_cell c on c.share_id = l.share_id and c.line = l.line and c.field = f.field
left join share_given g on g.line = l.line
where l.share_id = %s
"""
_FIELDS = """
select field, count(*) as cells, count(*) filter (where fault is null and filled and way = 'law') as by_law,
    count(*) filter (where fault is null and filled and way = 'consent') as by_consent,
    count(*) filter (where fault is null and filled and way = 'protect') as to_protect,
    count(*) filter (where fault is null and rule is not null) as refused,
    count(*) filter (where fault is null and rule is null and not filled) as not_held,
    count(*) filter (where fault is null and field = 'pseudonym' and filled) as made_here,
    count(*) filter (where fault is not null) as unexplained
from traced group by field, place order by place
"""
_CELLS = """
select t.line, t.field, t.way, t.law, t.rule, t.choice_id as consent, h.chosen_by as by, h.from_date as since,
    s.name as source, t.delivery_id as delivery, t.source_line, t.fault
from traced t left join people.choice h on h.id = t.choice_id
left join system.delivery v on v.id = t.delivery_id left join system.source s on s.id = v.source_id
where t.line > %s and t.line <= %s order by t.line, t.place
"""


@verb("disclosures.trace-file")
def trace_file(scope: Scope, *, data: bytes) -> Traced:
    """The share a file came from, found by its hash (the package, or the rows inside), and how its cells are explained.

    `cells` gives them one by one while the scope is open.
    """
    digest = hashlib.sha256(data).hexdigest()
    found = scope.one(
        "select s.id, p.name, s.policy_version, k.columns, k.rows, k.csv_sha256 = %(digest)s as opened, s.form"
        " from system.share_package k join system.share s on s.id = k.share_id"
        " join system.share_partner p on p.id = s.partner_id where %(digest)s in (k.sha256, k.csv_sha256)"
        " order by s.id desc limit 1",
        {"digest": digest},
    )
    if found is None:
        raise ShareError(
            "This file is not one that we sent, or somebody changed it: no share has its hash. Give the package as it"
            " was sent, or the rows out of it, unchanged."
        )
    _lay_out(scope, _filled(scope, found["form"], data) if found["opened"] else None)
    scope.run(_TRACE, (found["id"],))
    fields = tuple(OfField(**row) for row in scope.rows(_FIELDS))
    traced = Traced(found["id"], found["name"], found["policy_version"], found["rows"], found["opened"], fields)
    scope.tell(share=found["id"], sha256=digest, cells=traced.cells, unexplained=traced.unexplained)
    return traced


def cells(scope: Scope, traced: Traced) -> Iterator[Cell]:
    """Every cell of a file that was just traced, row by row."""
    step = max(1, PAGE // max(1, len(traced.fields)))
    for start in range(0, traced.rows, step):
        for row in scope.rows(_CELLS, (start, start + step)):
            yield Cell(**row)


def _lay_out(scope: Scope, filled: Iterator[tuple[int, list[str]]] | None) -> None:
    """Which cells of the given rows are filled; none where only the package was given."""
    scope.run("drop table if exists share_given, traced")
    scope.run("create temporary table share_given (line integer primary key, filled text[]) on commit drop")
    if filled is not None:
        scope.copy("share_given", ["line", "filled"], filled)
        scope.run("analyze share_given")


def _filled(scope: Scope, form: str, data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Row by row the fields that hold something, in whatever form the file is."""
    fields = policy.book(scope).on("policy_fields", scope.day.isoformat())
    table = forms.table(form, data, {row["field"]: row["title"] for row in fields} | {forms.PSEUDONYM: "Pseudonym"})
    return ((line, list(row)) for line, row in enumerate(table.rows, 1))
