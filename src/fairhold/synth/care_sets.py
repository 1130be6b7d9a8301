"""Only the two social care returns, with as many children as asked for: sets to measure checks with.

The children are drawn as in a borough of the size that would have so many; nobody of them is at a school.
"""

from __future__ import annotations

from dataclasses import dataclass

from fairhold.synth import care_faults, care_files, need_census, need_faults
from fairhold.synth.care_people import Care
from fairhold.synth.care_rules import Sheets
from fairhold.synth.domain import Options
from fairhold.synth.need_census import Census
from fairhold.synth.need_people import Need
from fairhold.synth.places import Homes
from fairhold.synth.terms import fridays
from fairhold.synth.world import World

IN_CARE, IN_NEED = 400, 3_900  # children in this year's return and census of a borough of full size, a little low


@dataclass(slots=True)
class Sets:
    """Both years' returns and censuses of one made-up case system."""

    world: World
    sheets: list[Sheets]
    censuses: list[Census]


def build_sets(options: Options) -> Sets:
    """Draw the children, then cut both returns from their courses, with exactly as many children this year."""
    world = World(options, fridays(options.on, 0), [], Homes(options.seed))
    care = Care(world, options.children / IN_CARE)
    courses = care.all()
    sheets = _first(care_files.sheets(world, care, courses), options.children)
    care_faults.plant(world, sheets[-1])
    need = Need(world, [], care.ends, options.children / IN_NEED)
    need.number = max(course.id for course in courses)
    cases = need.all()
    censuses = need_census.censuses(cases, care.ends, options.on)
    del censuses[-1].entries[options.children :]
    need_faults.plant(world, censuses[-1])
    return Sets(world, sheets, censuses)


def _first(sheets: list[Sheets], children: int) -> list[Sheets]:
    """The sets with only so many children in this year's; those only last year's set has stay in it."""
    header = sheets[-1].tables["Header"]
    spare = max(0, len(header) - children)
    # spread over the list, for it begins with ordinary courses and ends with rare ones
    surplus = {header[n * len(header) // spare].course.id for n in range(spare)}
    for one in sheets:
        for table, lines in one.tables.items():
            one.tables[table] = [line for line in lines if line.course.id not in surplus]
    return sheets
