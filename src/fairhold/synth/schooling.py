"""Which school each pupil goes to, since when, under which number and with which support."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from fairhold.synth.chance import Bag, bag, exactly
from fairhold.synth.domain import Child, Record
from fairhold.synth.lists import kinds
from fairhold.synth.terms import first_day, term_day
from fairhold.synth.world import World

PLAN, SUPPORT = 0.062, 0.122  # shares of pupils, 2025 [LAIT]
PLAN_MALE, MALE = 0.71, 0.512  # 71 % of plans are boys' [EHC]
SPECIAL = 0.25  # share of plans placed in special schools, school age [EHC: 843 of 3,663 at all ages]
PLAN_NEEDS = bag("ASD:32.6;SLCN:23.4;SEMH:22.2;PD:6;MLD:5.2;SPLD:1.9;SLD:1.7;HI:1.6;PMLD:1.4;OTH:1.4;MSI:1.3;VI:0.8")
SUPPORT_NEEDS = bag("SLCN:29;SEMH:22;SPLD:17;MLD:14;ASD:8;OTH:4;NSA:3;PD:2;HI:1")  # assumed
AP_ONLY, AP_TOO = 0.002, 0.006  # of years 8 to 11: alternative provision alone, or beside a school; assumed
JOINED_LATER = 0.12  # of pupils came to their school in an earlier year than its first; assumed
OTHER_LEAS = ("201", "204", "206", "207", "301", "307", "309", "313", "317", "330", "380", "881", "883")


def place(world: World) -> None:
    """Give every pupil support, a school, a number and a place on its roll."""
    rolls = {
        phase: Bag([(n, s.weight) for n, s in enumerate(world.schools) if s.phase == phase])
        for phase in ("special", "ap")
    }
    moved_in = _moved_in(world)
    for child in world.children:
        rng = world.rng("school", child.id)
        _support(rng, child, world.start)
        child.school = _school(rng, child, rolls)
        entry = _entry(rng, world, child)
        if child.id in moved_in:
            entry = moved_in[child.id]
            child.traits += ("moved_in",)
        child.upn = issue(rng, world, child, entry)
        one = world.record(child, child.school, "C", entry, child.upn)
        if child.id in moved_in:
            one.before = f"{rng.choice(OTHER_LEAS)}{rng.randint(2001, 2999)}"
            _former_number(rng, world, one)
        _second_site(rng, world, child, rolls["ap"])


def _moved_in(world: World) -> dict[int, date]:
    """Pupils who came into the borough in the past year, with the day they joined their school."""
    rng = world.rng("moved in")
    settled = [c for c in world.children if c.year not in {None, 0, 7}]
    chosen = rng.sample(settled, min(len(settled), exactly(kinds()["moved_in"].rate, len(world.children))))
    last = world.fridays[-1]
    return {child.id: _recent_term_day(rng, last) for child in chosen}


def _recent_term_day(rng: Random, last: date) -> date:
    while True:
        day = term_day(last - timedelta(days=rng.randrange(1, 360)))
        if day <= last:
            return day


def _support(rng: Random, child: Child, start: date) -> None:
    """A plan, support or neither; likelier under strain, plans likelier for boys."""
    strain = 0.4 + 1.2 * child.household.strain
    plan = PLAN * (PLAN_MALE / MALE if child.sex == "M" else (1 - PLAN_MALE) / (1 - MALE)) * strain
    drawn = rng.random()
    if drawn >= plan + SUPPORT * strain:
        return
    child.sen = "E" if drawn < plan else "K"
    needs = PLAN_NEEDS if child.sen == "E" else SUPPORT_NEEDS
    one, two = needs.draw(rng), needs.draw(rng)
    child.needs = (one,) if one == two or rng.random() < 0.6 else (one, two)
    years = (child.year or 0) + 1
    child.sen_from = start - timedelta(days=rng.randrange(20, 20 + 330 * years))


def _school(rng: Random, child: Child, rolls: dict[str, Bag[int]]) -> int:
    if child.sen == "E" and rng.random() < SPECIAL:
        return rolls["special"].draw(rng)
    if child.year in {8, 9, 10, 11} and rng.random() < AP_ONLY:
        return rolls["ap"].draw(rng)
    return child.household.primary if (child.year or 0) < 7 else child.household.secondary


def _entry(rng: Random, world: World, child: Child) -> date:
    """The day the child joined its school: the start of its first year there, or later."""
    phase = world.schools[child.school].phase
    year = child.year or 0
    years_here = year - 7 if phase == "secondary" else year
    if phase == "ap":
        years_here = 0
    if years_here > 0 and rng.random() < JOINED_LATER:
        years_here = rng.randrange(years_here)
    first = date(world.start.year - years_here, 9, 1)
    return first_day(first)


def issue(rng: Random, world: World, child: Child, entry: date) -> str:
    """A number from the school the child first went to: a primary school here, or a school elsewhere for newcomers."""
    first = date(world.start.year - (child.year or 0), 9, 2)
    if "moved_in" in child.traits and rng.random() < 0.7:
        return world.upns.issue(rng, f"{rng.choice(OTHER_LEAS)}{rng.randint(2001, 2999)}", first)
    if "moved_in" in child.traits:
        return world.upns.issue(rng, world.schools[child.school].laestab, entry)
    return world.upns.issue(rng, world.schools[child.household.primary].laestab, first)


def _former_number(rng: Random, world: World, one: Record) -> None:
    """Some newcomers had a temporary number here until the true one was found."""
    here = world.schools[one.school].laestab
    if one.upn[1:8] != here and rng.random() < 0.15:
        one.held["BasicDetails/FormerUPN"] = world.upns.issue(rng, here, one.entry, temporary=True)


def _second_site(rng: Random, world: World, child: Child, roll: Bag[int]) -> None:
    """Some pupils in the upper years are at an alternative provision beside their school: main and subsidiary."""
    main = world.records[-1]
    if world.schools[child.school].phase != "secondary" or child.year not in {8, 9, 10, 11}:
        return
    if rng.random() >= AP_TOO * (0.2 + 1.6 * child.household.strain):
        return
    main.status = "M"
    entry = max(main.entry, term_day(world.start + timedelta(days=rng.randrange(1, 50))))
    if entry <= world.fridays[0]:
        world.record(child, roll.draw(rng), "S", entry, child.upn)
    else:
        main.status = "C"
    child.traits += ("dual",) if main.status == "M" else ()
