"""The borough has the published shape: shares within a tolerance that a borough of this size allows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from fairhold.dates.birthdays import birthday
from fairhold.dates.school import nc_year
from fairhold.synth import lists, pupil
from fairhold.synth.build import true_world
from fairhold.synth.care_people import Care
from fairhold.synth.domain import Child, Options
from fairhold.synth.world import World

ON = date(2026, 11, 23)


@pytest.fixture(scope="module")
def world() -> World:
    return true_world(Options(15_000, 2, 1.0, 11, ON, Path("unused")))


@pytest.fixture(scope="module")
def care(world: World) -> Care:
    """Everybody's course of care, lived once: it also decides which pupils were adopted out of care."""
    built = Care(world)
    built.all()
    return built


def share(found: Iterable[bool]) -> float:
    several = list(found)
    return sum(several) / len(several)


def in_phase(world: World, phase: str) -> list[Child]:
    return [c for c in world.children if world.schools[c.school].phase == phase]


def has_meals(child: Child) -> bool:
    return child.household.fsm_from is not None and child.household.fsm_until is None


# phase, free meals, ever in six years, first language not English, plan: 2025 [LAIT]
SCHOOLS = [("primary", 0.212, 0.240, 0.400, 0.047), ("secondary", 0.312, 0.346, 0.402, 0.046)]


@pytest.mark.parametrize(("phase", "meals", "ever", "other_language", "plan"), SCHOOLS)
def test_pupils_by_phase(
    world: World, phase: str, meals: float, ever: float, other_language: float, plan: float
) -> None:
    pupils = in_phase(world, phase)
    assert share(map(has_meals, pupils)) == pytest.approx(meals, abs=0.02)
    assert share(c.household.fsm_from is not None for c in pupils) == pytest.approx(ever, abs=0.025)
    assert share(c.language != "ENG" for c in pupils) == pytest.approx(other_language, abs=0.025)
    assert share(c.sen == "E" for c in pupils) == pytest.approx(plan, abs=0.007)


def test_pupils_of_all_phases(world: World) -> None:
    pupils = world.children
    assert len(pupils) == 15_000
    assert share(c.household.ethnicity == "WBRI" for c in pupils) == pytest.approx(0.210, abs=0.015)
    assert share(c.sen == "K" for c in pupils) == pytest.approx(0.122, abs=0.01)
    assert share(c.sen == "E" for c in pupils) == pytest.approx(0.062, abs=0.008)
    plans = [c for c in pupils if c.sen == "E"]
    assert share(c.sex == "M" for c in plans) == pytest.approx(0.71, abs=0.05)
    needs = Counter(c.needs[0] for c in plans)
    assert needs["ASD"] / len(plans) == pytest.approx(0.326, abs=0.05)
    mainstream = len(in_phase(world, "primary")) + len(in_phase(world, "secondary"))
    assert len(in_phase(world, "primary")) / mainstream == pytest.approx(0.61, abs=0.02)


def test_groups_overlap(world: World) -> None:
    plans = [c for c in world.children if c.sen == "E"]
    assert share(map(has_meals, plans)) > share(map(has_meals, world.children)) + 0.03


def test_each_pupil_is_of_the_age_of_the_year_group(world: World) -> None:
    assert all(nc_year(c.born, world.start) == c.year for c in world.children if "adopted_from_care" not in c.traits)


# phase: overall absence, persistent, severe, 2024/25 [LAIT]
ABSENCE = {"primary": (0.0516, 0.134, 0.008), "secondary": (0.0759, 0.237, 0.022)}


def test_attendance(world: World) -> None:
    found = defaultdict(list)
    for record in world.records:
        values = pupil.values(world, record, 0)
        if values.get("Attendance/YearData[1]/Year") != "2025" or (record.child.year or 0) < 2:
            continue
        year = {k.rpartition("Sessions")[2]: v for k, v in values.items() if "YearData[1]/Sessions" in k}
        possible = int(year["Possible"])
        missed = int(year["Authorised"]) + int(year["Unauthorised"])
        assert possible == missed + int(year["Attended"])
        found[world.schools[record.school].phase].append((possible, missed))
    for phase, (overall, persistent, severe) in ABSENCE.items():
        years = found[phase]
        assert sum(m for _, m in years) / sum(p for p, _ in years) == pytest.approx(overall, abs=0.006)
        assert share(m / p >= 0.1 for p, m in years) == pytest.approx(persistent, abs=0.025)
        assert share(m / p >= 0.5 for p, m in years) == pytest.approx(severe, abs=0.008)


def test_children_looked_after(world: World, care: Care) -> None:
    courses, end = care.courses, care.ends[0]
    stock = [c for c in courses if c.start <= end and (c.end is None or c.end > end)]
    full = 292 * len(world.children) / 45_000
    assert len(stock) == pytest.approx(full, rel=0.15)
    assert share(c.asylum for c in stock) == pytest.approx(0.10, abs=0.07)
    assert share(c.child.born <= birthday(end, -16) for c in stock) == pytest.approx(0.32, abs=0.15)
    fostered = [c for c in stock if next(e for e in reversed(c.episodes) if e.started <= end).place[0] == "U"]
    assert len(fostered) / len(stock) == pytest.approx(0.72, abs=0.14)


TRAITS = [("moved_in", 0.06), ("adopted", 0.004), ("protected_address", 0.003)]


@pytest.mark.usefixtures("care")
@pytest.mark.parametrize(("trait", "rate"), TRAITS)
def test_traits_have_exactly_their_rate(world: World, trait: str, rate: float) -> None:
    assert lists.kinds()[trait].rate == rate
    assert sum(trait in c.traits for c in world.children) == round(rate * 15_000)


def test_twins_have_exactly_their_rate(world: World) -> None:
    twins = [c for c in world.children if c.twin]
    by_id = {c.id: c for c in twins}
    assert len(twins) == 15_000 * 0.028
    pairs = [(c, by_id[c.twin]) for c in twins if c.id < c.twin]
    assert len(pairs) * 2 == len(twins)
    for one, other in pairs:
        assert (one.born, one.address, one.surname, other.twin) == (other.born, other.address, other.surname, one.id)
        assert one.forename != other.forename
    alike = sum(one.forename[0] == other.forename[0] for one, other in pairs)
    assert alike == round(0.10 * len(pairs))


def test_families(world: World) -> None:
    sizes = Counter(c.household.id for c in world.children)
    brothers = [c for c in world.children if sizes[c.household.id] > 1]
    assert len(brothers) / len(world.children) > 0.5
    assert 0.80 < share(c.surname == c.household.surname for c in brothers) < 0.97
    assert 0.88 < share(c.address is c.household.home for c in brothers) < 0.99
    homes = Counter(family.home.uprn for family in {c.household.id: c.household for c in world.children}.values())
    assert max(homes.values()) == 1
