"""Who is in need: the published stock and flow, scaled; every child in care is one of them."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from fairhold.dates.birthdays import birthday
from fairhold.synth import families, need
from fairhold.synth.care import Course
from fairhold.synth.chance import Bag
from fairhold.synth.domain import Child
from fairhold.synth.need import Case
from fairhold.synth.world import World

FLOW = 3_056  # episodes begun in a year at full size [CSC 2025]
YEARS_BACK = 4  # episodes that began earlier and are still open are few
LASTED = Bag([((8, 90), 64.6), ((91, 182), 9.6), ((183, 365), 12.3), ((366, 730), 7.3), ((731, 1500), 6.1)])  # days
AGAIN = 0.19  # of referrals come within a year of the last one [CSC]
UNBORN, DIED, DISABLED = 0.02, 0.002, 0.13  # the first two assumed; disabled as published for England
CODES = ("LD", "AUT", "BEH", "COMM", "MOB", "CON", "HAND", "PC", "INC", "HEAR", "VIS", "DDA")
AGES = Bag([(0, 9.0), *((age, 5.0) for age in range(1, 18))])
ADOPTED = ("E11", "E12")
NOT_THESE = {"adopted", "adopted_from_care", "under_care_elsewhere"}


class Need:
    """Builds the case system's children. `ends` are the 31 March of last year's census and of this year's."""

    def __init__(
        self, world: World, courses: list[Course], ends: tuple[date, date], share: float | None = None
    ) -> None:
        self.world, self.ends = world, ends
        self.share = world.share if share is None else share
        self.on = world.options.on
        self.first = ends[0].replace(year=ends[0].year - 1) + timedelta(days=1)
        self.cases = [self._of_course(course) for course in courses if course.identity == 1]
        self.number = max((course.id for course in courses), default=0)
        self.disabled = 0
        known = {course.child.id for course in courses}
        self.pool = self._pool(known)

    def _pool(self, known: set[int]) -> list[Child]:
        """Children known to the borough who may be in need: those under strain first, drawn from the end."""
        rng = self.world.rng("need pool")
        able = [c for c in self.world.everyone() if c.id not in known and not NOT_THESE & set(c.traits)]
        able = [c for c in able if not c.twin and birthday(c.born, 18) > self.on]
        able.sort(key=lambda c: c.household.strain + 0.7 * rng.random())
        return able

    def all(self) -> list[Case]:
        """Every case with an episode that touches last year's census or this one's."""
        start = self.first - timedelta(days=365 * YEARS_BACK)
        days = (self.on - start).days
        for n in range(max(60, round(FLOW * self.share * days / 365))):
            rng = self.world.rng("need", n)
            referred = start + timedelta(days=rng.randrange(days))
            low, high = LASTED.draw(rng)
            closed = referred + timedelta(days=rng.randint(low, high))
            if closed >= self.first:
                self._case(rng, referred, closed if closed <= self.on else None)
        return self.cases

    def _of_course(self, course: Course) -> Case:
        """The case of a child in care: the same number, the same child."""
        rng = self.world.rng("need of care", course.id)
        case = Case(course.id, course.key, course.child, course.born, course.sex, course.upn)
        case.held = course.held
        need.in_care(rng, case, course.start, course.end, self.on)
        if case.end is not None and course.episodes[-1].rec in ADOPTED:
            case.spells[-1].reason = "RC1"
        return case

    def _case(self, rng: Random, referred: date, closed: date | None) -> None:
        child = self._child(rng, referred)
        self.number += 1
        key = str(32_010_000 + 7 * self.number)
        case = Case(self.number, key, child, child.born, child.sex, child.upn or self._no_number(child))
        self._traits(rng, case, closed)
        spell = need.live(rng, case, max(referred, child.born - timedelta(days=250)), closed, self.on)
        if case.died is not None:
            case.died, spell.reason = spell.closed, "RC2"
        self.cases.append(case)
        ended = case.end
        if ended is not None and case.died is None and rng.random() < AGAIN:
            again = ended + timedelta(days=rng.randrange(20, 340))
            if again < self.on:
                low, high = LASTED.draw(rng)
                later = again + timedelta(days=rng.randint(low, high))
                need.live(rng, case, again, later if later <= self.on else None, self.on)
        if case.end is not None and case.end < self.first:  # closed at once, before the years that are written
            self.cases.pop()

    def _child(self, rng: Random, referred: date) -> Child:
        """A child of the borough old enough on the day, or somebody new: unborn, or at no school here."""
        if rng.random() < UNBORN and referred > self.first:
            return self._stranger(rng, referred + timedelta(days=rng.randrange(20, 200)), "unborn")
        for place in range(len(self.pool) - 1, max(-1, len(self.pool) - 40), -1):
            if self.pool[place].born <= referred:
                return self.pool.pop(place)
        born = referred - timedelta(days=int(365.25 * AGES.draw(rng)) + rng.randrange(5, 330))
        return self._stranger(rng, born, "need")

    def _stranger(self, rng: Random, born: date, why: str) -> Child:
        number = self.world.next_child()
        family = families.household(rng, 4_000_000 + number, self.world.homes, (0, 0))
        while birthday(born, 18) <= self.on:
            born = born.replace(year=born.year + 1, day=min(born.day, 28))
        child = families.child(rng, number, family, year_group=None, born=born)
        child.traits = (why,)
        school = self._school_from(child)
        if school < self.world.start:
            child.upn = self.world.upns.issue(
                rng, f"{rng.choice(('317', '309', '308'))}{rng.randint(2001, 2099)}", school
            )
        return self.world.add(child)

    def _school_from(self, child: Child) -> date:
        return date(child.born.year + 4 + (child.born.month > 8), 9, 1)

    def _no_number(self, child: Child) -> str:
        """Why a child has no pupil number: too young, or nobody knows."""
        return "UN1" if self._school_from(child) >= self.ends[0].replace(month=4, day=1) else "UN4"

    def _traits(self, rng: Random, case: Case, closed: date | None) -> None:
        if case.born > self.on:
            case.sex = "U"
        if rng.random() < DISABLED:
            self.disabled += 1
            codes = {CODES[self.disabled % len(CODES)]}
            if rng.random() < 0.3:
                codes.add(rng.choice(CODES))
            case.disabilities = tuple(sorted(codes))
        if closed and closed >= self.first and case.born < closed and rng.random() < DIED:
            case.died = closed
