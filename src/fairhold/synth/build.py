"""Builds the borough: people, schools, moves, care, then what each source gets wrong."""

from __future__ import annotations

from dataclasses import dataclass

from fairhold.synth import (
    care_faults,
    care_files,
    changes,
    deliveries,
    early,
    families,
    moves,
    need_census,
    need_faults,
    registers,
    schooling,
    ssd,
)
from fairhold.synth.care import Course
from fairhold.synth.care_people import Care
from fairhold.synth.care_rules import Sheets
from fairhold.synth.deliveries import Post
from fairhold.synth.domain import Consent, Options
from fairhold.synth.early import Registration
from fairhold.synth.faults import Planter
from fairhold.synth.need import Case
from fairhold.synth.need_census import Census
from fairhold.synth.need_people import Need
from fairhold.synth.places import Homes, schools
from fairhold.synth.ssd import Extract
from fairhold.synth.terms import fridays, year_start
from fairhold.synth.world import World


@dataclass(slots=True)
class Borough:
    """The world, what each source made of it, and what goes into the post."""

    world: World
    courses: list[Course]
    cases: list[Case]
    consents: list[Consent]
    sheets: list[Sheets]
    censuses: list[Census]
    extract: Extract
    post: Post
    centres: list[Registration]


def build(options: Options) -> Borough:
    """Everything that is true, and everything planted, before a file is written."""
    world = true_world(options)
    care = Care(world)
    courses = care.all()
    consents = registers.consents(world)
    centres = early.happen(world)
    cases = Need(world, courses, care.ends).all()
    Planter(world, consents, known(courses, cases)).all()
    sheets = care_files.sheets(world, care, courses)
    care_faults.plant(world, sheets[-1])
    censuses = need_census.censuses(cases, care.ends, options.on)
    need_faults.plant(world, censuses[-1])
    post = deliveries.plan(world)
    deliveries.spoil(world, post, [one.tables for one in sheets], len(consents))
    for one in sheets:
        care_files.repeat(one)
    return Borough(world, courses, cases, consents, sheets, censuses, ssd.extract(world, courses, cases), post, centres)


def known(courses: list[Course], cases: list[Case]) -> list[Course | Case]:
    """Every record of the case system once: children in care by their course, the others by their case."""
    numbers = {course.id for course in courses}
    return [*courses, *(case for case in cases if case.id not in numbers)]


def true_world(options: Options) -> World:
    """People, schools and what happens to them, with nothing planted but silence, second rolls and the like."""
    marks = fridays(options.on, options.weeks)
    world = World(options, marks, schools(options.seed, options.pupils), Homes(options.seed))
    year = families.Year(year_start(marks[0]))
    world.children = families.people(options, world.schools, world.homes, year)
    families.make_twins(options, world.children)
    schooling.place(world)
    moves.happen(world)
    changes.happen(world)
    return world
