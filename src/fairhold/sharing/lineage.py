"""What each value of a package rests on, kept when it is packed: the delivery and line it came in, and the consent.

Facts are disposed of in their time and joined records part again; what was said of a file that left must stay true.
"""

from __future__ import annotations

from fairhold.access import Scope

TABLES = {
    "name": "people.name",
    "address": "people.address",
    "date_of_birth": "people.birth",
    "sex": "people.birth",
    "upn": "people.identifier",
    "nhs_number": "people.identifier",
    "phone": "people.phone",
    "email": "people.email",
    "ethnicity": "people.ethnicity",
    "language": "people.language",
    "parent_name": "parents.contact",
    "school": "education.enrolment",
    "year_group": "education.year_group",
    "attendance_band": "education.attendance",
    "fsm": "education.free_meals",
    "attainment": "education.assessment",
    "send_support": "send.provision",
    "health_condition": "send.disability",
    "social_care_status": "social_care.need_episode",
}
"""Where the record holds what a field of the gate is made of. What no table holds can have no value either."""

_KINDS = {"upn": "kind = 'upn'", "nhs_number": "kind = 'nhs_number'"}

# The newest fact of each child on a row, of those in force: where several make up a value, the one that came last.
_SOURCE = """(
    select distinct on (o.line) o.line, '{field}' as field, f.delivery_id, f.line as source_line
    from share_subject o join {table} f using (subject_id)
    where f.known_until = 'infinity' and f.from_date <= %(day)s and %(day)s < f.until_date and {narrower}
        and '{field}' = any(o.allowed)
    order by o.line, f.from_date desc, f.id desc
)"""
_NO_SOURCE = """(
    select null::integer as line, null as field, null::bigint as delivery_id, null::integer as source_line where false
)"""
# Each line under every subject of its child, with the fields that may go and those of them that a consent opens.
_SUBJECTS = """
create temporary table share_subject on commit drop as
with going as (
    select subject_id, array_agg(field) as allowed, array_agg(field) filter (where way = 'consent') as by_consent
    from system.share_decision where share_id = %(share)s and allowed group by subject_id
), person as (
    select l.line, l.subject_id, coalesce(m.person_id, l.subject_id) as whole
    from system.share_line l left join people.membership m using (subject_id) where l.share_id = %(share)s
), told as (
    select line, subject_id as one, subject_id from person
    union select p.line, p.subject_id, m.subject_id from person p join people.membership m on m.person_id = p.whole
)
select t.line, t.subject_id, g.allowed, g.by_consent from told t join going g on g.subject_id = t.one
"""
# The consent that opens a field: of the young person's own or, under 16, of the parent, the newest in force that day.
# Line by line, so that the index only grows at its end.
_CELLS = """
insert into system.share_cell (share_id, line, field, delivery_id, source_line, choice_id)
select %(share)s, line, field, s.delivery_id, s.source_line, c.id
from ({sources}) s full join (
    select distinct on (o.line, field) o.line, field, t.id
    from share_subject o join people.choice t using (subject_id) cross join unnest(t.fields) as field
    where field = any(o.by_consent) and t.kind = 'consent' and t.recipient = %(recipient)s
        and t.from_date <= %(day)s and (t.to_date is null or %(day)s < t.to_date)
    order by o.line, field, t.chosen_by = 'young_person' desc, t.from_date desc, t.id desc
) c using (line, field)
order by line
"""


def keep(scope: Scope, share: int) -> None:
    """Write down what the values of a share that was just packed rest on. A table the purpose may not read is no source
    of anything it packed."""
    of = scope.one(
        "select s.fields, p.kind from system.share s join system.share_partner p on p.id = s.partner_id"
        " where s.id = %s",
        (share,),
    )
    assert of is not None
    told = {"share": share, "day": scope.day, "recipient": of["kind"]}
    # Rows written a moment ago have no statistics: told so, the planner hashes instead of comparing all pairs.
    scope.run("set local enable_nestloop = off")
    scope.run("drop table if exists share_subject")
    scope.run(_SUBJECTS, told)
    scope.run("set local enable_nestloop = on")
    scope.run("analyze share_subject")
    sources = [_NO_SOURCE, *(_source(field) for field in of["fields"] if _readable(scope, field))]
    scope.run(_CELLS.format(sources=" union all ".join(sources)), told)


def _readable(scope: Scope, field: str) -> bool:
    """Whether the purpose at work may read the table that holds a field."""
    return field in TABLES and bool(scope.value("select has_table_privilege(%s, 'select')", (TABLES[field],)))


def _source(field: str) -> str:
    return _SOURCE.format(field=field, table=TABLES[field], narrower=_KINDS.get(field, "true"))
