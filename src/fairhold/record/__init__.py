"""The child as at any day: views over facts, search, and the young people a list may be about."""

from fairhold.record.child import child
from fairhold.record.domain import Block, Child, Conflict, Item, NoSuchChild, Reason, Source, Span, Value
from fairhold.record.extract import Extract, take_out, unpack
from fairhold.record.search import Hit, rebuild, search
from fairhold.record.young import YoungPerson, young_people

__all__ = [
    "Block",
    "Child",
    "Conflict",
    "Extract",
    "Hit",
    "Item",
    "NoSuchChild",
    "Reason",
    "Source",
    "Span",
    "Value",
    "YoungPerson",
    "child",
    "rebuild",
    "search",
    "take_out",
    "unpack",
    "young_people",
]
