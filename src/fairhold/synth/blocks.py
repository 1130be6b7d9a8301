"""The longer blocks of a pupil: contacts, attendance, results, schools attended."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from fairhold.synth import lists, numbers
from fairhold.synth.attendance import Register, absence_rate, register, until
from fairhold.synth.domain import Child, Record
from fairhold.synth.terms import first_day, last_day
from fairhold.synth.world import World

DISABILITIES = {"ASD": "AUT", "PD": "MOB", "HI": "HEAR", "VI": "VIS", "SLCN": "COMM", "SLD": "LD", "PMLD": "LD"}


def learner(world: World, child: Child, found: dict[str, str]) -> None:
    """A unique learner number from year 10 on."""
    if (child.year or 0) >= 10:
        found["UniqueLearnerNumber"] = numbers.learner_number(world.rng("uln", child.id))


def mobile(rng: Random) -> str:
    """A mobile number of the range kept for drama."""
    return f"07700 900{rng.randrange(1000):03}"


def contacts(world: World, record: Record, week: int, found: dict[str, str]) -> None:
    """Two or three people to ring: parents and kin, or foster carer and social worker."""
    child = record.child
    rng = world.rng("contacts", child.id, record.identity)
    culture = lists.cultures()[child.household.culture]
    people = _carers(rng) if child.in_care else _parents(rng)
    later = [c for c in record.changes if c.kind in {"telephone", "contact"} and c.week <= week]
    if any(c.kind == "contact" for c in later):
        people.append(("FAM", rng.random() < 0.5, False))
    for n, (relation, woman, parental) in enumerate(people, start=1):
        under = f"Contacts/Contact[{n}]/"
        found[under + "Order"] = str(n)
        found[under + "Title"] = "Ms" if woman else "Mr"
        own = relation in {"PAM", "PAF"} and rng.random() < 0.85
        found[under + "Surname"] = child.household.surname if own else rng.choice(culture.surnames)
        forename = rng.choice(culture.mothers if woman else culture.fathers)
        found[under + "Forename"] = forename
        found[under + "Relationship"] = relation
        found[under + "Responsibility"] = "true" if parental else "false"
        _reach(rng, under, relation, found)
        number = mobile(rng)
        if n == 1 and any(c.kind == "telephone" for c in later):
            number = mobile(rng)
        found[under + "Phones/Phone[1]/TelephoneType"], found[under + "Phones/Phone[1]/PhoneNo"] = "M", number
        if n == 1:
            found[under + "Email"] = f"parent.{child.household.id}@example.org"


def _parents(rng: Random) -> list[tuple[str, bool, bool]]:
    """Contacts as (relationship, is a woman, has parental responsibility)."""
    people = [("PAM", True, True)] if rng.random() < 0.94 else []
    if rng.random() < 0.72 or not people:
        people.append(("PAF", False, True))
    if rng.random() < 0.35:
        people.append((rng.choice(("REL", "FAM", "CHM")), rng.random() < 0.6, False))
    return people


def _carers(rng: Random) -> list[tuple[str, bool, bool]]:
    people = [("FOM", True, False)] if rng.random() < 0.8 else [("FOF", False, False)]
    return [*people, ("SWR", rng.random() < 0.7, False)]


def _reach(rng: Random, under: str, relation: str, found: dict[str, str]) -> None:
    """A contact lives with the pupil or, now and then, elsewhere."""
    if under.endswith("[1]/") or (relation == "PAF" and rng.random() < 0.8):
        found[under + "Address/AddressAsPupil"] = "true"
        return
    code = f"E{rng.choice((4, 10, 11, 17))} {rng.randint(3, 7)}Z{rng.choice('ABDEFGHJ')}"
    found[under + "Address/AddressLines/AddressLine1"] = f"{rng.randint(1, 150)} {rng.choice(lists.streets())}"
    found[under + "Address/PostCode"] = code


def attendance(world: World, record: Record, week: int, found: dict[str, str]) -> None:
    """This year so far at this school, and last year where the pupil was on a roll."""
    child = record.child
    rng = world.rng("attendance", child.id, record.school)
    school = world.schools[record.school]
    rate = absence_rate(world.rng("absence", child.id), school.phase, child.household.strain)
    n = 0
    for back in (1, 0):
        start = date(world.start.year - back, 9, 1)
        if back and not child.year:
            continue
        where, name, first, last = _attended(world, record, start, back=back)
        year = register(rng, first, last, rate) if first <= last else None
        if year is not None and not back:
            year = until(year, world.fridays[week])
        if year is not None:
            n += 1
            _year(f"Attendance/YearData[{n}]/", start.year, (where, name), year, found)


def _attended(world: World, record: Record, start: date, *, back: int) -> tuple[str, str, date, date]:
    """Where the pupil was in a school year, and from when until when."""
    school = world.schools[record.school]
    first, last = first_day(start), last_day(start) if back else world.fridays[-1]
    if record.left is not None and record.left < last:
        last = record.left
    if record.entry <= last:
        return school.laestab, school.name, max(first, record.entry), last
    if not back:
        return school.laestab, school.name, record.entry, last
    if record.before:
        return record.before, _name(world, record.before), first, last
    primary = world.schools[record.child.household.primary]
    return primary.laestab, primary.name, first, last


def _name(world: World, laestab: str) -> str:
    return next((s.name for s in world.schools if s.laestab == laestab), "Made-up School Elsewhere")


def _year(under: str, year: int, school: tuple[str, str], marks: Register, found: dict[str, str]) -> None:
    found[under + "Year"] = str(year)
    found[under + "LEA"], found[under + "Estab"], found[under + "SchoolName"] = school[0][:3], school[0][3:], school[1]
    found[under + "SessionsPossible"] = str(marks.possible)
    found[under + "SessionsAuthorised"] = str(marks.authorised)
    found[under + "SessionsAttended"] = str(marks.attended)
    found[under + "SessionsUnauthorised"] = str(marks.unauthorised)
    found[under + "AttendSessions/AttendanceStartDate"] = marks.first.isoformat()
    found[under + "AttendSessions/AttendanceMarks"] = marks.marks


def assessments(world: World, child: Child, found: dict[str, str]) -> None:
    """Results of the tests the pupil has sat. Component codes other than MTC are made up: no list is published."""
    year = child.year or 0
    if year < 2:
        return
    rng = world.rng("results", child.id)
    level = rng.gauss(0.62 - 0.25 * (child.household.strain - 0.5) - 0.2 * (child.sen != "N"), 0.15)
    sat = world.start.year - year
    stage = "StageAssessments/KeyStage[1]/"
    found[stage + "Stage"] = "KS1"
    score = max(0, min(40, round(40 * (level + 0.2))))
    _result(stage + "StageAssessment[1]/", sat + 2, ("ENG", "PHO", "NM"), str(score), found)
    if year < 5:
        return
    stage = "StageAssessments/KeyStage[2]/"
    found[stage + "Stage"] = "KS2"
    score = max(0, min(25, round(25 * (level + 0.15))))
    _result(stage + "StageAssessment[1]/", sat + 5, ("MAT", "MTC", "MT"), str(score), found)
    if year >= 7:
        scaled = max(80, min(120, round(80 + 40 * (level - 0.05))))
        _result(stage + "StageAssessment[2]/", sat + 7, ("MAT", "MAT", "NM"), str(scaled), found)
        _result(stage + "StageAssessment[3]/", sat + 7, ("ENG", "REA", "NM"), str(scaled - rng.randint(-6, 6)), found)


def _result(under: str, year: int, what: tuple[str, str, str], result: str, found: dict[str, str]) -> None:
    found[under + "Locale"], found[under + "Year"], found[under + "Subject"] = "ENG", str(year), what[0]
    found[under + "Method"], found[under + "Component"], found[under + "ResultStatus"] = "TT", what[1], "R"
    found[under + "ResultQualifier"], found[under + "Result"] = what[2], result


def history(world: World, record: Record, week: int, found: dict[str, str]) -> None:
    """Schools attended, the present one last."""
    child, n = record.child, 0
    primary = world.schools[child.household.primary]
    if (child.year or 0) > 6 and not record.before and record.school != child.household.primary:
        first = date(world.start.year - (child.year or 0), 9, 1)
        gone = min(last_day(date(world.start.year - (child.year or 0) + 6, 9, 1)), record.entry - timedelta(days=1))
        n = _school(found, n, (primary.laestab, primary.urn, primary.name), (first_day(first), gone))
    if record.before:
        first = first_day(date(world.start.year - max(1, min(3, child.year or 1)), 9, 1))
        gone = record.entry - timedelta(days=3)
        if first < gone:
            n = _school(found, n, (record.before, "", _name(world, record.before)), (first, gone))
    school = world.schools[record.school]
    left = record.left if record.left is not None and record.left <= world.fridays[week] else None
    n = _school(found, n, (school.laestab, school.urn, school.name), (record.entry, left))
    found[f"SchoolHistory/School[{n}]/LastSchool"] = "true" if left else "false"


def _school(found: dict[str, str], n: int, school: tuple[str, str, str], dates: tuple[date, date | None]) -> int:
    under = f"SchoolHistory/School[{n + 1}]/"
    found[under + "LEA"], found[under + "Estab"], found[under + "URN"] = school[0][:3], school[0][3:], school[1]
    found[under + "SchoolName"], found[under + "EntryDate"] = school[2], dates[0].isoformat()
    found[under + "LeavingDate"] = dates[1].isoformat() if dates[1] else ""
    return n + 1
