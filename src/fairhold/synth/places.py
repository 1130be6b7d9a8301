"""Streets, homes and schools of the borough, none of which exists."""

from __future__ import annotations

from random import Random

from fairhold.synth import lists
from fairhold.synth.chance import Bag, stream
from fairhold.synth.domain import Home, School

FULL_SIZE = 45_000  # pupils at which the borough has its full number of schools
PHASES = (("primary", 60, 2, "29"), ("secondary", 20, 1, "49"), ("special", 5, 1, "79"), ("ap", 2, 1, "19"))
ENDINGS = {
    "primary": ("Primary School", "Primary School", "Infant and Junior School", "Academy Primary"),
    "secondary": ("School", "Academy", "High School"),
    "special": ("Special School",),
    "ap": ("Centre for Alternative Provision",),
}

# place, outward code, sectors, weight. Units end in X or Z pairs and are not allocated to any street.
AREAS = (
    ("Walthamstow", "E17", "3456789", 38),
    ("Leyton", "E10", "567", 20),
    ("Leytonstone", "E11", "1234", 18),
    ("Chingford", "E4", "6789", 20),
    ("Woodford Green", "IG8", "0789", 4),
)
AWAY = (("Romford", "RM6"), ("Enfield", "EN3"), ("Ilford", "IG3"), ("Harlow", "CM19"), ("Southend-on-Sea", "SS2"))
UNIT_START = "XZ"
UNIT_END = "ABDEFGHJLNPQRSTUWXYZ"


def schools(seed: int, pupils: int) -> list[School]:
    """Schools for this many pupils: fewer and smaller ones for a small borough, of every phase at least one."""
    rng = stream(seed, "schools")
    share = (pupils / FULL_SIZE) ** 0.6
    names = list(lists.school_names())
    rng.shuffle(names)
    found: list[School] = []
    for phase, full, least, band in PHASES:
        for n in range(max(least, round(full * share))):
            name = f"{names[len(found)]} {rng.choice(ENDINGS[phase])}"
            found.append(School(f"{band}{n + 1:02}", f"999{len(found) + 1:03}", name, phase, rng.uniform(0.5, 1.6)))
    return found


def postcode(rng: Random, outward: str, sectors: str) -> str:
    """A postcode of the right shape whose unit is in use nowhere."""
    return f"{outward} {rng.choice(sectors)}{rng.choice(UNIT_START)}{rng.choice(UNIT_END)}"


class Homes:
    """Gives out homes, each only once, so that two families share an address only on purpose."""

    def __init__(self, seed: int) -> None:
        self.given = 0
        rng = stream(seed, "streets")
        areas = Bag([(area, area[3]) for area in AREAS])
        self.streets: list[tuple[str, str, list[str]]] = []
        self.next_number: list[int] = []
        for name in lists.streets() + lists.quiet_streets():
            place, outward, sectors, _ = areas.draw(rng)
            self.streets.append((name, place, [postcode(rng, outward, sectors) for _ in range(4)]))
            self.next_number.append(1)
        self.quiet_from = len(lists.streets())

    def home(self, rng: Random, *, quiet: bool = False) -> Home:
        """The next free home of a street drawn by chance; `quiet` ones lie where only protected families live."""
        first, last = (self.quiet_from, len(self.streets)) if quiet else (0, self.quiet_from)
        index = rng.randrange(first, last)
        street, place, codes = self.streets[index]
        slot = self.next_number[index]
        self.next_number[index] += 1
        self.given += 1
        block, flat = divmod(slot, 10)
        number, flat_name = (str(block * 5 + 1), f"Flat {flat - 5}") if flat > 5 else (str(block * 5 + flat + 1), "")
        return Home(flat_name, number, street, place, codes[(slot // 40) % 4], f"999{self.given:09}")

    def away(self, rng: Random) -> Home:
        """A home outside the borough, for children placed with carers elsewhere."""
        town, outward = rng.choice(AWAY)
        self.given += 1
        code = postcode(rng, outward, "23456")
        street = rng.choice(lists.streets())
        return Home("", str(rng.randint(1, 120)), street, town, code, f"999{self.given:09}")
