"""The made-up people, places and schools, and what each source holds of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

LEA = "320"
MAKER = "Fairhold synthetic borough"  # in every file that has room for it: none of this is real


@dataclass(frozen=True, slots=True)
class Options:
    """What to build. `faults` multiplies the rates of faults, not of traits such as twins; `on` is its today.

    `children` above 0 means no borough: only the two social care returns, with that many children in each.
    """

    pupils: int
    weeks: int
    faults: float
    seed: int
    on: date
    out: Path
    children: int = 0


@dataclass(frozen=True, slots=True)
class Home:
    """One address. The UPRN starts 999, which no property has."""

    flat: str
    number: str
    street: str
    place: str
    postcode: str
    uprn: str


@dataclass(slots=True)
class School:
    """A made-up school of the borough; `phase` is primary, secondary, special or ap."""

    estab: str
    urn: str
    name: str
    phase: str
    weight: float
    lea: str = LEA

    @property
    def laestab(self) -> str:
        """LA number and establishment number together, seven digits."""
        return self.lea + self.estab


@dataclass(slots=True)
class Household:
    """A family. `strain` (0 to 1) drives free meals, absence, need and care, so that these groups overlap."""

    id: int
    culture: str
    ethnicity: str
    surname: str
    home: Home
    strain: float
    primary: int
    secondary: int
    language: str = "ENG"
    fsm_from: date | None = None
    fsm_until: date | None = None
    former_home: Home | None = None
    moved: date | None = None
    protected: bool = False


@dataclass(slots=True)
class Child:
    """One true child. `year` is the National Curriculum year (0 = Reception), None when not a pupil."""

    id: int
    household: Household
    forename: str
    middle: str
    surname: str
    sex: str
    born: date
    year: int | None
    language: str
    upn: str = ""
    sen: str = "N"
    needs: tuple[str, ...] = ()
    sen_from: date | None = None
    school: int = -1
    home: Home | None = None
    twin: int = 0
    in_care: bool = False
    traits: tuple[str, ...] = ()

    @property
    def address(self) -> Home:
        """Where the child lives now."""
        return self.home or self.household.home


@dataclass(slots=True)
class Change:
    """Something that became true in a week (0 is the full file, 1 the first week)."""

    week: int
    kind: str
    day: date


@dataclass(slots=True)
class Record:
    """What one school holds of one child. `held` and `home` override the truth where the school is wrong or behind."""

    id: int
    child: Child
    school: int
    status: str
    entry: date
    upn: str
    left: date | None = None
    first_week: int = 0
    before: str = ""
    identity: int = 1
    home: Home | None = None
    held: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)


@dataclass(slots=True)
class Consent:
    """One line of the youth service's register: a consent, or an objection, to sharing with a recipient."""

    id: int
    child: Child
    kind: str
    by: str
    recipient: str
    fields: str
    start: date
    end: date | None
    held: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted fault; `record` says whose row carries it (a record number, a care number, a consent number)."""

    id: int
    kind: str
    source: str
    record: int
    child: int
    field: str
    true: str
    written: str
    detail: str = ""
