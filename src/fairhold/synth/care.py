"""Children looked after: each one's whole course of care first; the yearly returns are cut from it (care_tables.py)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from fairhold.dates.birthdays import birthday
from fairhold.synth.chance import bag
from fairhold.synth.domain import Child, Home
from fairhold.synth.places import AREAS, AWAY, postcode

NEEDS = bag("N1:54;N4:14;N8:11;N5:10;N3:7;N6:3;N2:1")
REASONS = bag("CARPL:82;CREQB:43;CREQO:22;CHILD:16;STAND:7;LAREQ:5;ALLEG:3;CLOSE:3")
YOUNG = bag("U6:42;U4:24;U1:8;U3:14;P1:12")
MIDDLE = bag("U6:42;U4:27;U1:7;U3:9;K2:10;P1:5")
OLD = bag("K3:34;U4:20;U6:18;K2:14;U1:6")
PROVIDERS = {"P1": bag("PR0:1"), "U1": bag("PR1:1"), "U3": bag("PR1:1"), "K2": bag("PR4:85;PR1:15")}
OTHER_PROVIDER = bag("PR1:44;PR4:50;PR5:6")
RETURNS = bag("E4A:40;E46:22;E4B:10;E13:14;E41:10;E3:4")


@dataclass(slots=True)
class Episode:
    """One unbroken combination of legal status and placement; fields named as in the return."""

    started: date
    rne: str
    legal: str
    place: str
    provider: str
    post: str
    urn: str
    ended: date | None = None
    rec: str = ""
    reason: str = ""


@dataclass(slots=True)
class Plan:
    """A decision that a child should be adopted, and what became of it."""

    decided: date
    matched: date | None = None
    ceased: date | None = None
    reason: str = ""


@dataclass(slots=True)
class Course:
    """One child's course of care, as the case system holds it under its own number `key`."""

    id: int
    key: str
    child: Child
    need: str
    home_post: str
    episodes: list[Episode] = field(default_factory=list)
    upn: str = ""
    sex: str = ""
    born: date = date.min
    earlier: tuple[str, str, str] = ("Z1", "", "")
    asylum: bool = False
    plan: Plan | None = None
    mother_of: date | None = None
    missing: list[tuple[str, date, date | None]] = field(default_factory=list)
    reviews: list[date] = field(default_factory=list)
    workers: list[tuple[str, date, date | None, str]] = field(default_factory=list)
    liberty: tuple[date, date] | None = None
    identity: int = 1
    held: dict[str, str] = field(default_factory=dict)

    @property
    def start(self) -> date:
        """The day care began."""
        return self.episodes[0].started

    @property
    def end(self) -> date | None:
        """The day care ended; None while it lasts."""
        return self.episodes[-1].ended


class Placer:
    """Draws placements with provider, postcode and the provider's made-up Ofsted number."""

    def __init__(self, rng: Random, home_post: str) -> None:
        self.rng = rng
        self.home_post = home_post

    def first(self, born: date, day: date, *, section_20: bool) -> Episode:
        """A first placement for a child of this age."""
        place = self._place(born, day)
        while place == "P1":
            place = self._place(born, day)
        return self.episode(day, "S", "V2" if section_20 else "C1", place)

    def next(self, before: Episode, born: date, day: date, *, legal: str) -> Episode:
        """Another placement with other carers, and with another legal status if one is given."""
        place = self._place(born, day)
        while place == "P1" and (legal not in {"C1", "C2"} or before.place == "P1"):
            place = self._place(born, day)
        one = self.episode(day, "P" if legal == before.legal else "B", legal, place)
        while one.post == before.post:
            one.post = self._post(one.place, one.provider)
        return one

    def episode(self, day: date, rne: str, legal: str, place: str) -> Episode:
        """An open episode in a placement of this kind."""
        provider = PROVIDERS.get(place, OTHER_PROVIDER).draw(self.rng) if place[0] != "A" else "PR1"
        if place == "K3":
            provider = "PR4"
        return Episode(day, rne, legal, place, provider, self._post(place, provider), self._urn(place, provider))

    def _place(self, born: date, day: date) -> str:
        if day < birthday(born, 8):
            return YOUNG.draw(self.rng)
        return (MIDDLE if day < birthday(born, 16) else OLD).draw(self.rng)

    def _post(self, place: str, provider: str) -> str:
        """A postcode in the borough for the council's own placements, else anywhere; home's own only for home."""
        if place == "P1":
            return self.home_post
        code = self.home_post
        while code == self.home_post:
            if provider == "PR1" or self.rng.random() < 0.35:
                _, outward, sectors, _ = self.rng.choice(AREAS)
            else:
                outward, sectors = self.rng.choice(AWAY)[1], "23456"
            code = postcode(self.rng, outward, sectors)
        return code

    def _urn(self, place: str, provider: str) -> str:
        if place == "P1":
            return ""
        if place[0] == "A":
            return "XXXXXXX"
        return "SC999001" if provider == "PR1" else f"SC9990{self.rng.randint(10, 60)}"


def live(rng: Random, course: Course, start: date, end: date | None, on: date) -> None:
    """An ordinary course of care from one day to another (None: it lasts): changes of status and placement between."""
    placer, born = Placer(rng, course.home_post), course.child.born
    police = rng.random() < 0.3 and (end is None or (end - start).days > 30)
    one = placer.first(born, start, section_20=rng.random() < 0.5)
    course.episodes = [one]
    if police:
        one.legal = "L1"
        _change(course, replace_legal(one, start + timedelta(days=rng.randint(1, 3)), rng.choice(("V2", "C1"))))
    day = course.episodes[-1].started
    while True:
        interim = course.episodes[-1].legal == "C1"
        waits = (100, 150, 190) if interim else (60, 120, 200, 300, 400, 520)
        day += timedelta(days=rng.choice(waits) + rng.randrange(50))
        if day >= (end or on) - timedelta(days=8):
            break
        _happening(rng, course, placer, day)
    if end is not None:
        close(rng, course, end)


def replace_legal(before: Episode, day: date, legal: str) -> Episode:
    """The same placement under another legal status."""
    return Episode(day, "L", legal, before.place, before.provider, before.post, before.urn)


def _happening(rng: Random, course: Course, placer: Placer, day: date) -> None:
    before = course.episodes[-1]
    legal = rng.choice({"V2": ("V2", "V2", "C1"), "C1": ("C1", "C2", "C2"), "C2": ("C2",)}[before.legal])
    if before.place == "U6" and rng.random() < 0.2:
        one = Episode(day, "T", before.legal, "U4", before.provider, before.post, before.urn)
        _change(course, one, "PLACE")
    elif legal != before.legal and rng.random() < 0.7:
        _change(course, replace_legal(before, day, legal))
    else:
        _change(course, placer.next(before, course.child.born, day, legal=legal), REASONS.draw(rng))


def _change(course: Course, one: Episode, reason: str = "") -> None:
    before = course.episodes[-1]
    before.ended, before.rec, before.reason = one.started, "X1", reason
    course.episodes.append(one)


def close(rng: Random, course: Course, end: date) -> None:
    """Care ends, for a reason that fits age and placement."""
    last = course.episodes[-1]
    last.ended = end
    if end >= birthday(course.child.born, 18):
        last.rec = "E17" if last.place[0] == "U" else rng.choice(("E5", "E6"))
        return
    last.rec = RETURNS.draw(rng)
    if last.rec == "E46" and last.place[0] != "U":
        last.rec = "E4A"
    if last.rec == "E46" and last.place in {"U1", "U3"}:
        last.rec = "E45"
    if last.place == "P1" and last.rec != "E3":
        last.rec = "E4A"


def adopt(rng: Random, course: Course, start: date, end: date) -> None:
    """Care that ends in adoption: interim order, placement order, placed with adopters, order made."""
    placer, total = Placer(rng, course.home_post), (end - start).days
    days = [start + timedelta(days=total * part // 100) for part in (25, 45, 55, 60)]
    first = placer.episode(start, "S", "C1", "U6")
    course.episodes = [first]
    course.plan = Plan(decided=days[0], matched=days[2])
    _change(course, replace_legal(first, days[1], "E1"))
    placed = placer.episode(days[3], "P", "E1", "A6")
    _change(course, placed, "CARPL")
    placed.ended, placed.rec = end, rng.choice(("E11", "E12"))


def plan_dropped(rng: Random, course: Course, start: date, dropped: date) -> None:
    """A plan for adoption that was given up: the placement order gives way to a full care order."""
    placer, total = Placer(rng, course.home_post), (dropped - start).days
    first = placer.episode(start, "S", "C1", "U6")
    course.episodes = [first]
    course.plan = Plan(start + timedelta(days=total // 4), ceased=dropped, reason=rng.choice(("RD1", "RD3")))
    order = replace_legal(first, start + timedelta(days=total // 2), "E1")
    _change(course, order)
    _change(course, replace_legal(order, dropped, "C2"))


def asylum(rng: Random, course: Course, start: date) -> None:
    """An unaccompanied young person who asks for asylum, accommodated by agreement."""
    placer = Placer(rng, course.home_post)
    course.asylum, course.home_post, course.need = True, "", "N8"
    old = start >= birthday(course.child.born, 16)
    course.episodes = [placer.episode(start, "S", "V2", "K3" if old else "U6")]


def carers_home(placement: Episode, home: Home) -> Home:
    """A carers' home whose postcode is the placement's."""
    return Home(home.flat, home.number, home.street, home.place, placement.post, home.uprn)
