"""What happens to pupils in the weeks of the weekly files, so that each school has somebody to send."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from fairhold.synth.chance import Bag, exactly
from fairhold.synth.domain import Change, Household, Record
from fairhold.synth.terms import week_of
from fairhold.synth.world import World

CHANGED = 0.03  # of a roll in a week, beside joiners and leavers; assumed
MOVED = 0.0015  # of households in a week; assumed
KINDS = Bag([("telephone", 40), ("contact", 25), ("free meals", 20), ("support", 15)])


def happen(world: World) -> None:
    """Give every school's week its changes."""
    _households_move(world)
    rolls: dict[int, list[Record]] = {n: [] for n, _ in enumerate(world.schools)}
    for record in world.records:
        rolls[record.school].append(record)
    for school, roll in rolls.items():
        for week in range(1, len(world.fridays)):
            _week(world, school, roll, week)


def _households_move(world: World) -> None:
    """Families that moved: in one of the weeks, or some time in the two years before."""
    rng = world.rng("households move")
    families: dict[int, Household] = {}
    for record in world.records:
        family = record.child.household
        if family.former_home is not None:
            families.setdefault(family.id, family)
    order = list(families.values())
    rng.shuffle(order)
    weekly = exactly(MOVED, len({r.child.household.id for r in world.records}))
    for n, family in enumerate(order):
        week = 1 + n // weekly if weekly else len(world.fridays)
        if week < len(world.fridays):
            family.moved = world.fridays[week] - timedelta(days=rng.randrange(7))
        else:
            family.moved = world.fridays[0] - timedelta(days=rng.randrange(20, 700))
    for record in world.records:
        moved = record.child.household.moved
        week = week_of(moved, world.fridays) if moved else 0
        if moved and 0 < week < len(world.fridays) and record.home is None and record.child.home is None:
            record.changes.append(Change(week, "address", moved))


def _week(world: World, school: int, roll: list[Record], week: int) -> None:
    rng = world.rng("week", school, week)
    day = world.fridays[week] - timedelta(days=rng.randrange(5))
    here = [r for r in roll if r.first_week < week and (r.left is None or r.left > day) and not r.changes]
    wanted = max(1, exactly(CHANGED, len(here)))
    for record in rng.sample(here, min(wanted, len(here))):
        record.changes.append(_change(rng, record, week, day))


def _change(rng: Random, record: Record, week: int, day: date) -> Change:
    """A change that fits the pupil: nobody begins what they have."""
    kind = KINDS.draw(rng)
    child = record.child
    if kind == "free meals" and (child.household.fsm_from or child.household.protected):
        kind = "telephone"
    if kind == "support" and child.sen != "N":
        kind = "contact"
    return Change(week, kind, day)


def sent_in(world: World, record: Record, week: int) -> bool:
    """Whether the pupil is in this week's file: on the roll this year (full file), or new, gone or changed."""
    if week == 0:
        return record.first_week == 0
    new = record.first_week == week
    gone = record.left is not None and week_of(record.left, world.fridays) == week and record.first_week <= week
    return new or gone or (record.first_week <= week and any(c.week == week for c in record.changes))
