"""Whom a purpose may be used for today: young people who live in the area, up to an age (N100, N101).

History stays under retention; what stops is its use. What is not known counts as no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fairhold.access import Scope
from fairhold.dates import birthdays
from fairhold.record.area import outward_codes

_FACTS = """
with asked as (
    select person, coalesce(m.person_id, subject) as whole
    from unnest(%(persons)s::bigint[], %(subjects)s::bigint[]) as told (person, subject)
    left join people.membership m on m.subject_id = subject
), subject as (
    select distinct a.person, coalesce(m.subject_id, a.whole) as subject_id
    from asked a left join people.membership m on m.person_id = a.whole
), living as materialized (
    select subject_id, lives_in from system.lives_in((select array_agg(subject_id) from subject), %(outward)s, %(day)s)
)
select s.person,
    case when count(distinct b.date_of_birth) = 1 then min(b.date_of_birth) end as born,
    coalesce(bool_or(l.lives_in), false) as resident,
    coalesce(bool_or(v.provision <> 'N'), false) as send
from subject s
left join people.birth b on b.subject_id = s.subject_id
    and b.known_until = 'infinity' and b.from_date <= %(day)s and %(day)s < b.until_date
left join living l on l.subject_id = s.subject_id
left join send.provision v on v.subject_id = s.subject_id
    and v.known_until = 'infinity' and v.from_date <= %(day)s and %(day)s < v.until_date
group by s.person
"""


def outside(scope: Scope, people: Mapping[int, Sequence[int]]) -> frozenset[int]:
    """Of these people (number → subjects), those whom the scope's purpose may not be used for today."""
    limits = scope.purpose.population
    if limits is None or not people:
        return frozenset()
    pairs = [(person, subject) for person, subjects in people.items() for subject in subjects]
    rows = scope.rows(
        _FACTS,
        {
            "persons": [person for person, _ in pairs],
            "subjects": [subject for _, subject in pairs],
            "outward": list(outward_codes()),
            "day": scope.day,
        },
    )
    inside = {
        row["person"]
        for row in rows
        if row["resident"]
        and row["born"] is not None
        and birthdays.age_on(row["born"], scope.day) < (limits.age_to_send if row["send"] else limits.age_to)
    }
    return frozenset(people.keys() - inside)
