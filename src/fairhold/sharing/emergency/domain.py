"""What somebody types in who must tell something about a child at once. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fairhold.errors import PlainError
from fairhold.sharing.facts import said

PROTECTED = ("yes", "no", "unknown")
LONGEST = 2000  # characters of one answer
CORE = ("name", "address", "date_of_birth")


class EmergencyError(PlainError):
    """The facts of an emergency are not whole; the sentence says what to add."""


@dataclass(frozen=True)
class Override:
    """An officer's own judgement where the gate says no (decide, rules 15 and 18). `second` is a second person's name;
    a protected address needs one."""

    reason: str
    second: str = ""


@dataclass(frozen=True)
class Facts:
    """Who is told what about which child, and why.

    The child is the number of a person or a name; `tells` are fields with the values said, empty where the record is to
    give the value. `address_protected` is yes, no or unknown; what is unknown counts as protected.
    """

    recipient: str
    organisation: str
    spoken_to: str
    channel: str
    need: str
    tells: Mapping[str, str]
    person: int | None = None
    name: str = ""
    born: date | None = None
    address_protected: str = "unknown"
    override: Override | None = None

    def missing(self) -> dict[str, str]:
        """What is not said yet: the name of each fact, in the order they are asked for, and the sentence that asks."""
        return {
            name: sentence
            for name, there, sentence in (
                (
                    "need",
                    said(self.need),
                    "Say what harm the child must be kept from: the reason stands with what is told.",
                ),
                ("recipient", said(self.recipient), "Say what kind of body is told, such as police or health."),
                ("organisation", said(self.organisation), "Say which body is told, such as the station or the ward."),
                ("spoken_to", said(self.spoken_to), "Say who is told: the name or the number of the person."),
                ("channel", said(self.channel), "Say how it is told, such as phone."),
                (
                    "name",
                    self.person is not None or said(self.name),
                    "Say which child it is: by name and birth date, or by the number of the person.",
                ),
                (
                    "address_protected",
                    self.address_protected in PROTECTED,
                    "Say whether the address is protected: yes, no or unknown.",
                ),
                ("tells", bool(self.tells), "Say what is to be told: at least one field with its value."),
                (
                    "reason",
                    self.override is None or said(self.override.reason),
                    "Say why you tell it although the gate says no: an override has a reason.",
                ),
            )
            if not there
        }

    def check(self) -> None:
        """Raise EmergencyError with the first thing that is missing."""
        for name, sentence in self.missing().items():
            raise EmergencyError(sentence, at=name)
        texts = (self.need, self.organisation, self.spoken_to, self.recipient, self.channel, self.name)
        if any(len(text) > LONGEST or "\0" in text for text in (*texts, *self.tells, *self.tells.values())):
            raise EmergencyError(f"An answer is too long, or holds a sign that cannot be kept: {LONGEST} letters do.")

    def whole(self) -> Facts:
        """The facts where every value stands; raises EmergencyError where one would have to come from the record."""
        if missing := [field for field, value in self.tells.items() if not said(value)]:
            raise EmergencyError(f"The record cannot be read: type in the value of {', '.join(missing)}.")
        return self

    def as_json(self) -> dict[str, Any]:
        """The facts as `facts_from` reads them."""
        told: dict[str, Any] = {
            "child": {
                "person": self.person,
                "name": self.name,
                "date_of_birth": None if self.born is None else self.born.isoformat(),
            },
            **{name: getattr(self, name) for name in _TEXTS},
            "address_protected": self.address_protected,
            "tell": dict(self.tells),
        }
        if self.override is not None:
            told["override"] = {"reason": self.override.reason, "second": self.override.second}
        return told

    def given(self, values: Mapping[str, str | None]) -> Facts:
        """The facts with the record's values where none was typed in."""
        return replace(self, tells={field: text or (values.get(field) or "") for field, text in self.tells.items()})


_TEXTS = ("recipient", "organisation", "spoken_to", "channel", "need")
_KEYS = {"child", *_TEXTS, "address_protected", "tell", "override"}


def facts_from(document: Any) -> Facts:
    """Facts out of JSON as a file gives them; raises EmergencyError with a sentence. The manual shows an example."""
    given = _part(document, _KEYS, "The facts")
    child = _part(given.get("child", {}), {"person", "name", "date_of_birth"}, "The child")
    tells = _part(given.get("tell", {}), None, "What is told")
    overridden = given.get("override")
    override = None
    if overridden is not None:
        part = _part(overridden, {"reason", "second"}, "The override")
        override = Override(_text(part, "reason"), _text(part, "second"))
    person = child.get("person")
    if person is not None and (isinstance(person, bool) or not isinstance(person, int) or person < 1):
        raise EmergencyError("The number of the person is a whole number, as the child's page shows it.")
    found = Facts(
        **{name: _text(given, name) for name in _TEXTS},
        tells={str(name): _text(tells, name) for name in tells},
        person=person,
        name=_text(child, "name"),
        born=day_from(_text(child, "date_of_birth")),
        address_protected=_text(given, "address_protected") or "unknown",
        override=override,
    )
    found.check()
    return found


def day_from(text: str) -> date | None:
    """A birth date as typed, 2011-09-05; None for nothing."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise EmergencyError("The birth date is no date: write it as 2011-09-05.") from None


def _part(found: Any, keys: set[str] | None, what: str) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        raise EmergencyError(f"{what} must be an object of names and values.")
    if keys is not None and (strange := set(found) - keys):
        raise EmergencyError(f"{what} may not hold {', '.join(sorted(map(str, strange)))}: see the manual.")
    return found


def _text(part: Mapping[str, Any], name: str) -> str:
    value = part.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise EmergencyError(f"“{name}” must be text in quotes.")
    return value.strip()
