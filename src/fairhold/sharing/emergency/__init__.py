"""Protecting a child from harm: told at once whatever is down, written down before, looked at after (N091)."""

from fairhold.sharing.emergency.domain import EmergencyError, Facts, Override, facts_from
from fairhold.sharing.emergency.judging import Judgement, judge
from fairhold.sharing.emergency.reviewing import Emergency, emergencies, find_child, review, shown
from fairhold.sharing.emergency.spooling import write_down
from fairhold.sharing.emergency.taking_in import TakenIn, take_in, taken
from fairhold.sharing.emergency.telling import Told, foresee, tell

__all__ = [
    "Emergency",
    "EmergencyError",
    "Facts",
    "Judgement",
    "Override",
    "TakenIn",
    "Told",
    "emergencies",
    "facts_from",
    "find_child",
    "foresee",
    "judge",
    "review",
    "shown",
    "take_in",
    "taken",
    "tell",
    "write_down",
]
