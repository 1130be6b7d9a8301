"""Who moves between schools, leaves, sits on two rolls or on none, and who was adopted: what links are made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from fairhold.synth import families, lists
from fairhold.synth.chance import exactly, stream
from fairhold.synth.domain import Child, Record
from fairhold.synth.lists import kinds
from fairhold.synth.places import Homes
from fairhold.synth.terms import term_day, week_of
from fairhold.synth.world import World

MOVERS = 0.015  # pupils changing school inside the borough in the autumn term so far; assumed
RESTRICTED = 0.001  # children whose record is restricted for another reason than adoption; assumed


def adopted_from_care(pupils: int) -> int:
    """Children adopted out of care in both return years; 14 at full size (assumed: the figure is suppressed)."""
    return max(2, pupils * 14 // 45_000)


class Pool:
    """Pupils not yet used for a special case, in an order drawn once; nobody gets two."""

    def __init__(self, world: World) -> None:
        self.world = world
        rng = world.rng("pool")
        plain = [r for r in world.records if r.status == "C" and not r.child.traits and not r.child.twin]
        main = [r for r in plain if world.schools[r.school].phase in {"primary", "secondary"} and r.entry < world.start]
        rng.shuffle(main)
        self.free = main

    def take(self, count: int, years: Iterable[int]) -> list[Record]:
        """The records of this many pupils of these years (fewer if there are not enough)."""
        wanted: list[Record] = []
        kept: list[Record] = []
        allowed = set(years)
        for record in self.free:
            fits = len(wanted) < count and record.child.year in allowed and not record.child.traits
            (wanted if fits else kept).append(record)
        self.free = kept
        return wanted


def happen(world: World) -> None:
    """All the moves and special cases of the year."""
    pool = Pool(world)
    _adoptions(world, pool)
    _protect(world, pool)
    two_numbers = world.planted("upn_two_for_one", world.options.pupils)
    for record in pool.take(max(exactly(MOVERS, world.options.pupils), two_numbers), range(1, 12)):
        _change_school(world, record, second_number=two_numbers > 0)
        two_numbers -= 1
    for record in pool.take(world.planted("two_rolls", world.options.pupils), range(1, 12)):
        _two_rolls(world, record)
    _leave(world)
    _on_no_roll(world)
    for record in world.records:
        record.first_week = 0 if record.entry <= world.fridays[0] else week_of(record.entry, world.fridays)


def _autumn_day(rng: Random, world: World) -> date:
    """A school day of this term, not in its first week, on or before the last Friday."""
    span = max(1, (world.fridays[-1] - world.start).days - 12)
    return min(term_day(world.start + timedelta(days=12 + rng.randrange(span))), world.fridays[-1])


def other_school(rng: Random, world: World, school: int) -> int:
    """Another school of the same phase; in a borough with one such school, a special or alternative one."""
    phase = world.schools[school].phase
    same = [n for n, s in enumerate(world.schools) if s.phase == phase and n != school]
    return rng.choice(same or [n for n, _ in enumerate(world.schools) if n != school])


def _change_school(world: World, now: Record, *, second_number: bool) -> None:
    """The pupil left another school of the borough this term; `now` becomes the roll it joined."""
    rng = world.rng("mover", now.child.id)
    day = _autumn_day(rng, world)
    old = world.record(now.child, other_school(rng, world, now.school), "C", now.entry, now.upn)
    old.left = day - timedelta(days=rng.choice((1, 1, 3, 5)))
    old.left = max(old.left, world.start + timedelta(days=8))
    now.entry, now.before = day, world.schools[old.school].laestab
    now.child.traits += ("changed_school",)
    if second_number:
        now.upn = world.upns.issue(rng, world.schools[now.school].laestab, day)
        where = (world.schools[now.school].laestab, now.id, now.child.id)
        world.fault("upn_two_for_one", where, "UPN", (old.upn, now.upn), f"the other number stands at {now.before}")


def _two_rolls(world: World, one: Record) -> None:
    rng = world.rng("two rolls", one.child.id)
    entry = min(_autumn_day(rng, world), world.fridays[0])
    two = world.record(one.child, other_school(rng, world, one.school), "C", entry, one.upn)
    one.child.traits += ("two_rolls",)
    where = (world.schools[two.school].laestab, two.id, one.child.id)
    detail = f"also current at {world.schools[one.school].laestab}, not dual registered"
    world.fault("two_rolls", where, "EnrolStatus", ("", "C"), detail)


def _adoptions(world: World, pool: Pool) -> None:
    """The child joined its school under a new name and number; another school knew it under the old ones."""
    pupils = world.options.pupils
    count = max(1, exactly(kinds()["adopted"].rate, pupils) - adopted_from_care(pupils))
    for now in pool.take(count, range(1, 7)):
        rng = world.rng("adopted", now.child.id)
        child = now.child
        day = _autumn_day(rng, world)
        old = world.record(child, other_school(rng, world, now.school), "C", now.entry, now.upn)
        old.left = max(day - timedelta(days=rng.randint(5, 20)), world.start + timedelta(days=5))
        old.identity, now.identity, now.entry = 1, 2, day
        culture = lists.cultures()[rng.choice(sorted(lists.cultures()))]
        old.held["Surname"] = families.surname(rng, culture)
        if rng.random() < 0.3:
            old.held["Forename"] = rng.choice(culture.boys if child.sex == "M" else culture.girls)
        old.home = world.homes.home(rng)
        child.upn = now.upn = world.upns.issue(rng, world.schools[now.school].laestab, day)
        child.traits += ("adopted", "restricted") if rng.random() < 0.5 else ("adopted",)


def _protect(world: World, pool: Pool) -> None:
    """Whole families get an address nobody may learn, on streets of their own; and some records are closed."""
    wanted = max(1, exactly(kinds()["protected_address"].rate, world.options.pupils))
    by_family: dict[int, list[Child]] = {}
    for child in world.children:
        by_family.setdefault(child.household.id, []).append(child)
    rng = world.rng("protected")
    order = sorted(by_family)
    rng.shuffle(order)
    for family in order:
        members = by_family[family]
        if wanted and len(members) <= wanted and not any(c.traits for c in members):
            wanted -= len(members)
            _hide(rng, world.homes, members)
    for record in pool.take(max(1, exactly(RESTRICTED, world.options.pupils)), range(14)):
        record.child.traits += ("restricted",)


def _hide(rng: Random, homes: Homes, members: list[Child]) -> None:
    family = members[0].household
    family.protected, family.former_home, family.moved = True, None, None
    family.home = homes.home(rng, quiet=True)
    for child in members:
        child.home = None
        child.traits += ("protected_address",)


def _leave(world: World) -> None:
    """Pupils who left the borough, or who never arrived at the school they left for."""
    share = (world.fridays[-1] - world.start).days / 365
    gone = exactly(kinds()["moved_out"].rate * share, world.options.pupils)
    lost = world.planted("left_not_arrived", world.options.pupils)
    for n in range(gone + lost):
        child, rng = newcomer(world, "leaver", n)
        record = world.record(child, child.school, "C", _joined(world, child), child.upn)
        record.left = _autumn_day(rng, world)
        where = (world.schools[child.school].laestab, record.id, child.id)
        if n < gone:
            child.traits += ("moved_out",) if rng.random() < 0.5 else ("moved_out", "no_destination")
        else:
            child.traits += ("left_not_arrived",)
            world.fault("left_not_arrived", where, "LeavingDate", ("", record.left.isoformat()))


def _joined(world: World, child: Child) -> date:
    year = child.year or 0
    return term_day(date(world.start.year - (year if year < 7 else year - 7), 9, 2))


def newcomer(world: World, why: str, n: int, years: tuple[int, int] = (1, 11)) -> tuple[Child, Random]:
    """Somebody beside the asked number of pupils, in a family of their own, with a school and a number."""
    rng = stream(world.options.seed, why, n)
    primaries = [i for i, s in enumerate(world.schools) if s.phase == "primary"]
    secondaries = [i for i, s in enumerate(world.schools) if s.phase == "secondary"]
    number = world.next_child()
    rolls = (rng.choice(primaries), rng.choice(secondaries))
    family = families.household(rng, 1_000_000 + number, world.homes, rolls)
    year = rng.randint(*years)
    child = families.child(rng, number, family, year_group=year, born=families.Year(world.start).born(rng, year))
    child.school = rolls[year > 6]
    child.upn = world.upns.issue(rng, world.schools[rolls[0]].laestab, date(world.start.year - year, 9, 2))
    return world.add(child), rng


def _on_no_roll(world: World) -> None:
    """Residents of school age on no roll; half of them are known to the youth service (see registers.py)."""
    for n in range(world.planted("on_no_roll", world.options.pupils)):
        known = n % 2 == 0
        child, _ = newcomer(world, "no roll", n, (9, 11) if known else (1, 11))
        child.school = -1
        child.traits += ("on_no_roll", "known_to_youth") if known else ("on_no_roll",)
        world.fault("on_no_roll", ("", 0, child.id), "", ("", ""), "known to the youth service" if known else "")
