"""Consent, refusal and objection."""

from fairhold.choices.actions import born, known, of_subjects, record, record_many, withdraw
from fairhold.choices.domain import (
    OWN_CHOICE,
    Authority,
    By,
    Channel,
    Choice,
    ChoiceError,
    Kind,
    NewChoice,
)
from fairhold.choices.register import Left, take_in
from fairhold.choices.standing import counting, why_not
from fairhold.choices.wordings import Wording

__all__ = [
    "OWN_CHOICE",
    "Authority",
    "By",
    "Channel",
    "Choice",
    "ChoiceError",
    "Kind",
    "Left",
    "NewChoice",
    "Wording",
    "born",
    "counting",
    "known",
    "of_subjects",
    "record",
    "record_many",
    "take_in",
    "why_not",
    "withdraw",
]
