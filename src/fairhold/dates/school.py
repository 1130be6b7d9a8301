"""School years, weeks and national curriculum years.

The academic year runs from 1 September to 31 August. Terms, holidays and inset days differ from school to school:
they are data, and this module does not guess them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from fairhold.dates.birthdays import age_on

# Codes below Year 1 as the national curriculum year code set writes them; 0 is Reception.
_EARLY: Final = {0: "R", -1: "N2", -2: "N1", -3: "E2", -4: "E1"}
HIGHEST: Final = 14


def academic_year(day: date) -> int:
    """The year in which the academic year of a day began: 2026 for 2026/27."""
    return day.year - (day.month < 9)


def academic_year_name(year: int) -> str:
    """How people write an academic year: `2026/27`."""
    return f"{year}/{(year + 1) % 100:02}"


def academic_year_start(year: int) -> date:
    """Its first day, 1 September."""
    return date(year, 9, 1)


def academic_year_end(year: int) -> date:
    """Its last day, 31 August of the next calendar year."""
    return date(year + 1, 8, 31)


def nc_year(born: date, day: date) -> int:
    """The national curriculum year usual for a child's age on a day: 0 Reception, 1 to 14, below 0 before school.

    The year that begins on 1 September takes those who turned five in the twelve months to 31 August into Year 1.
    A school may teach a child out of its year group, so what a school says goes before this.
    """
    return age_on(born, date(academic_year(day), 8, 31)) - 4


def nc_year_code(year: int) -> str | None:
    """The code of a year number as schools send it (`R`, `N2`, `7`), or None outside the code set."""
    if 1 <= year <= HIGHEST:
        return str(year)
    return _EARLY.get(year)


def week_starting(day: date) -> date:
    """The Monday of the week a day lies in."""
    return day - timedelta(days=day.weekday())


school_week = week_starting
