"""Who comes into care: the published stock and flow, scaled, with at least one child of every special course."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from fairhold.dates.birthdays import age_on, birthday
from fairhold.synth import care, families, moves
from fairhold.synth.care import Course
from fairhold.synth.chance import bag
from fairhold.synth.domain import Child
from fairhold.synth.world import World

STAYED, LEFT_LAST, LEFT_NOW, NEW = 160, 85, 85, 77  # a year and the months since at full size [CSC 2025: 292/119/139]
AT_18, ASYLUM, DROPPED, LEAVERS = 42, 29, 10, 120  # aged 18 last year [CSC: 58]; older care leavers still reported
MOTHERS, LIBERTY, ADOPTED = 3, 4, 14  # assumed
AGES = bag("0:2;1:4;2:4;3:3;4:3;5:4;6:4;7:4;8:4;9:4;10:4;11:4;12:4;13:5;14:5;15:6;16:24;17:24")
PUPILS = 0.6  # of school-age children in care who are on a roll here, assumed (41 % are placed inside the boundary)


class Care:
    """Builds every course of care of the borough. `ends` are the 31 March of last year's return and of this year's."""

    def __init__(self, world: World, share: float | None = None) -> None:
        self.world = world
        self.share = world.share if share is None else share
        self.on = world.options.on
        end = date(self.on.year + (self.on.month > 3), 3, 31)
        self.ends = (end.replace(year=end.year - 1), end)
        self.courses: list[Course] = []
        self.pupils = self._pool()

    def _pool(self) -> list[Child]:
        """Pupils who could be in care: those under strain first, nobody with another special case."""
        plain = [c for c in self.world.children if not c.traits and not c.twin and c.school >= 0]
        young = [c for c in plain if birthday(c.born, 18) > self.ends[1] and not c.household.protected]
        rng = self.world.rng("care pool")
        young.sort(key=lambda c: c.household.strain + 0.6 * rng.random())
        return young

    def scaled(self, full: int, least: int = 1) -> int:
        """A figure of the full borough at this size."""
        return max(least, round(full * self.share))

    def all(self) -> list[Course]:
        """Every course, ordinary ones first."""
        for kind, count in (("stayed", STAYED), ("left last", LEFT_LAST), ("left now", LEFT_NOW), ("new", NEW)):
            for n in range(self.scaled(count, 3)):
                self._ordinary(kind, n)
        special: tuple[tuple[str, int, Callable[[Random, Child], Course]], ...] = (
            ("asylum", self.scaled(ASYLUM), self._asylum),
            ("at 18", self.scaled(AT_18, 2), self._at_18),
            ("older leaver", self.scaled(LEAVERS, 2), self._older),
            ("plan dropped", self.scaled(DROPPED), self._dropped),
            ("mother", self.scaled(MOTHERS), self._mother),
            ("liberty order", self.scaled(LIBERTY), self._liberty),
        )
        for kind, count, make in special:
            for n in range(count):
                rng = self.world.rng("care", kind, n)
                make(rng, self._stranger(rng, kind))
        for n in range(self._adoptions()):
            self._adopted(self.world.rng("care", "adopted", n), this_year=n % 2 == 1)
        return self.courses

    def _adoptions(self) -> int:
        """As many as there are children adopted from care on the rolls; without schools, the published share."""
        return moves.adopted_from_care(self.world.options.pupils) if self.world.children else self.scaled(ADOPTED)

    def _ordinary(self, kind: str, n: int) -> None:
        """A course of the common sort: began some time ago or this year, goes on or ended."""
        rng, last = self.world.rng("care", kind, n), self.ends[0]
        age = max(int(AGES.draw(rng)), 2 if kind == "left last" else 0)
        child = self._pupil(age) if 5 <= age <= 16 and rng.random() < PUPILS else None
        child = child or self._stranger(rng, "care", age)
        back = int(rng.expovariate(1 / 1000)) + 10
        start, end = last - timedelta(days=back), None
        if kind == "new":
            start = last + timedelta(days=rng.randrange(2, (self.on - last).days - 20))
        elif kind == "left last":
            end = last - timedelta(days=rng.randrange(1, 360))
            start = end - timedelta(days=back)
        elif kind == "left now":
            end = last + timedelta(days=rng.randrange(2, (self.on - last).days - 2))
        start = max(start, child.born + timedelta(days=rng.randrange(2, 30)))
        if end is not None and end <= start + timedelta(days=5):
            end = start + timedelta(days=6)
        course = self._course(rng, child)
        care.live(rng, course, start, end, self.on)
        self._finish(rng, course)
        if end is None:
            self._settle(rng, course)

    def _pupil(self, age: int) -> Child | None:
        """A pupil of about this age, under strain rather than not; None if there is none."""
        for place in range(len(self.pupils) - 1, max(-1, len(self.pupils) - 300), -1):
            if abs(age_on(self.pupils[place].born, self.on) - age) <= 1:
                return self.pupils.pop(place)
        return None

    def _stranger(self, rng: Random, why: str, age: int = 10) -> Child:
        """Somebody on no roll here: too young, too old, or at a school elsewhere."""
        number = self.world.next_child()
        family = families.household(rng, 2_000_000 + number, self.world.homes, (0, 0))
        day = self.on - timedelta(days=int(365.25 * age) + rng.randrange(40, 360))
        if self.on < birthday(day, 18) <= self.ends[1]:
            day += timedelta(days=200)
        child = families.child(rng, number, family, year_group=None, born=day)
        child.traits = (why,)
        return self.world.add(child)

    def _course(self, rng: Random, child: Child) -> Course:
        number = len(self.courses) + 1
        key = str(32_010_000 + 7 * number)
        course = Course(number, key, child, care.NEEDS.draw(rng), child.household.home.postcode)
        course.sex, course.born, course.upn = child.sex, child.born, self._upn(rng, child)
        if rng.random() < 0.06:
            day = child.born + timedelta(days=rng.randrange(200, 900))
            course.earlier = (rng.choice(("P1", "P2")), rng.choice(("317", "204", "306")), day.strftime("%d/%m/%Y"))
        self.courses.append(course)
        return course

    def _upn(self, rng: Random, child: Child) -> str:
        """The pupil's number; UN1 below school age; a number from elsewhere for others."""
        if child.upn:
            return child.upn
        first_school = date(child.born.year + 4 + (child.born.month > 8), 9, 1)
        if first_school > self.ends[0].replace(month=9, day=1, year=self.ends[0].year - 1):
            return "UN1"
        child.upn = self.world.upns.issue(
            rng, f"{rng.choice(('317', '309', '308'))}{rng.randint(2001, 2099)}", first_school
        )
        return child.upn

    def _settle(self, rng: Random, course: Course) -> None:
        """A pupil still in care lives with carers now, and the school knows."""
        child = course.child
        if child.year is None:
            return
        child.traits += ("in_care",)
        child.in_care = True
        place = course.episodes[-1]
        if place.place != "P1":
            child.home = care.carers_home(place, self.world.homes.home(rng))

    def _finish(self, rng: Random, course: Course) -> None:
        """Reviews, social workers and times missing along the course."""
        stop = course.end or self.on
        day = course.start + timedelta(days=rng.randrange(18, 27))
        gap = 85
        while day < stop:
            course.reviews.append(day)
            day, gap = day + timedelta(days=gap - rng.randrange(8)), 180
        self._workers(rng, course)
        if rng.random() < 0.15 and course.start < self.ends[0]:
            self._missing(rng, course)

    def _workers(self, rng: Random, course: Course) -> None:
        start, reason = course.start, "FCONTA"
        stop = course.end or self.on
        while True:
            end = start + timedelta(days=rng.choice((200, 330, 480, 700)) + rng.randrange(60))
            worker = f"SW{rng.randrange(100, 400)}"
            if end >= stop - timedelta(days=10):
                course.workers.append((worker, start, None, reason))
                return
            course.workers.append((worker, start, end, reason))
            start, reason = (
                end + timedelta(days=rng.randrange(1, 5)),
                rng.choice(("LEFTRL", "ORGRST", "CHCHAN", "MANAGE")),
            )

    def _missing(self, rng: Random, course: Course) -> None:
        """One or two short times missing in each return year, inside one period of care."""
        for end in self.ends:
            first, last = max(course.start, end.replace(year=end.year - 1)), min(course.end or self.on, end, self.on)
            span = (last - first).days - 40
            if span > 20 and course.child.born < end.replace(year=end.year - 9):
                away = first + timedelta(days=5 + rng.randrange(span))
                back = away + timedelta(days=rng.randrange(1, 6))
                course.missing.append((rng.choice("MMMMMA"), away, back))

    def _asylum(self, rng: Random, child: Child) -> Course:
        child.born = self.on - timedelta(days=rng.randrange(int(14.2 * 365), int(17.3 * 365)))
        child.sex = "M" if rng.random() < 0.9 else "F"
        if self.on < birthday(child.born, 18) <= self.ends[1]:
            child.born += timedelta(days=200)
        course = self._course(rng, child)
        course.upn = "UN3"
        care.asylum(rng, course, self.on - timedelta(days=rng.randrange(90, 600)))
        course.earlier = ("Z1", "", "")
        self._finish(rng, course)
        return course

    def _at_18(self, rng: Random, child: Child) -> Course:
        """Left care on the 18th birthday during last year's return, and is a care leaver now."""
        end = self.ends[0] - timedelta(days=rng.randrange(2, 250))
        child.born = date(end.year - 18, end.month, min(end.day, 28))
        course = self._course(rng, child)
        care.live(rng, course, end - timedelta(days=rng.randrange(500, 2000)), birthday(child.born, 18), self.on)
        self._finish(rng, course)
        return course

    def _older(self, rng: Random, child: Child) -> Course:
        """Left care before last year's return; only its list of care leavers has them."""
        child.born = self.ends[0] - timedelta(days=rng.randrange(int(19.1 * 365.25), int(21.8 * 365.25)))
        course = self._course(rng, child)
        end = birthday(child.born, 18)
        care.live(rng, course, end - timedelta(days=rng.randrange(400, 1500)), end, self.on)
        return course

    def _dropped(self, rng: Random, child: Child) -> Course:
        dropped = self.ends[0] + timedelta(days=rng.randrange(10, max(11, (self.on - self.ends[0]).days - 30)))
        start = dropped - timedelta(days=rng.randrange(420, 800))
        child.born = start - timedelta(days=rng.randrange(20, 900))
        course = self._course(rng, child)
        care.plan_dropped(rng, course, start, dropped)
        course.earlier = ("Z1", "", "")
        self._finish(rng, course)
        return course

    def _mother(self, rng: Random, child: Child) -> Course:
        """A girl in care who had a child this year."""
        child.born, child.sex = self.ends[1] - timedelta(days=rng.randrange(int(16.2 * 365), int(17.6 * 365))), "F"
        course = self._course(rng, child)
        care.live(rng, course, self.ends[0] - timedelta(days=rng.randrange(100, 900)), None, self.on)
        course.mother_of = self.on - timedelta(days=rng.randrange(20, 150))
        self._finish(rng, course)
        return course

    def _liberty(self, rng: Random, child: Child) -> Course:
        """A young person in a children's home whose liberty a court restricted for a time this year."""
        child.born = self.ends[1] - timedelta(days=rng.randrange(int(13.5 * 365), int(16.5 * 365)))
        course = self._course(rng, child)
        start = self.ends[0] - timedelta(days=rng.randrange(100, 700))
        course.episodes = [care.Placer(rng, course.home_post).episode(start, "S", "C1", "K2")]
        first = self.ends[0] + timedelta(days=rng.randrange(5, max(6, (self.on - self.ends[0]).days - 120)))
        course.liberty = (first, first + timedelta(days=rng.randrange(20, 90)))
        self._finish(rng, course)
        course.missing = []
        self._missing(rng, course)
        return course

    def _adopted(self, rng: Random, *, this_year: bool) -> None:
        """Adopted and a pupil now: same child, new name and number, never to be joined with the old ones."""
        years = {0} if this_year else {0, 1}
        fit = [c for c in self.world.children if c.year in years and not c.traits and not c.twin]
        if self.world.children and not fit:
            return
        child = rng.choice(fit) if fit else self._stranger(rng, "under_five", 4)
        end = self.ends[0] - timedelta(days=rng.randrange(5, 330))
        if this_year:
            end = self.ends[0] + timedelta(days=rng.randrange(5, max(6, min(140, (self.on - self.ends[0]).days - 5))))
        course = self._course(rng, child)
        course.upn = "UN1"
        care.adopt(rng, course, end - timedelta(days=rng.randrange(600, 800)), end)
        course.earlier = ("Z1", "", "")
        child.traits += ("adopted", "adopted_from_care")
        for record in self.world.records:
            record.identity = 2 if record.child is child else record.identity
        self._finish(rng, course)
