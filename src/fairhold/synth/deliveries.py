"""Which school sends which file in which week, and what becomes of it: silent, late, broken, or with broken rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from fairhold.synth.care_rules import Line
from fairhold.synth.chance import exactly
from fairhold.synth.changes import sent_in
from fairhold.synth.domain import LEA, Record, School
from fairhold.synth.faults import GUARDED
from fairhold.synth.lists import kinds
from fairhold.synth.world import World

BREAKS = ("cut off", "empty", "wrong encoding", "wrong year")
Slots = dict[tuple[int, int], int]  # (school, week) to a number
ROW_BREAKS = ("missing", "bad-code", "bad-date", "extra column")
CARE_TABLES = ("Reviews", "SWEpisodes")  # rows no shipped rule reads, so that a broken row breaks nothing else


@dataclass(slots=True)
class Sent:
    """One pupil in one file; `broken` says how the row is broken, `copied` that it stands twice."""

    record: Record
    broken: str = ""
    copied: bool = False
    fault: int = 0


@dataclass(slots=True)
class Delivery:
    """One transfer file. `dated` is the time in its header."""

    school: int
    week: int
    dated: datetime
    rows: list[Sent]
    name: str = ""
    broken: str = ""
    late: int = 0
    fault: int = 0


@dataclass(slots=True)
class Silence:
    """A school's week without a file."""

    school: int
    week: int
    fault: int


@dataclass(slots=True)
class Post:
    """Everything schools sent, and the weeks in which one sent nothing."""

    sent: list[Delivery] = field(default_factory=list)
    silent: list[Silence] = field(default_factory=list)


def plan(world: World) -> Post:
    """Every transfer file of every school, in the order of schools and weeks."""
    post = Post()
    rolls: list[list[Record]] = [[] for _ in world.schools]
    for record in world.records:
        rolls[record.school].append(record)
    slots = _weeks_missed(world)
    for n, school in enumerate(world.schools):
        sent, quiet = _school(world, n, rolls[n], slots)
        for number, one in enumerate(sent, start=1):
            one.name = f"in/schools/{school.laestab}/{school.laestab}_CTF_{LEA}LLLL_{number:03}.xml"
        post.sent += sent
        post.silent += quiet
    return post


def _weeks_missed(world: World) -> tuple[Slots, Slots]:
    """School weeks without a file with the number of their fault, and those late with the number of days."""
    weeks = [(n, week) for n in range(len(world.schools)) for week in range(1, len(world.fridays))]
    rng = world.rng("fault", "school weeks")
    rng.shuffle(weeks)
    silent, late = world.planted("school_silent", len(weeks)), world.planted("school_late", len(weeks))
    days = {}
    for slot in weeks[silent : silent + late]:
        most = (world.options.on - world.fridays[slot[1]]).days
        days[slot] = min(rng.randint(2, 6), most)
    return {slot: _note(world, "school_silent", slot, "") for slot in weeks[:silent]}, days


def _note(world: World, kind: str, slot: tuple[int, int], detail: str) -> int:
    where = (world.schools[slot[0]].laestab, 0, 0)
    world.fault(kind, where, "", ("", ""), detail or f"week to {world.fridays[slot[1]].isoformat()}")
    return world.faults[-1].id


def _school(
    world: World, n: int, roll: list[Record], slots: tuple[Slots, Slots]
) -> tuple[list[Delivery], list[Silence]]:
    """One school's files, and its silent weeks; what a silent week would have told comes with the next file."""
    silent, late = slots
    sent: list[Delivery] = []
    quiet: list[Silence] = []
    waiting: list[Record] = []
    for week, friday in enumerate(world.fridays):
        waiting += [r for r in roll if sent_in(world, r, week) and r not in waiting]
        if (n, week) in silent:
            quiet.append(Silence(n, week, silent[n, week]))
            continue
        days = late.get((n, week), 0)
        one = Delivery(n, week, _moment(world, n, friday + timedelta(days=days)), [Sent(r) for r in waiting])
        if days:
            one.late, one.fault = days, _note(world, "school_late", (n, week), f"{days} days late")
        sent.append(one)
        waiting = []
    return sent, quiet


def _moment(world: World, n: int, day: date) -> datetime:
    rng = world.rng("clock", n, day.toordinal())
    return datetime.combine(day, time(rng.randint(14, 17), rng.randrange(60), rng.randrange(60)))


def spoil(world: World, post: Post, sheets: list[dict[str, list[Line]]], others: int) -> None:
    """Break and copy rows, and break files. `others` counts rows of the consent register, which stay whole."""
    rng = world.rng("fault", "rows")
    schools = [sent for one in post.sent for sent in one.rows]
    care = [line for tables in sheets for rows in tables.values() for line in rows]
    total = len(schools) + len(care) + others
    fit: list[Sent | Line] = [s for s in schools if not GUARDED & set(s.record.child.traits)]
    fit += [line for tables in sheets for name in CARE_TABLES for line in tables.get(name, ())]
    broken, copied = world.planted("row_broken", total), world.planted("row_duplicate", total)
    drawn = rng.sample(fit, min(len(fit), broken + copied))
    for n, one in enumerate(drawn[:broken]):
        if isinstance(one, Sent):
            one.broken = ROW_BREAKS[n % len(ROW_BREAKS)]
            one.fault = _row(world, "row_broken", one.record, one.broken)
        else:
            one.extra = "surplus"
            _care_row(world, "row_broken", one, "extra column")
    for one in drawn[broken:]:
        one.copied = True
        if isinstance(one, Sent):
            one.fault = _row(world, "row_duplicate", one.record, "the row stands twice")
        else:
            _care_row(world, "row_duplicate", one, "the row stands twice")
    _break_files(world, post, len(post.sent) + sum(len(tables) for tables in sheets) + 2)


def _row(world: World, kind: str, record: Record, detail: str) -> int:
    where = (world.schools[record.school].laestab, record.id, record.child.id)
    world.fault(kind, where, "Pupil", ("", ""), detail)
    return world.faults[-1].id


def _care_row(world: World, kind: str, line: Line, detail: str) -> None:
    world.fault(kind, ("social-care", line.course.id, line.course.child.id), "row", ("", ""), detail)
    line.fault = world.faults[-1].id


def _break_files(world: World, post: Post, files: int) -> None:
    """Weekly files only: a broken full file would take a whole school away."""
    rng = world.rng("fault", "file_broken")
    count = exactly(kinds()["file_broken"].rate * world.options.faults, files)
    weekly = [one for one in post.sent if one.week and one.rows and not one.late]
    for n, one in enumerate(rng.sample(weekly, min(count, len(weekly)))):
        one.broken = BREAKS[(n + world.options.seed) % len(BREAKS)]
        one.fault = _note(world, "file_broken", (one.school, one.week), one.broken)


def header(world: World, one: Delivery) -> dict[str, str]:
    """The header of a transfer file; every one says that it is made up."""
    school: School = world.schools[one.school]
    year, dated = world.start.year, one.dated
    if one.broken == "wrong year":
        year, dated = year - 1, dated.replace(year=dated.year - 1, day=min(dated.day, 28))
    full = one.week == 0
    what = "All pupils on roll and leavers of this term" if full else "Changed pupils – week"
    return {
        "CTFversion": "25.0",
        "DateTime": dated.isoformat(timespec="seconds"),
        "DocumentQualifier": "full" if full else "partial",
        "DataDescriptor": f"{what} to {world.fridays[one.week].isoformat()}. Made up: no child in this file exists.",
        "SupplierID": "Fairhold synthetic borough",
        "SourceSchool/LEA": school.lea,
        "SourceSchool/Estab": school.estab,
        "SourceSchool/URN": school.urn,
        "SourceSchool/SchoolName": school.name,
        "SourceSchool/AcademicYear": str(year),
        "DestSchool/LEA": LEA,
        "DestSchool/Estab": "LLLL",
    }
