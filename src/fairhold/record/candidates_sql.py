"""The question behind `candidates`, put together from the parts a purpose may ask.

A person's values are taken from the source that knew them last; a birth date only where all sources agree. What a body
outside gave us is told by the delivery it came in.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

MAY_PLACE = frozenset({"youth-support", "data-intake"})
"""Purposes that may ask whether an address lies in the borough (the grant of `system.lives_in`)."""

_ON = "{0}.known_until = 'infinity' and {0}.from_date <= %(day)s and %(day)s < {0}.until_date"
_LINES = ("saon", "paon", "street", "locality", "town", "line_1", "line_2", "line_3", "line_4", "line_5")
_ADDRESS = f"concat_ws(', ', {', '.join(f'a.{name}' for name in _LINES)}, coalesce(a.post_town, a.county))"
_NEWEST = "order by s.person, {0}.from_date desc, {0}.id desc"

# Each way to say who is asked about leaves `born` (births of those people) and `person`.
_BORN = f"""
born as materialized (
    select coalesce(m.person_id, b.subject_id) as person, b.subject_id, b.date_of_birth, b.sex, b.delivery_id, b.guard
    from people.birth b left join people.membership m on m.subject_id = b.subject_id
    where {_ON.format("b")}{{only}}
), person as materialized (
    select person, case when count(distinct date_of_birth) = 1 then min(date_of_birth) end as date_of_birth
    from born group by person{{having}}
)"""
YOUNG = _BORN.format(only="", having=" having max(date_of_birth) > %(oldest)s and min(date_of_birth) <= %(youngest)s")
_ASKED = """
asked as materialized (
    select distinct coalesce(m.person_id, w.id) as person
    from ({ids}) w left join people.membership m on m.subject_id = w.id
), of_asked as materialized (
    select person as subject_id from asked
    union select m.subject_id from asked join people.membership m on m.person_id = asked.person
),"""
_ONLY = " and b.subject_id in (select subject_id from of_asked)"
NAMED = _ASKED.format(ids="select unnest(%(persons)s::bigint[]) as id") + _BORN.format(only=_ONLY, having="")
PUPILS = _ASKED.format(
    ids=f"select y.subject_id as id from education.year_group y where {_ON.format('y')} and y.nc_year is not null"
) + _BORN.format(only=_ONLY, having="")


class Part(NamedTuple):
    """One part of the answer: the table it reads, its own question, and what it adds to a person's row.

    `fields` are those of the gate that need it; without any it is always asked. `origin`: the field, and the deliveries
    its value rests on.
    """

    name: str
    table: str
    cte: str
    columns: tuple[tuple[str, str], ...]
    fields: frozenset[str]
    origin: tuple[tuple[str, str], ...]


def _part(name: str, table: str, body: str, *told: str) -> Part:
    """`told`: what it adds, the fields that need it, the deliveries it rests on (each "name=column" or words)."""
    columns, fields, origin = (*told, "", "")[:3]
    pairs = tuple((one.partition("=")[0], one.partition("=")[2]) for one in columns.split())
    rests = tuple((one.partition("=")[0], one.partition("=")[2]) for one in origin.split())
    return Part(name, table, body, pairs, frozenset(fields.split()), rests)


def _list(name: str, table: str, text: str, column: str, *, also: str = "") -> Part:
    """A field that is one text made of everything the table says of a child on the day."""
    body = f"""select s.person, string_agg(distinct {text}, ', ') as told, array_agg(t.delivery_id) as deliveries
    from subject s join {table} t using (subject_id) where {_ON.format("t")}{also} group by s.person"""
    return _part(name, table, body, f"{column}=told", column, f"{column}={name}.deliveries")


def _links(name: str, table: str, value: str, column: str, *, also: str = "") -> Part:
    body = f"""select s.person, array_remove(array_agg(distinct {value}), null) as told
    from subject s join {table} t using (subject_id) where {_ON.format("t")}{also} group by s.person"""
    return _part(name, table, body, f"{column}=told")


PARTS = (
    _part("name", "people.name",
        f"""select distinct on (s.person) s.person, n.surname, n.forename, array[n.delivery_id] as deliveries
    from subject s join people.name n using (subject_id) where {_ON.format("n")} {_NEWEST.format("n")}""",
        "surname=surname forename=forename", "name", "name=name.deliveries"),
    _part("address", "people.address",
        f"""select distinct on (s.person) s.person, nullif({_ADDRESS}, '') as address, a.postcode,
        array[a.delivery_id] as deliveries
    from subject s join people.address a using (subject_id) where {_ON.format("a")} {_NEWEST.format("a")}""",
        "address=address postcode=postcode", "address", "address=address.deliveries"),
    _part("roll", "education.enrolment",
        f"""select s.person, array_remove(array_agg(distinct e.lea || e.estab), null) as rolls,
        (array_agg(e.school_name order by e.entry_date desc))[1] as school, array_agg(e.delivery_id) as deliveries
    from subject s join education.enrolment e using (subject_id) where {_ON.format("e")} group by s.person""",
        "school=school rolls=rolls", "", "school=roll.deliveries"),
    _part("year", "education.year_group",
        f"""select distinct on (s.person) s.person, y.nc_year, array[y.delivery_id] as deliveries
    from subject s join education.year_group y using (subject_id) where {_ON.format("y")} {_NEWEST.format("y")}""",
        "nc_year=nc_year", "year_group", "year_group=year.deliveries"),
    _part("attendance", "education.attendance",
        f"""select s.person, sum(t.sessions_attended) as attended, sum(t.sessions_possible) as possible,
        array_agg(t.delivery_id) as deliveries
    from subject s join education.attendance t using (subject_id)
    where {_ON.format("t")} and t.year = %(year)s group by s.person""",
        "attended=attended possible=possible", "attendance_band", "attendance_band=attendance.deliveries"),
    _part("support", "send.provision",
        f"""select s.person, bool_or(v.provision <> 'N' and {_ON.format("v")}) as send,
        array_agg(v.delivery_id) as deliveries
    from subject s join send.provision v using (subject_id) where v.known_until = 'infinity' group by s.person""",
        "send=send", "", "send_support=support.deliveries"),
    _part("offer", "education.application",
        f"""select s.person, array_remove(array_agg(distinct t.provider_no), null) as told,
        string_agg(distinct t.provider_name, ', ') filter (where t.status = 'accepted') as destination,
        array_agg(t.delivery_id) as deliveries
    from subject s join education.application t using (subject_id)
    where {_ON.format("t")} and t.status in ('applied', 'offered', 'accepted') group by s.person""",
        "applied_to=told planned_destination=destination", "", "planned_destination=offer.deliveries"),
    _part("sex", "people.birth",
        """select person, case when count(distinct sex) = 1 then min(sex) end as sex,
        array_agg(delivery_id) as deliveries from born group by person""",
        "sex=sex", "sex", "sex=sex.deliveries"),
    _list("upn", "people.identifier", "t.value", "upn", also=" and t.kind = 'upn'"),
    _list("ethnicity", "people.ethnicity", "t.ethnicity", "ethnicity"),
    _list("language", "people.language", "t.language", "language", also=" and t.kind = 'F'"),
    _list("phone", "people.phone", "t.number", "phone"),
    _list("email", "people.email", "t.email", "email"),
    _list("parent", "parents.contact", "concat_ws(' ', t.forename, t.surname)", "parent_name",
        also=" and t.responsibility"),
    _part("meals", "education.free_meals",
        f"""select s.person, case when bool_or({_ON.format("t")}) then 'yes' else 'no' end as told,
        array_agg(t.delivery_id) as deliveries
    from subject s join education.free_meals t using (subject_id) where t.known_until = 'infinity' group by s.person""",
        "fsm=told", "fsm", "fsm=meals.deliveries"),
    _list("attainment", "education.assessment",
        "concat_ws(' ', t.stage, t.year, t.subject, t.method, t.component, t.result)", "attainment"),
    _list("health", "send.disability", "t.code", "health_condition"),
    _list("orders", "social_care.legal_status", "t.status", "court_orders"),
    _part("care", "social_care.need_episode",
        f"""select s.person, case when bool_or(e.subject_id is not null) then 'in care'
            when bool_or(p.subject_id is not null) then 'child protection plan' else 'child in need' end as told,
        array_remove(array_agg(t.delivery_id) || array_agg(e.delivery_id) || array_agg(p.delivery_id), null)
            as deliveries
    from subject s left join social_care.need_episode t on t.subject_id = s.subject_id and {_ON.format("t")}
    left join social_care.episode e on e.subject_id = s.subject_id and {_ON.format("e")}
    left join social_care.protection_plan p on p.subject_id = s.subject_id and {_ON.format("p")}
    where coalesce(t.subject_id, e.subject_id, p.subject_id) is not null group by s.person""",
        "social_care_status=told", "social_care_status", "social_care_status=care.deliveries"),
    _links("placement", "social_care.placement", "t.urn", "placed_with"),
    _links("authority", "social_care.in_care", "t.care_authority", "linked_councils", also=" and t.in_care"),
)  # fmt: skip
_COLUMNS = tuple(dict.fromkeys(column for part in PARTS for column, _ in part.columns))
FURTHER = tuple(
    sorted({name for part in PARTS for name in part.fields} - {"name", "address", "year_group", "attendance_band"})
)
"""The fields of the gate that are no column of their own in a candidate."""


@cache
def query(who: str, seen: frozenset[str], fields: tuple[str, ...], places: bool) -> str:
    """The question for a purpose that may see these tables, for whoever `who` says, about these fields.

    `places`: whether it may be told that an address lies in the borough.
    """
    asked = [part for part in PARTS if part.table in seen and (not part.fields or part.fields & set(fields))]
    told = {column: f'"{part.name}".{value}' for part in asked for column, value in part.columns}
    columns = ", ".join(f"{told.get(column, 'null')} as {column}" for column in _COLUMNS)
    origins = [("date_of_birth", "birth.deliveries")] + [one for part in asked for one in part.origin]
    values = ", ".join(f"('{name}', {_quoted(deliveries)})" for name, deliveries in origins)
    ctes = "".join(f', "{part.name}" as (\n    {part.cte}\n)' for part in asked)
    joins = " ".join(f'left join "{part.name}" using (person)' for part in asked)
    living = """
), living as materialized (
    select subject_id, lives_in
    from system.lives_in((select array_agg(subject_id) from subject), %(outward)s, %(day)s)"""
    resident = "bool_or(l.lives_in)" if places else "null::boolean"
    return f"""
with given as materialized (
    select array_agg(d.id) as deliveries, s.origin from system.delivery d join system.source s on s.id = d.source_id
    where s.origin <> 'council' group by s.origin
), {who.lstrip()}, subject as materialized (
    select p.person, b.subject_id, b.guard from person p join born b using (person){living if places else ""}
), birth as (
    select person, array_agg(delivery_id) as deliveries from born join person using (person) group by person
    having bool_and(delivery_id = any (array(select unnest(deliveries) from given)))
), guarded as (
    select s.person, max(s.guard) as guard, array_agg(distinct s.subject_id order by s.subject_id) as subjects,
        {resident} as resident
    from subject s{" left join living l using (subject_id)" if places else ""} group by s.person
){ctes}
select p.person, g.subjects, p.date_of_birth, g.resident, g.guard, {columns},
    (select jsonb_object_agg(f.field, g.origin) from given g, (values {values}) as f (field, deliveries)
        where f.deliveries && g.deliveries) as given
from person p join guarded g using (person) {joins} left join birth using (person)
order by p.person
"""


def _quoted(deliveries: str) -> str:
    part, _, column = deliveries.partition(".")
    return f'"{part}".{column}'
