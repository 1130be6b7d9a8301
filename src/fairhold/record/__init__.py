"""The child as at any day: views over facts, search, and of whom data may be shared."""

from fairhold.record.candidates import Candidate, named_people, pupils, young_people
from fairhold.record.child import child
from fairhold.record.domain import Block, Child, Conflict, Item, NoSuchChild, Reason, Source, Span, Value
from fairhold.record.extract import Extract, take_out, unpack
from fairhold.record.search import Hit, rebuild, search
from fairhold.record.voluntary import Refused, VoluntaryError, refuse, refused

__all__ = [
    "Block",
    "Candidate",
    "Child",
    "Conflict",
    "Extract",
    "Hit",
    "Item",
    "NoSuchChild",
    "Reason",
    "Refused",
    "Source",
    "Span",
    "Value",
    "VoluntaryError",
    "child",
    "named_people",
    "pupils",
    "rebuild",
    "refuse",
    "refused",
    "search",
    "take_out",
    "unpack",
    "young_people",
]
