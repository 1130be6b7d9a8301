"""Of whom data may be shared on a day, and what the sharing gate has to know of each, in one question.

Everyone of the ages a list can be about, every pupil, or children named one by one. Only tables that the purpose at
work may see are read, and beside what the gate must know only those that an asked field needs; what is not read is
None.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fairhold import catalogue
from fairhold.access import Row, Scope, verb
from fairhold.dates import birthdays, school
from fairhold.record import candidates_sql as parts
from fairhold.record.area import outward_codes


@dataclass(frozen=True)
class Candidate:
    """One person as the gate sees them on a day. None means not known, and then the gate decides as for no.

    `date_of_birth` is None too where sources differ. `address` is None where it is protected or not held.
    `attendance_band` is of the school year that is running. `planned_destination`: where an offer was accepted.
    `further`: the other fields of the gate that were asked for and that the purpose may see.
    `given`: fields whose value rests on what a body outside gave us, each with that body (dfe, public-body).
    `placed_with`, `applied_to`, `linked_councils`: the bodies that a source links the child to, by their numbers.
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
    further: dict[str, str] = field(default_factory=dict)
    placed_with: tuple[str, ...] = ()
    applied_to: tuple[str, ...] = ()
    linked_councils: tuple[str, ...] = ()

    def values(self) -> dict[str, str | None]:
        """What the record says in each field of the gate."""
        return self.further | {
            "name": " ".join(filter(None, (self.forename, self.surname))) or None,
            "address": ", ".join(filter(None, (self.address, self.postcode))) or None,
            "date_of_birth": None if self.date_of_birth is None else self.date_of_birth.isoformat(),
            "school": self.school,
            "year_group": self.year_group,
            "attendance_band": self.attendance_band,
            "send_support": None if self.send is None else "yes" if self.send else "no",
            "planned_destination": self.planned_destination,
        }


LIST = ("name", "address", "date_of_birth", "school", "year_group", "attendance_band", "send_support")
BANDS = ((95, "95% and over"), (90, "90% to under 95%"), (50, "50% to under 90%"), (0, "under 50%"))


def attendance_band(attended: int | None, possible: int | None) -> str | None:
    """The band of a child's attendance; under 90% is DfE's persistent, under 50% its severe absence."""
    if not possible or attended is None:
        return None
    return next(name for least, name in BANDS if attended * 100 >= least * possible)


@verb("record.young-people")
def young_people(
    scope: Scope, *, on: date | None = None, youngest: int = 13, oldest: int = 25, fields: Collection[str] = LIST
) -> list[Candidate]:
    """Everyone who on the day has had the birthday `youngest` and not yet `oldest`, as the gate has to know them.

    Where sources differ on the birth date the person is listed without one, and the gate refuses. Restricted people
    are nobody to this purpose; a protected address stays behind, and only whether it lies in the borough is told.
    """
    day = on or scope.day
    ages = {"youngest": _born_by(day, youngest), "oldest": _born_by(day, oldest)}
    return _candidates(scope, parts.YOUNG, day, fields, ages)


@verb("record.pupils")
def pupils(scope: Scope, *, fields: Collection[str], on: date | None = None) -> list[Candidate]:
    """Everyone with a year group on the day, as the gate has to know them."""
    return _candidates(scope, parts.PUPILS, on or scope.day, fields, {})


@verb("record.named-people")
def named_people(
    scope: Scope, *, persons: Iterable[int], fields: Collection[str], on: date | None = None
) -> list[Candidate]:
    """The people with these numbers, as the gate has to know them. Whom the purpose may not see is not among them."""
    return _candidates(scope, parts.NAMED, on or scope.day, fields, {"persons": sorted(set(persons))})


def _candidates(scope: Scope, who: str, day: date, fields: Collection[str], values: dict[str, Any]) -> list[Candidate]:
    seen = frozenset(one.name for one in catalogue.tables() if scope.purpose.slug in one.purposes)
    query = parts.query(who, seen, tuple(sorted(fields)), scope.purpose.slug in parts.MAY_PLACE)
    fixed = {"day": day, "outward": list(outward_codes()), "year": str(school.academic_year(day))}
    found = scope.rows(query, {**fixed, **values})
    scope.concerns(subject for row in found for subject in row["subjects"])
    scope.tell(rows=len(found))
    return [_candidate(row) for row in found]


def _candidate(row: Row) -> Candidate:
    further = {name: row[name] for name in parts.FURTHER if row.get(name)}
    return Candidate(
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
        planned_destination=row["planned_destination"],
        given=tuple(sorted((row["given"] or {}).items())),
        further=further,
        placed_with=tuple(row["placed_with"] or ()),
        applied_to=tuple(row["applied_to"] or ()),
        linked_councils=tuple(row["linked_councils"] or ()),
    )


def _born_by(day: date, years: int) -> date:
    """The last birth date that has had the birthday `years` on the day (29 February has it on 1 March)."""
    year = day.year - years
    born = date(year, 2, 28) if (day.month, day.day) == (2, 29) and not _leap(year) else day.replace(year=year)
    later = date.fromordinal(born.toordinal() + 1)
    return later if birthdays.birthday(later, years) <= day else born


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
