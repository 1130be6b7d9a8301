"""Families and their children, drawn household by household to the published marginals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from fairhold.synth import lists
from fairhold.synth.chance import Bag, exactly, stream
from fairhold.synth.domain import Child, Household, Options, School
from fairhold.synth.lists import Culture
from fairhold.synth.places import Homes

# Roll by year group: primary 61 % of mainstream pupils [SCAP]; staying on after 16 is an assumption.
YEARS = Bag([(year, 1.0) for year in range(7)] + [(y, 0.80) for y in range(7, 12)] + [(12, 0.33), (13, 0.27)])
SIBLINGS = Bag([(1, 47), (2, 35), (3, 12.5), (4, 4), (5, 1.5)])  # assumed: no figure is published
# Primary 21.2 %, secondary 31.2 % in 2025 [LAIT]; set apart a little, because families with children in both mix them.
FSM_NOW = (0.192, 0.337)
OTHER_SURNAME = 0.10  # siblings under another surname, assumed
OTHER_HOME = 0.05  # siblings at another parent's address, assumed
DOUBLE_BARRELLED = 0.06
MOVES_A_YEAR = 0.08  # households that moved in the past two years, half of it per year; assumed


@dataclass(slots=True)
class Year:
    """The school year the borough stands in: `start` is its 1 September."""

    start: date

    def born(self, rng: Random, year: int) -> date:
        """A birth date of somebody in this year group."""
        first = date(self.start.year - 5 - year, 9, 1)
        return first + timedelta(days=rng.randrange((date(first.year + 1, 9, 1) - first).days))


def people(options: Options, schools: list[School], homes: Homes, year: Year) -> list[Child]:
    """Exactly as many pupils as asked for, in families; twins are made afterwards from siblings."""
    found: list[Child] = []
    rolls = [
        Bag([(n, s.weight) for n, s in enumerate(schools) if s.phase == phase]) for phase in ("primary", "secondary")
    ]
    number = 0
    while len(found) < options.pupils:
        number += 1
        rng = stream(options.seed, "household", number)
        years = _years(rng, min(SIBLINGS.draw(rng), options.pupils - len(found)))
        family = household(rng, number, homes, (rolls[0].draw(rng), rolls[1].draw(rng)))
        _means(rng, family, years, year)
        for n in years:
            found.append(child(rng, len(found) + 1, family, year_group=n, born=year.born(rng, n)))
            if len(years) > 1:
                _live_apart(rng, found[-1], homes)
    return found


def _years(rng: Random, size: int) -> list[int]:
    years = [YEARS.draw(rng)]
    while len(years) < size:
        near = YEARS.draw(rng)
        if near not in years and min(abs(near - y) for y in years) <= 6:
            years.append(near)
    return sorted(years, reverse=True)


def household(rng: Random, number: int, homes: Homes, rolls: tuple[int, int]) -> Household:
    """A family with a name, a home, its schools and the strain it lives under."""
    ethnicity = lists.ethnicities().draw(rng)
    culture = lists.cultures()[lists.culture_of()[ethnicity].draw(rng)]
    family = Household(
        number, culture.name, ethnicity, surname(rng, culture), homes.home(rng), rng.random(), rolls[0], rolls[1]
    )
    family.language = culture.languages.draw(rng) if rng.random() < culture.eal else "ENG"
    if rng.random() < MOVES_A_YEAR * 2:
        family.former_home = homes.home(rng)
    return family


def surname(rng: Random, culture: Culture) -> str:
    """A surname, sometimes double-barrelled."""
    one = rng.choice(culture.surnames)
    if rng.random() >= DOUBLE_BARRELLED:
        return one
    two = rng.choice(lists.cultures()["english" if rng.random() < 0.5 else culture.name].surnames)
    return one if two == one else f"{one}-{two}"


def _means(rng: Random, family: Household, years: list[int], year: Year) -> None:
    """Free school meals belong to the household; more likely under strain, so that groups overlap."""
    rate = sum(FSM_NOW[y > 6] for y in years) / len(years)
    likely = rate * (0.3 + 1.4 * family.strain)
    drawn = rng.random()
    if drawn < likely + 0.032:  # about three in a hundred were entitled within six years and are no longer [LAIT]
        family.fsm_from = year.start - timedelta(days=rng.randrange(40, 1800))
    if family.fsm_from is not None and drawn >= likely:
        gone = (year.start - family.fsm_from).days
        family.fsm_until = family.fsm_from + timedelta(days=rng.randrange(20, max(21, gone)))


def child(rng: Random, number: int, family: Household, *, year_group: int | None, born: date) -> Child:
    """One child of a family."""
    culture = lists.cultures()[family.culture]
    sex = "M" if rng.random() < 0.512 else "F"
    names = culture.boys if sex == "M" else culture.girls
    forename = rng.choice(names)
    middle = rng.choice(names) if rng.random() < 0.45 else ""
    name = surname(rng, culture) if rng.random() < OTHER_SURNAME else family.surname
    return Child(
        number, family, forename, "" if middle == forename else middle, name, sex, born, year_group, family.language
    )


def _live_apart(rng: Random, one: Child, homes: Homes) -> None:
    if rng.random() < OTHER_HOME:
        one.home = homes.home(rng)


def make_twins(options: Options, children: list[Child]) -> None:
    """Turn younger siblings into twins until twins are as frequent as the list of traits says."""
    kinds = lists.kinds()
    pairs: list[tuple[Child, Child]] = []
    last: Child | None = None
    for one in children:
        if last is not None and last.household is one.household and not (pairs and pairs[-1][1] is last):
            pairs.append((last, one))
        last = one
    rng = stream(options.seed, "twins")
    wanted = exactly(kinds["twins"].rate / 2, options.pupils)
    chosen = rng.sample(pairs, min(wanted, len(pairs)))
    alike = exactly(kinds["twins_same_initial"].rate, len(chosen))
    for one, other in chosen:
        other.born, other.year, other.surname, other.language = one.born, one.year, one.surname, one.language
        one.home = other.home = None
        one.twin, other.twin = other.id, one.id
        alike -= _name_twin(rng, one, other, alike=alike > 0)


def _name_twin(rng: Random, one: Child, other: Child, *, alike: bool) -> bool:
    """Another forename; with the same first letter if asked and if the culture has one. True when it has."""
    culture = lists.cultures()[other.household.culture]
    names = [n for n in (culture.boys if other.sex == "M" else culture.girls) if n != one.forename]
    fits = [n for n in names if n[0] == one.forename[0]] if alike else []
    other.forename = rng.choice(fits or [n for n in names if n[0] != one.forename[0]])
    other.middle = "" if other.middle == other.forename else other.middle
    if fits:
        one.traits += ("twins_same_initial",)
        other.traits += ("twins_same_initial",)
    return bool(fits)
