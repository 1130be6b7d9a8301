"""SQL that gathers, from the current facts of everybody, what the rules ask. Built from the catalogue and `data/`."""

from __future__ import annotations

from fairhold import catalogue
from fairhold.retention.judging import birthday
from fairhold.retention.rules import Contact, contacts, readable

CORE = "RT16"  # every person has records of this class
_NOW = "known_until = 'infinity'"
_ADOPTED = "('E11', 'E12')"  # SSDA903 reasons an episode ceased: adopted, unopposed or without consent
_DIED = "'E2'"
_CLOSED_ADOPTED = "'RC1'"  # the reason a case of a child in need was closed
_DEATH, _NEED = "people.death", "social_care.need_episode"
_FREE_MEALS, _IN_CARE = "education.free_meals", "social_care.in_care"

PERSONS = """select s.id as subject_id, coalesce(m.person_id, s.id) as person
from system.subject s left join people.membership m on m.subject_id = s.id"""
ONE_PERSON = """select subject_id, person_id as person from people.membership where person_id = %(person)s
union select id, id from system.subject s where id = %(person)s
    and not exists (select from people.membership m where m.subject_id = s.id)"""


def facts(persons: str = PERSONS) -> str:
    """A SELECT with one row a person and class, as `judging.judged` wants it, and the evidence of the last contact.

    `persons` says whose: everybody's, or those of `ONE_PERSON` (parameter `person`). Other parameters: `day` (date) and
    `holds` (JSON: label, classes, subjects; null for all). A person whose sources give different birth dates is taken
    to be as young as the youngest: kept longer, never destroyed early.
    """
    return f"""
with person_of as materialized ({persons}),
birth as (
    select person, max(date_of_birth) as born from people.birth join person_of using (subject_id)
    where {_NOW} and until_date = 'infinity' group by person
), care as (
    select person, max(died) as died, bool_or(adopted) as adopted, max(adopted_on) as adopted_on from ({_care()}) care
    group by person
), told as ({_told()}), plan as (
    select distinct person from social_care.protection_plan join person_of using (subject_id) where {_NOW}
), sen as (
    select person, bool_or(provision <> 'N') as sen, bool_or(provision in ('E', 'S')) as ehcp
    from send.provision join person_of using (subject_id) where {_NOW} group by person
), award as ({_award()}),
contact as materialized ({_contacts()}),
class as ({_classes()}),
hold as (select * from jsonb_to_recordset(%(holds)s::jsonb) as h (label text, classes text[], subjects bigint[])),
held_person as (
    select p.person, label, classes from hold, unnest(subjects) as s (subject_id) join person_of p using (subject_id)
    union all
    select p.person, label, classes from hold, (select distinct person from person_of) p where subjects is null
), held as (
    select c.person, c.klass, array_agg(distinct label order by label) as holds
    from class c join held_person h using (person) where h.classes is null or c.klass = any (h.classes) group by 1, 2
)
select c.person, c.klass, born, coalesce(care.died, told.died) as died, care.person is not null as looked_after,
    coalesce(sen, false) as sen, coalesce(ehcp, false) as ehcp, plan.person is not null as protection,
    coalesce(care.adopted, false) or coalesce(told.adopted, false) as adopted,
    coalesce(care.adopted_on, told.adopted_on) as adopted_on, award, contact.day as last_contact,
    contact.evidence, contact.fact_id, coalesce(holds, '{{}}') as holds
from class c left join birth using (person) left join care using (person)
    left join told using (person) left join plan using (person) left join sen using (person)
    left join award using (person) left join contact using (person)
    left join held using (person, klass)
"""


def _care() -> str:
    """Whoever was ever looked after, by any sign of it in a table that retention may read."""
    episodes = f"""select person, case when end_reason = {_DIED} then ended end as died,
        coalesce(end_reason in {_ADOPTED}, false) as adopted,
        case when end_reason in {_ADOPTED} then ended end as adopted_on
        from social_care.episode join person_of using (subject_id) where {_NOW}"""
    signs = [name for name in _tables_of("RT01", "RT02") if name != "social_care.episode"]
    others = [_sign(name, "false") for name in signs] + [_sign("social_care.adoption", "true")]
    if _IN_CARE in readable():
        others.append(f"{_sign(_IN_CARE, 'false')} and in_care")
    return "\nunion all ".join([episodes, *others])


def _told() -> str:
    """Death and adoption, as social care tells them of children who need not have been in its care."""
    each = []
    if _DEATH in readable():
        each.append(
            f"select person, death_date as died, false as adopted, null::date as adopted_on"
            f" from {_DEATH} join person_of using (subject_id) where {_NOW}"
        )
    if _NEED in readable():
        each.append(
            f"select person, null::date as died, true as adopted, closure_date as adopted_on"
            f" from {_NEED} join person_of using (subject_id) where {_NOW} and closure_reason = {_CLOSED_ADOPTED}"
        )
    return (
        "select person, max(died) as died, bool_or(adopted) as adopted, max(adopted_on) as adopted_on from ("
        + ("\nunion all ".join(each) or "select null::bigint as person, null::date, false, null::date where false")
        + ") told group by person"
    )


def _sign(table: str, adopted: str) -> str:
    return (
        f"select person, null::date, {adopted}, null::date from {table} join person_of using (subject_id) where {_NOW}"
    )


def _tables_of(*classes: str) -> list[str]:
    return [each.name for each in catalogue.tables() if each.name in readable() and each.retention in classes]


def _award() -> str:
    if _FREE_MEALS not in readable():
        return "select null::bigint as person, null::date as award where false"
    return f"""select person, max(greatest(start_date, end_date)) as award
        from {_FREE_MEALS} join person_of using (subject_id) where {_NOW} group by person"""


def _classes() -> str:
    """Which classes of records each person has."""
    tables = [each for each in catalogue.tables() if each.name in readable() and each.retention != CORE]
    found = [
        f"select person, '{each.retention}' from {each.name} join person_of using (subject_id) where {_NOW}"
        for each in tables
    ]
    return "\nunion ".join([f"select person, '{CORE}' as klass from person_of", *found])


def _contacts() -> str:
    """The last genuine contact of each person up to the day, with its evidence. When a file came does not matter."""
    each = "\nunion all ".join(_contact(place, contact) for place, contact in enumerate(contacts()))
    return f"""select distinct on (person) person, day, evidence, fact_id from ({each}) event
        where day <= %(day)s order by person, day desc, place, fact_id desc"""


def _contact(place: int, contact: Contact) -> str:
    where = [f"f.{_NOW}", f"f.{contact.field} is not null"]
    day = f"f.{contact.field}"
    if contact.field == "collection_year":
        day = "make_date(substring(f.collection_year from '^[0-9]{4}$')::int, 3, 31)"
    if contact.only:
        where.append(f"f.{contact.only[0]} = '{contact.only[1]}'")
    if contact.open_while_empty:
        where += [f"f.{contact.open_while_empty} is null", "f.until_date = 'infinity'", f"{day} <= %(day)s"]
        limit = birthday("b.born", str(contact.until_age))
        day = f"least(%(day)s::date, coalesce({limit}, %(day)s::date))"
    return f"""select p.person, {day} as day, {place} as place, '{place}' as evidence, f.id as fact_id
        from {contact.table} f join person_of p using (subject_id) left join birth b using (person)
        where {" and ".join(where)}"""
