"""Children in need: each one's episodes of need first; the yearly census is cut from them (need_census.py)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from fairhold.dates.working import working_day_after
from fairhold.synth.chance import Bag, bag
from fairhold.synth.domain import Child

NEEDS = bag("N1:58;N5:14;N4:10;N2:8;N3:4;N6:2;N8:2;N7:1;N9:1")
SOURCES = bag(
    "6:26.1;2A:21;2B:2.3;3A:4;3B:3;3C:2;3D:5;3E:1.3;1A:6;1B:2;1C:2;1D:1;5A:4;5B:5;5C:2;5D:5;4:2;7:2;8:3;9:2;10:1"
)
FACTORS = bag(
    "3B:907;17A:656;3A:623;4B:612;16A:446;18B:700;4A:381;3C:295;14A:299;24A:263;1B:207;5A:196;6B:177;2B:158;2A:120;"
    "4C:116;15A:112;10A:108;6A:102;19B:97;13A:94;1A:73;1C:61;18C:59;2C:57;11A:49;7A:48;5B:44;5C:36;6C:33;19C:32;"
    "8B:11;23A:11;12A:10;20:1109"
)
ABUSE = bag("NEG:40;EMO:38;PHY:12;SAB:5;MUL:5")
CLOSED = bag("RC7:86;RC5:8;RC3:2;RC4:3;RC6:1")
CONFERENCES = Bag([((4, 10), 68), ((11, 15), 169), ((16, 20), 28), ((21, 30), 52)])  # working days [CSC 2025]
NO_ACTION, NOT_IN_NEED, EARLY_HELP = 0.008, 0.173, 0.08  # the last one assumed
ENQUIRY, ENQUIRY_SHORT, CONFERENCE, PLAN, LATE = 0.78, 0.2, 0.36, 0.81, 0.007
LONGEST_ALONE = 90  # days; after them an episode without further work has ended


@dataclass(slots=True)
class Assessment:
    """A single assessment; `factors` are known once it is authorised."""

    started: date
    authorised: date | None = None
    factors: tuple[str, ...] = ()


@dataclass(slots=True)
class Enquiry:
    """A section 47 enquiry. Without a conference it is `needless` once it is over."""

    started: date
    target: date | None = None
    conference: date | None = None
    needless: bool = False


@dataclass(slots=True)
class Protection:
    """A child protection plan with its review conferences; `before` counts earlier plans of the child."""

    started: date
    first: str
    latest: str
    before: int = 0
    ended: date | None = None
    reviews: list[date] = field(default_factory=list)


@dataclass(slots=True)
class Spell:
    """One episode of need, from referral to closure, with all that happened in it."""

    referred: date
    source: str
    need: str
    closed: date | None = None
    reason: str = ""
    no_action: bool = False
    assessments: list[Assessment] = field(default_factory=list)
    plans: list[tuple[date, date | None]] = field(default_factory=list)
    enquiries: list[Enquiry] = field(default_factory=list)
    protections: list[Protection] = field(default_factory=list)


@dataclass(slots=True)
class Case:
    """One child as the case system holds it under its own number `key`, with every episode of need."""

    id: int
    key: str
    child: Child
    born: date
    sex: str
    upn: str
    disabilities: tuple[str, ...] = ("NONE",)
    died: date | None = None
    spells: list[Spell] = field(default_factory=list)
    identity: int = 1
    held: dict[str, str] = field(default_factory=dict)

    @property
    def start(self) -> date:
        """The day of the first referral."""
        return self.spells[0].referred

    @property
    def end(self) -> date | None:
        """The day the last episode closed; None while it is open."""
        return self.spells[-1].closed


def weekday(day: date) -> date:
    """This day, or the Monday after a weekend: conferences are held on working days."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def live(rng: Random, case: Case, referred: date, closed: date | None, on: date) -> Spell:
    """One episode of need from referral to closure (None: it is open), and what happens in it up to `on`."""
    spell = Spell(referred, SOURCES.draw(rng), NEEDS.draw(rng), closed)
    case.spells.append(spell)
    days = ((closed or on) - referred).days
    short = closed is not None and days <= LONGEST_ALONE
    if short and rng.random() < NO_ACTION / 0.65:
        spell.no_action = True
        spell.closed, spell.reason = referred + timedelta(days=rng.randrange(3)), "RC7"
        return spell
    enquired = rng.random() < (ENQUIRY_SHORT if short else ENQUIRY)
    first = _assess(rng, spell, closed, on)
    if short and closed is not None:
        drawn = rng.random()
        spell.reason = "RC8" if drawn < NOT_IN_NEED / 0.65 else "RC9" if drawn < 0.4 else CLOSED.draw(rng)
        if spell.reason == "RC8" and first.factors and rng.random() < 0.2:
            first.factors = ("21",)
        if spell.reason in {"RC8", "RC9"}:
            return spell
    elif closed is not None:
        spell.reason = CLOSED.draw(rng)
    if enquired:
        _enquire(rng, case, spell, on, conferred=not short and rng.random() < CONFERENCE)
    _support(rng, spell, first, on)
    return spell


def in_care(rng: Random, case: Case, start: date, end: date | None, on: date) -> Spell:
    """The episode of need of a child looked after: referred before care began, closed some time after it ended."""
    closed = None
    if end is not None and end + timedelta(days=40) < on:
        closed = end + timedelta(days=rng.randrange(1, 30))
    referred = max(start - timedelta(days=rng.randrange(20, 90)), case.born)
    spell = Spell(referred, SOURCES.draw(rng), "N1" if rng.random() < 0.6 else NEEDS.draw(rng), closed)
    spell.reason = CLOSED.draw(rng) if closed else ""
    case.spells.append(spell)
    _assess(rng, spell, closed, on)
    return spell


def _assess(rng: Random, spell: Spell, closed: date | None, on: date) -> Assessment:
    """The single assessment: within 45 working days of the referral but for a few."""
    late = rng.random() < LATE and (closed is None or (closed - spell.referred).days > LONGEST_ALONE)
    started = spell.referred + timedelta(days=rng.randrange(3))
    days = rng.randrange(46, 58) if late else rng.randrange(12, 45)
    done = working_day_after(spell.referred, days, frozenset())
    one = Assessment(min(started, closed or started))
    if closed is not None and done > closed:
        done = max(closed - timedelta(days=rng.randrange(2)), one.started)
    if done <= on:
        one.authorised = done
        one.factors = _factors(rng)
    spell.assessments.append(one)
    return one


def _factors(rng: Random) -> tuple[str, ...]:
    return tuple(sorted({FACTORS.draw(rng) for _ in range(rng.choice((1, 2, 2, 3, 3, 4)))}))


def _enquire(rng: Random, case: Case, spell: Spell, on: date, *, conferred: bool) -> None:
    """An enquiry soon after the referral; some lead to a conference, and most conferences to a plan."""
    started = weekday(spell.referred + timedelta(days=rng.randrange(6)))
    one = Enquiry(started, working_day_after(started, 15, frozenset()))
    low, high = CONFERENCES.draw(rng)
    held = working_day_after(started, rng.randint(low, high), frozenset())
    over = working_day_after(started, rng.randint(3, 14), frozenset())
    if (held if conferred else over) > (spell.closed or on) or started > on:
        return
    spell.enquiries.append(one)
    done = spell.assessments[0].authorised
    if done is not None and done < (held if conferred else over):
        spell.assessments[0].authorised = held if conferred else over
    if not conferred:
        one.needless, one.target = True, None
        return
    one.conference = held
    if rng.random() < PLAN:
        _protect(rng, case, spell, held, on)


def _protect(rng: Random, case: Case, spell: Spell, started: date, on: date) -> None:
    """A plan from the conference on: a year on the average, reviewed after three months and then each half year."""
    first = ABUSE.draw(rng)
    latest = first if rng.random() < 0.85 else ABUSE.draw(rng)
    before = sum(len(one.protections) for one in case.spells) or int(rng.random() < 0.2)
    plan = Protection(started, first, latest, before)
    end = started + timedelta(days=95 + int(rng.expovariate(1 / 330)))
    if spell.closed is not None and end >= spell.closed:  # nobody closes a case while the child is on a plan
        later = end + timedelta(days=rng.randrange(20, 120))
        spell.closed = later if later <= on else None
        spell.reason = spell.reason if spell.closed else ""
    if end <= on:
        plan.ended = end
    day, gap = started + timedelta(days=rng.randrange(70, 91)), 0
    while day < (plan.ended or on):
        plan.reviews.append(weekday(day))
        gap = rng.randrange(150, 182) if rng.random() < 0.9 else rng.randrange(185, 220)
        day += timedelta(days=gap)
    spell.protections.append(plan)


def _support(rng: Random, spell: Spell, first: Assessment, on: date) -> None:
    """A plan for a child in need: from the assessment on, or from the day a protection plan ended."""
    began = first.authorised
    if spell.protections:
        began = spell.protections[-1].ended
    if began is None or began >= min(spell.closed or on, on) or rng.random() < 0.15:
        return
    spell.plans.append((began, spell.closed))
