"""When two subjects are one child: the rules as sentences, and what a person is asked where no rule may decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

MODEL = "rules-1"
DETAILS = ("date_of_birth", "surname", "forename", "sex")
ENOUGH = 3  # of the four details, as the ranking of keys in use for school feeds has it


class Step(Enum):
    """A rule that joins two subjects of different sources without asking. The value is stored with the link."""

    NUMBER_AND_DETAILS = "number-and-details"
    NUMBER_BIRTH_SEX = "number-birth-sex"
    DETAILS_AND_POSTCODE = "details-and-postcode"
    PERSON = "person"

    @property
    def sentence(self) -> str:
        """What the rule found, for whoever asks why two records are one child."""
        return _STEPS[self]


_STEPS = {
    Step.NUMBER_AND_DETAILS: "Both sources hold the same permanent UPN, and at least three of birth date, surname,"
    " forename and sex agree.",
    Step.NUMBER_BIRTH_SEX: "Both sources hold the same permanent UPN, birth date and sex; one of them holds no names.",
    Step.DETAILS_AND_POSTCODE: "Birth date, surname, forename, sex and postcode agree, no UPN speaks against it, and no"
    " other child of either source has the same five.",
    Step.PERSON: "A person compared the two records and decided that they are one child.",
}


class Doubt(Enum):
    """Why a pair goes to a person. The value is stored."""

    DETAILS_DISAGREE = "details-disagree"
    ONE_NUMBER = "one-number-two-children"
    TWO_NUMBERS = "two-numbers-one-child"
    NOT_UNIQUE = "not-unique"
    TWIN = "twin"
    SAME_SOURCE = "two-of-one-source"
    PROTECTED = "protected"

    @property
    def sentence(self) -> str:
        """What to look at."""
        return _DOUBTS[self]


_DOUBTS = {
    Doubt.DETAILS_DISAGREE: "The same UPN, but birth date, names or sex differ: one source has a mistake, or the number"
    " belongs to another child.",
    Doubt.ONE_NUMBER: "The same UPN, but hardly anything else agrees: one number may have been given to two children.",
    Doubt.TWO_NUMBERS: "All details agree, but the UPNs differ: two schools may each have issued a number.",
    Doubt.NOT_UNIQUE: "All details agree, but a source lists two children with the same ones.",
    Doubt.TWIN: "One of them has a brother or sister with the same birth date: make sure that it is not the twin.",
    Doubt.SAME_SOURCE: "Joining them would make two children of one source one child.",
    Doubt.PROTECTED: "A protected child: only a person with a safeguarding reason may join these records.",
}

WORDS = {
    "upn": "UPN",
    "date_of_birth": "birth date",
    "surname": "surname",
    "forename": "forename",
    "sex": "sex",
    "postcode": "postcode",
}


@dataclass(frozen=True)
class Evidence:
    """Which details agreed, differed, or were missing on one side. Names of details only, never their values."""

    agree: tuple[str, ...]
    differ: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The evidence in words."""
        parts = [
            f"{label}: {', '.join(WORDS[name] for name in names)}"
            for label, names in (("agree", self.agree), ("differ", self.differ), ("missing", self.missing))
            if names
        ]
        said = "; ".join(parts)
        return said[0].upper() + said[1:] + "." if said else "No detail was compared."


@dataclass(frozen=True)
class Link:
    """A standing or undone statement that two subjects are one child."""

    id: int
    low: int
    high: int
    step: Step
    evidence: Evidence
    author: str
    made_at: datetime
    model: str
    undone_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class Side:
    """One of the two records of a doubt, as its source knows it; None where it is empty or not for this purpose."""

    subject: int
    source: str
    surname: str | None
    forename: str | None
    date_of_birth: str | None
    sex: str | None
    upn: str | None
    postcode: str | None


@dataclass(frozen=True)
class Candidate:
    """A pair for a person to judge."""

    id: int
    doubt: Doubt
    evidence: Evidence
    found_at: datetime
    sides: tuple[Side, Side]


@dataclass(frozen=True)
class Matched:
    """What a run did: links made and doubts found, by kind."""

    subjects: int
    links: dict[str, int]
    doubts: dict[str, int]


@dataclass(frozen=True)
class Built:
    """Something that was made while two subjects counted as one child, and may need another look."""

    room: str
    number: int
    sentence: str


@dataclass(frozen=True)
class Undone:
    """What undoing a link changed: the subjects that are now apart, and what was built on the link."""

    link: int
    subjects: tuple[int, ...]
    built: Sequence[Built]


def components(edges: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Each linked subject's person: the lowest number of its group. The reference for the SQL that does the same."""
    person: dict[int, int] = {}

    def root(subject: int) -> int:
        person.setdefault(subject, subject)
        while person[subject] != subject:
            subject = person[subject]
        return subject

    for low, high in edges:
        one, other = sorted((root(low), root(high)))
        person[other] = one
    return {subject: root(subject) for subject in person}
