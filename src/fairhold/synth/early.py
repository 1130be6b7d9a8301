"""Children too young for school, and the children's centres some of them are registered with.

They make families whole; no file is written about them yet, so they stand in the key alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from fairhold.synth import families
from fairhold.synth.chance import bag
from fairhold.synth.domain import Child, Household
from fairhold.synth.world import World

UNDER_FIVE = 18_640 / 41_064  # to each pupil, projected for 2026 [WF], before those already in Reception
IN_RECEPTION = 0.2  # of the under-fives, who are pupils already
REGISTERED = 0.45  # with a children's centre, under strain more; assumed, no figure is published
CENTRES = ("Acorn", "Bluebell", "Lantern", "Pebble", "Sparrow", "Willow")
AGES = bag("0:1;1:1;2:1;3:1;4:0.3")


@dataclass(frozen=True, slots=True)
class Registration:
    """A child's registration with a made-up children's centre."""

    child: Child
    centre: str
    since: date


def happen(world: World) -> list[Registration]:
    """Younger brothers and sisters of pupils, some first children, and who is registered where."""
    rng = world.rng("early years")
    known = list({child.household.id: child.household for child in world.children}.values())
    found = []
    for _ in range(round(UNDER_FIVE * (1 - IN_RECEPTION) * world.options.pupils)):
        family = rng.choice(known) if rng.random() < 0.55 else _new_family(rng, world)
        child = _child(rng, world, family)
        if rng.random() < REGISTERED * (0.5 + family.strain):
            since = child.born + timedelta(days=rng.randrange(10, max(11, (world.options.on - child.born).days)))
            found.append(Registration(child, f"{rng.choice(CENTRES)} Children's Centre", since))
            child.traits += ("centre",)
    return found


def _new_family(rng: Random, world: World) -> Household:
    return families.household(rng, 3_000_000 + world.next_child(), world.homes, (0, 0))


def _child(rng: Random, world: World, family: Household) -> Child:
    days = int(365.25 * int(AGES.draw(rng))) + rng.randrange(1, 365)
    born = max(world.options.on - timedelta(days=days), date(world.start.year - 4, 9, 1))
    child = families.child(rng, world.next_child(), family, year_group=None, born=born)
    child.traits += ("under_five",)
    return world.add(child)
