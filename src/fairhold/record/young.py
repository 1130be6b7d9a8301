"""The young people a list may be about on a day: what the sharing gate has to know of each, in one question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fairhold.access import Scope, verb
from fairhold.dates import birthdays, school
from fairhold.record.area import outward_codes


@dataclass(frozen=True)
class YoungPerson:
    """One person as the gate sees them on a day. None means not known, and then the gate decides as for no.

    `date_of_birth` is None too where sources differ. `address` is None where it is protected or not held.
    `attendance_band` is of the school year that is running. `planned_destination` is held by no source yet.
    `given`: fields whose value rests on what a body outside gave us, each with that body (dfe, public-body).
    """

    person: int
    subjects: tuple[int, ...]
    surname: str | None
    forename: str | None
    date_of_birth: date | None
    address: str | None
    postcode: str | None
    resident: bool | None
    confidential_address: bool
    restricted: bool
    send: bool | None
    school: str | None
    enrolled_at: tuple[str, ...]
    year_group: str | None
    attendance_band: str | None
    planned_destination: str | None = None
    given: tuple[tuple[str, str], ...] = ()


BANDS = ((95, "95% and over"), (90, "90% to under 95%"), (50, "50% to under 90%"), (0, "under 50%"))


def attendance_band(attended: int | None, possible: int | None) -> str | None:
    """The band of a child's attendance; under 90% is DfE's persistent, under 50% its severe absence."""
    if not possible or attended is None:
        return None
    return next(name for least, name in BANDS if attended * 100 >= least * possible)


_ON = "{0}.known_until = 'infinity' and {0}.from_date <= %(day)s and %(day)s < {0}.until_date"
_LINES = ("saon", "paon", "street", "locality", "town", "line_1", "line_2", "line_3", "line_4", "line_5")
_ADDRESS = f"concat_ws(', ', {', '.join(f'a.{name}' for name in _LINES)}, coalesce(a.post_town, a.county))"

# A person's values are taken from the source that knew them last; a birth date only where all sources agree.
# What a body outside gave us is told by the delivery it came in.
_YOUNG = f"""
with given as materialized (
    select array_agg(d.id) as deliveries, s.origin from system.delivery d join system.source s on s.id = d.source_id
    where s.origin <> 'council' group by s.origin
), born as materialized (
    select coalesce(m.person_id, b.subject_id) as person, b.subject_id, b.date_of_birth, b.delivery_id
    from people.birth b left join people.membership m on m.subject_id = b.subject_id
    where {_ON.format("b")}
), person as materialized (
    select person, case when count(distinct date_of_birth) = 1 then min(date_of_birth) end as date_of_birth
    from born group by person
    having max(date_of_birth) > %(oldest)s and min(date_of_birth) <= %(youngest)s
), subject as materialized (
    select p.person, b.subject_id from person p join born b using (person)
), living as materialized (
    select subject_id, lives_in from system.lives_in(
        (select array_agg(subject_id) from subject), %(outward)s, %(day)s)
), name as (
    select distinct on (s.person) s.person, n.surname, n.forename, n.delivery_id
    from subject s join people.name n using (subject_id) where {_ON.format("n")}
    order by s.person, n.from_date desc, n.id desc
), address as (
    select distinct on (s.person) s.person, {_ADDRESS} as address, a.postcode, a.delivery_id
    from subject s join people.address a using (subject_id) where {_ON.format("a")}
    order by s.person, a.from_date desc, a.id desc
), roll as (
    select s.person, array_remove(array_agg(distinct e.lea || e.estab), null) as rolls,
        (array_agg(e.school_name order by e.entry_date desc))[1] as school, array_agg(e.delivery_id) as deliveries
    from subject s join education.enrolment e using (subject_id) where {_ON.format("e")} group by s.person
), year as (
    select distinct on (s.person) s.person, y.nc_year, y.delivery_id
    from subject s join education.year_group y using (subject_id) where {_ON.format("y")}
    order by s.person, y.from_date desc, y.id desc
), attendance as (
    select s.person, sum(t.sessions_attended) as attended, sum(t.sessions_possible) as possible,
        array_agg(t.delivery_id) as deliveries
    from subject s join education.attendance t using (subject_id)
    where {_ON.format("t")} and t.year = %(year)s group by s.person
), support as (
    select s.person, bool_or(v.provision <> 'N' and {_ON.format("v")}) as send,
        array_agg(v.delivery_id) as deliveries
    from subject s join send.provision v using (subject_id) where v.known_until = 'infinity' group by s.person
), birth as (
    select person, array_agg(delivery_id) as deliveries from born join person using (person) group by person
    having bool_and(delivery_id = any (array(select unnest(deliveries) from given)))
), guarded as (
    select s.person, max(b.guard) as guard, array_agg(s.subject_id order by s.subject_id) as subjects,
        bool_or(l.lives_in) as resident
    from subject s join people.birth b using (subject_id) left join living l using (subject_id)
    where {_ON.format("b")} group by s.person
)
select p.person, g.subjects, n.surname, n.forename, p.date_of_birth, nullif(a.address, '') as address, a.postcode,
    g.resident, g.guard, support.send, roll.school, roll.rolls, year.nc_year, attended, possible,
    (select jsonb_object_agg(f.field, g.origin) from given g, (values ('name', array[n.delivery_id]),
        ('address', array[a.delivery_id]), ('date_of_birth', birth.deliveries), ('school', roll.deliveries),
        ('year_group', array[year.delivery_id]), ('attendance_band', attendance.deliveries),
        ('send_support', support.deliveries)) as f (field, deliveries) where f.deliveries && g.deliveries) as given
from person p join guarded g using (person) left join name n using (person) left join address a using (person)
left join roll using (person) left join year using (person) left join attendance using (person)
left join support using (person) left join birth using (person)
order by p.person
"""


@verb("record.young-people")
def young_people(scope: Scope, *, on: date | None = None, youngest: int = 13, oldest: int = 25) -> list[YoungPerson]:
    """Everyone who on the day has had the birthday `youngest` and not yet `oldest`, as the gate has to know them.

    Where sources differ on the birth date the person is listed without one, and the gate refuses. Restricted people
    are nobody to this purpose; a protected address stays behind, and only whether it lies in the borough is told.
    """
    day = on or scope.day
    found = scope.rows(
        _YOUNG,
        {
            "day": day,
            "youngest": _born_by(day, youngest),
            "oldest": _born_by(day, oldest),
            "outward": list(outward_codes()),
            "year": str(school.academic_year(day)),
        },
    )
    scope.concerns(subject for row in found for subject in row["subjects"])
    scope.tell(rows=len(found))
    return [
        YoungPerson(
            person=row["person"],
            subjects=tuple(row["subjects"]),
            surname=row["surname"],
            forename=row["forename"],
            date_of_birth=row["date_of_birth"],
            address=row["address"],
            postcode=row["postcode"],
            resident=row["resident"],
            confidential_address=row["guard"] > 0,
            restricted=row["guard"] > 1,
            send=row["send"],
            school=row["school"],
            enrolled_at=tuple(row["rolls"] or ()),
            year_group=row["nc_year"],
            attendance_band=attendance_band(row["attended"], row["possible"]),
            given=tuple(sorted((row["given"] or {}).items())),
        )
        for row in found
    ]


def _born_by(day: date, years: int) -> date:
    """The last birth date that has had the birthday `years` on the day (29 February has it on 1 March)."""
    year = day.year - years
    born = date(year, 2, 28) if (day.month, day.day) == (2, 29) and not _leap(year) else day.replace(year=year)
    later = date.fromordinal(born.toordinal() + 1)
    return later if birthdays.birthday(later, years) <= day else born


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
