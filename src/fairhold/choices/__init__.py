"""Consent, refusal and objection."""

from fairhold.choices.actions import of_subjects, record, record_many, withdraw
from fairhold.choices.domain import By, Choice, ChoiceError, Kind, NewChoice
from fairhold.choices.register import Left, take_in

__all__ = [
    "By",
    "Choice",
    "ChoiceError",
    "Kind",
    "Left",
    "NewChoice",
    "of_subjects",
    "record",
    "record_many",
    "take_in",
    "withdraw",
]
