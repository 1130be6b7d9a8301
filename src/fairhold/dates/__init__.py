"""The clock and the calendar: one now, one today, and the date functions that rules may name."""

from fairhold.dates import birthdays, clock, school, working
from fairhold.dates.birthdays import age_on, birthday, months_between, nth_birthday
from fairhold.dates.school import nc_year, school_week
from fairhold.dates.working import working_days_between

__all__ = [
    "age_on",
    "birthday",
    "birthdays",
    "clock",
    "months_between",
    "nc_year",
    "nth_birthday",
    "school",
    "school_week",
    "working",
    "working_days_between",
]
