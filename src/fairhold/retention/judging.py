"""The rules once more, in SQL over everybody at once. A property test holds it against `domain.due`.

`facts` is any relation with one row a person and class: person, klass, born, died, looked_after, sen, ehcp, protection,
adopted, adopted_on, award, last_contact, holds.
"""

from __future__ import annotations

from fairhold.retention.rules import EVERY_CLASS, Period, periods

_IN_CARE = "(looked_after or f.klass = 'RT01')"
_DIED_YOUNG = "(died is not null and born is not null and died < {birthday})"


def birthday(day: str, years: str) -> str:
    """SQL for the nth anniversary of a day; of 29 February, 1 March in a year without one."""
    return (
        f"(case when extract(month from {day}) = 2 and extract(day from {day}) = 29"
        f" then ({day} - 1 + make_interval(years => {years}))::date + 1"
        f" else ({day} + make_interval(years => {years}))::date end)"
    )


def judged(facts: str) -> str:
    """A SELECT: for each row of `facts` the number of the chosen rule, those of all applied, and the day (or null)."""
    young = _DIED_YOUNG.format(birthday=birthday("born", "18"))
    values = ",\n".join(_values(period) for period in periods())
    return f"""
with facts as materialized ({facts}),
period (number, class, condition, event, years, review) as (values {values}),
applied as (
    select f.person, f.klass, p.*,
        case p.event when 'birth' then born when 'death' then died when 'adoption' then adopted_on
                     when 'award' then award when 'last_contact' then last_contact end as trigger
    from facts f join period p on p.class in ('{EVERY_CLASS}', f.klass) and
        case p.condition when 'always' then true
            when 'looked_after' then {_IN_CARE} and not {young}
            when 'died_looked_after' then {_IN_CARE} and {young}
            when 'adopted' then adopted
            when 'not_adopted' then not adopted
            when 'sen' then sen
            when 'ehcp' then ehcp
            when 'protection' then protection end
), with_default as (
    select * from applied
    union all
    select f.person, f.klass, p.*, last_contact
    from facts f join period p on p.condition = 'default'
    where not exists (select from applied a where a.person = f.person and a.klass = f.klass)
), ended as (
    select *, {birthday("trigger", "years")} as until from with_default
), ranked as (
    select person, klass,
        array_agg(distinct number order by number) as applied,
        case when bool_and(until is not null) then max(until) end as due,
        min(number) filter (where review) as review,
        (array_agg(number order by until desc nulls first, number))[1] as longest
    from ended group by person, klass
)
select f.*, coalesce(r.review, r.longest) as chosen, r.applied, r.due, r.review is not null as by_review
from facts f join ranked r using (person, klass)
"""


def _values(period: Period) -> str:
    each = [
        f"({period.number}, '{klass}', '{period.when}', '{period.event}', {period.years}, {str(period.review).lower()})"
        for klass in period.classes
    ]
    return ", ".join(each)
