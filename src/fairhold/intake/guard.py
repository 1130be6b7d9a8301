"""Protection: which subjects the council's register means, and whom linking leaves alone. In doubt, protect."""

from __future__ import annotations

from collections.abc import Sequence

from fairhold.access import Scope
from fairhold.dates import clock
from fairhold.intake.domain import ProtectedChild

# By number; by surname and birth date; or by both names where the birth date is unknown or differs in one part.
_MEANT = """
with touched as materialized ({touched}),
names as materialized (
    select distinct n.subject_id, system.plain(n.surname) as surname, system.plain(n.forename) as forename
    from people.name n join touched using (subject_id) where n.known_until = 'infinity'
    union
    select n.subject_id, system.plain(n.former_surname), system.plain(n.forename)
    from people.name n join touched using (subject_id) where n.known_until = 'infinity' and n.former_surname is not null
),
births as materialized (
    select distinct b.subject_id, b.date_of_birth as born
    from people.birth b join touched using (subject_id) where b.known_until = 'infinity'
),
listed as materialized (
    select upn, system.plain(surname) as surname, system.plain(forename) as forename, date_of_birth as born, guard
    from people.protection
),
meant as (
    select i.subject_id, p.guard from people.identifier i join touched using (subject_id)
    join listed p on p.upn = i.value where i.kind in ('upn', 'former_upn') and i.known_until = 'infinity'
    union all
    select n.subject_id, p.guard from names n join births b using (subject_id)
    join listed p on p.surname = n.surname and p.born = b.born
    union all
    select n.subject_id, p.guard from names n left join births b using (subject_id)
    join listed p on p.surname = n.surname and p.forename = n.forename
    where b.born is null or p.born is null or 2 <= (extract(year from b.born) = extract(year from p.born))::int
        + (extract(month from b.born) = extract(month from p.born))::int
        + (extract(day from b.born) = extract(day from p.born))::int
        or (extract(year from b.born) = extract(year from p.born)
            and extract(day from b.born) = extract(month from p.born)
            and extract(month from b.born) = extract(day from p.born))
)
select m.subject_id, max(m.guard) as guard from meant m join system.subject s on s.id = m.subject_id
where s.guard < m.guard group by m.subject_id
"""
# Whoever lives where a protected address is tells it with their own: brothers and sisters whom no register names. So
# does a home whose child the register lists twice, as restricted and for its address.
_AT_HOME = """
with home as materialized (
    select distinct uprn, upper(replace(postcode, ' ', '')) as postcode,
        system.plain(concat_ws(' ', saon, paon, street, line_1)) as place
    from people.address a join system.subject s on s.id = a.subject_id
    where a.known_until = 'infinity' and a.until_date = 'infinity' and (s.guard = 1 or s.guard = 2 and exists (
        select from people.protection p
        left join people.identifier i on i.subject_id = s.id and i.value = p.upn and i.kind in ('upn', 'former_upn')
        left join people.name n on n.subject_id = s.id and system.plain(n.surname) = system.plain(p.surname)
        left join people.birth b on b.subject_id = s.id and b.date_of_birth = p.date_of_birth
        where p.guard = 1 and (i.value is not null or n.surname is not null
            and (b.date_of_birth is not null or system.plain(n.forename) = system.plain(p.forename)))))
), touched as materialized ({touched}), near as (
    select a.subject_id, system.plain(concat_ws(' ', a.saon, a.paon, a.street, a.line_1)) = h.place or a.uprn = h.uprn
        as same
    from people.address a join touched using (subject_id)
    join home h on h.postcode = upper(replace(a.postcode, ' ', '')) where a.known_until = 'infinity'
)
select n.subject_id, 1 as guard from near n join system.subject s on s.id = n.subject_id
where n.same and s.guard = 0 group by n.subject_id
"""
_OF_THIS_CALL = """
select distinct w.subject_id from in_subject w join in_delivery v using (d) where w.fresh or exists (
    select from people.name f where f.subject_id = w.subject_id and f.delivery_id = v.delivery_id
    union all select from people.birth f where f.subject_id = w.subject_id and f.delivery_id = v.delivery_id
    union all select from people.identifier f where f.subject_id = w.subject_id and f.delivery_id = v.delivery_id)
"""
_SPOKEN_OF = "select distinct subject_id from in_subject"
_OF_ALL = "select id as subject_id from system.subject"

# Adopted children, and whoever shares a number with one: the old and the new identity are never joined by rule.
_APART = """
with adopted as (
    select subject_id from social_care.adoption where known_until = 'infinity'
    union select subject_id from social_care.episode where end_reason in ('E11', 'E12') and known_until = 'infinity'
    union select subject_id from social_care.need_episode where closure_reason = 'RC1' and known_until = 'infinity'
    union select subject_id from social_care.permanence
    where (placed_date is not null or order_type ilike '%%adopt%%') and known_until = 'infinity'
    union select id from system.subject where apart
), numbers as (
    select i.value from people.identifier i join adopted using (subject_id)
    where i.kind in ('upn', 'former_upn') and i.known_until = 'infinity'
), alike as (
    select subject_id from adopted
    union select subject_id from people.identifier
    where kind in ('upn', 'former_upn') and known_until = 'infinity' and value in (select value from numbers)
)
update system.subject set apart = true where id in (select subject_id from alike) and not apart
"""


def protect_new(scope: Scope) -> int:
    """Guard the subjects that the files just stored brought, renamed or moved to a protected home; returns how many."""
    set_apart(scope)
    if not scope.value("select exists (select from people.protection) as some"):
        return 0
    raised = _raise(scope, _MEANT.format(touched=_OF_THIS_CALL))
    return raised + _raise(scope, _AT_HOME.format(touched=_OF_ALL if raised else _SPOKEN_OF))


def protect_all(scope: Scope) -> int:
    """Guard everyone the register means, after the register itself has changed; returns how many."""
    return _raise(scope, _MEANT.format(touched=_OF_ALL)) + _raise(scope, _AT_HOME.format(touched=_OF_ALL))


def _raise(scope: Scope, query: str) -> int:
    # Tables filled a moment ago have no statistics: told so, the planner hashes instead of comparing all pairs.
    scope.run("set local enable_nestloop = off")
    found = scope.rows(query)
    scope.run("set local enable_nestloop = on")
    if not found:
        return 0
    subjects, guards = [row["subject_id"] for row in found], [row["guard"] for row in found]
    raised: int = scope.value("select system.raise_guard(%s::bigint[], %s::smallint[])", (subjects, guards))
    return raised


def set_apart(scope: Scope) -> int:
    """Mark adopted children, so that linking leaves them alone; returns how many were not marked before."""
    return scope.run(_APART)


def add_register(scope: Scope, delivery: int, children: Sequence[ProtectedChild]) -> int:
    """Add the register's entries that were not known; returns how many. An entry left out later still protects."""
    scope.run(
        "create temporary table if not exists in_protection (row int, upn text, surname text, forename text,"
        " date_of_birth date, guard smallint, from_date date) on commit delete rows"
    )
    columns = ("row", "upn", "surname", "forename", "date_of_birth", "guard", "from_date")
    scope.copy("in_protection", columns, [tuple(getattr(child, name) for name in columns) for child in children])
    names = ", ".join(columns)
    same = " and ".join(f"p.{name} is not distinct from i.{name}" for name in columns[1:])
    return scope.run(
        f"insert into people.protection (delivery_id, known_from, {names}) select %s, %s, {names} from in_protection i"
        f" where not exists (select from people.protection p where {same})",
        (delivery, clock.now()),
    )
