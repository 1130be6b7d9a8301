"""Whose return it is: the children a case system knows, who they were linked with, and the single values told of them.

Everything here fills temporary tables of the running transaction, by sets: `b_case` (the children), `b_member` (each
child's own subject and those linked to it at the instant, with the place their source has in `precedence`), `b_person`
(one value of each kind a child, with the delivery and line that told it).
"""

from __future__ import annotations

from collections.abc import Iterable

from fairhold.access import Scope
from fairhold.returns.building.domain import AsAt, BuildError
from fairhold.returns.building.mapping import Told
from fairhold.returns.building.precedence import CASE_SYSTEM, places
from fairhold.returns.building.values import until_then

BETWEEN = "chr(31)"  # stands between a value and where it is from; taken out of values

_CASE = f"""
create temporary table b_case on commit drop as
select s.id as subject_id, s.key as child from system.subject s join system.source o on o.id = s.source_id
where o.kind = '{CASE_SYSTEM}'
"""
# Linked with a child at the instant: its own subject, and all that standing links join to it.
_MEMBER = """
create temporary table b_member on commit drop as
with recursive standing as materialized (
    select id, low, high from people.link where made_at <= %(known)s and (undone_at is null or undone_at > %(known)s)
), edge as (
    select low as one, high as other from standing union all select high, low from standing
), reach (child_id, subject_id) as (
    select subject_id, subject_id from b_case where subject_id in (select one from edge)
    union select r.child_id, e.other from reach r join edge e on e.one = r.subject_id
)
select r.child_id, r.subject_id, o.kind from reach r
join system.subject s on s.id = r.subject_id join system.source o on o.id = s.source_id
where r.child_id <> r.subject_id
union all select subject_id, subject_id, 'own' from b_case
"""
_LINKS = """
select l.id from people.link l where l.made_at <= %(known)s and (l.undone_at is null or l.undone_at > %(known)s)
    and exists (select from b_member m where m.child_id = any(%(children)s) and m.subject_id = l.low)
    and exists (select from b_member m where m.child_id = any(%(children)s) and m.subject_id = l.high)
order by l.id
"""


def gather(scope: Scope, as_at: AsAt) -> None:
    """Fill `b_case` and `b_member`; BuildError where there is no one case system whose return it could be."""
    sources = scope.value("select count(*) as n from system.source where kind = %s", (CASE_SYSTEM,))
    if sources != 1:
        raise BuildError(
            f"A return is one case system's account, but {sources or 'no'} case systems are registered as sources: see"
            " fairhold sources list."
        )
    scope.run(_CASE)
    scope.run(_MEMBER, {"known": as_at.known})
    scope.run("create index on b_member (child_id)")
    scope.run("analyze b_case")
    scope.run("analyze b_member")


def links(scope: Scope, as_at: AsAt, children: list[int]) -> list[int]:
    """The numbers of the links in force among these children and who they were linked with."""
    params = {"known": as_at.known, "children": children}
    return [row["id"] for row in scope.rows(_LINKS, params)]


def person(scope: Scope, as_at: AsAt, columns: Iterable[Told], form: str) -> None:
    """Fill `b_person` with one cell a column: the value, its delivery and its line, as `person_cell` takes apart."""
    by_fact: dict[tuple[str, str], list[Told]] = {}
    for column in columns:
        by_fact.setdefault((column.of, column.only), []).append(column)
    joined, named = [], []
    for number, ((fact, only), told) in enumerate(by_fact.items()):
        joined.append(
            f"left join ({_chosen(fact, only, told, as_at, form)}) p{number} on p{number}.child_id = b.subject_id"
        )
        named += [f'p{number}."{one.name}.{one.only}"' for one in told]
    scope.run(
        f"create temporary table b_person on commit drop as select b.subject_id{''.join(', ' + n for n in named)}"
        f" from b_case b {' '.join(joined)}",
        {"known": as_at.known, "valid": as_at.valid},
    )
    scope.run("create index on b_person (subject_id)")
    scope.run("analyze b_person")


def person_cell(told: Told, of: str = "p") -> tuple[str, str, str]:
    """Value, delivery and line out of a cell of `b_person`."""
    cell = f'{of}."{told.name}.{told.only}"'
    return (
        f"split_part({cell}, {BETWEEN}, 1)",
        f"nullif(split_part({cell}, {BETWEEN}, 2), '')::bigint",
        f"nullif(split_part({cell}, {BETWEEN}, 3), '')::int",
    )


def _chosen(fact: str, only: str, told: list[Told], as_at: AsAt, form: str) -> str:
    """One row a child: of each source its newest row, of the sources the first in place that says anything."""
    order = " ".join(f"when '{kind}' then {place}" for kind, place in places(fact, as_at.valid).items())
    asked = ", ".join(f"'{kind}'" for kind in places(fact, as_at.valid))
    kind = f"and f.kind = '{only}'" if only else ""
    values = ", ".join(f'{until_then("f", one, form)} as "v{at}"' for at, one in enumerate(told))
    picked = ", ".join(f'{_first(f"v{at}")} as "{one.name}.{one.only}"' for at, one in enumerate(told))
    return f"""
select child_id, {picked} from (
    select distinct on (m.child_id, m.subject_id) m.child_id, m.subject_id, f.delivery_id, f.line,
        case m.kind when 'own' then 0 {order} end as place, {values}
    from b_member m join {fact} f on f.subject_id = m.subject_id {kind}
        and f.known_from <= %(known)s and %(known)s < f.known_until and f.until_date > %(valid)s
    where m.kind in ('own', {asked})
    order by m.child_id, m.subject_id, f.from_date desc, f.id desc
) newest group by child_id"""


def _first(value: str) -> str:
    """The first value in place that says anything, else that the first is blank; each with its delivery and line."""
    place = f"{BETWEEN} || delivery_id || {BETWEEN} || line"
    says = f"(array_agg(replace(\"{value}\", {BETWEEN}, '') || {place} order by place, subject_id)"
    says += f" filter (where \"{value}\" <> ''))[1]"
    return f"coalesce({says}, (array_agg({place} order by place, subject_id))[1])"
