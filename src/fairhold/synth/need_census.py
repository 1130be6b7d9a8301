"""The yearly children in need census, cut from the cases as they stood on one day, and written as one XML file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from fairhold.formats.cin import COLLECTION, FORMAT
from fairhold.formats.xmlwrite import Value, write_xml
from fairhold.synth.care_rules import parse
from fairhold.synth.domain import LEA, MAKER
from fairhold.synth.need import Assessment, Case, Enquiry, Protection, Spell
from fairhold.synth.transfer import Row

NUMBER_UNKNOWN = "UN"


@dataclass(slots=True)
class Entry:
    """One child of one census: the values as they are written, changed where a fault is planted."""

    case: Case
    values: dict[str, Value]
    fault: int = 0

    @property
    def who(self) -> dict[str, Value]:
        """The child's identifiers."""
        found: dict[str, Value] = self.values["ChildIdentifiers"][0]  # type: ignore[assignment, index]
        return found

    @property
    def spells(self) -> list[dict[str, Value]]:
        """The child's episodes of need."""
        found: list[dict[str, Value]] = self.values["CINdetails"]  # type: ignore[assignment]
        return found


@dataclass(slots=True)
class Census:
    """One collection, the year to 31 March `end`, as at the day `on`."""

    end: date
    on: date
    entries: list[Entry] = field(default_factory=list)

    @property
    def start(self) -> date:
        """The 1 April the year began."""
        return self.end.replace(year=self.end.year - 1) + timedelta(days=1)

    @property
    def name(self) -> str:
        """The file's place in the borough."""
        return f"in/children-in-need/{self.end.year}/cin.xml"


def censuses(cases: list[Case], ends: tuple[date, date], on: date) -> list[Census]:
    """Last year's census as it was returned, and this year's so far."""
    return [_census(cases, Census(end, min(end, on))) for end in ends]


def _census(cases: list[Case], census: Census) -> Census:
    cut = Cut(census.start, census.on)
    for case in cases:
        spells = [cut.spell(one) for one in case.spells if cut.open(one.referred, one.closed)]
        if spells:
            values: dict[str, Value] = {"ChildIdentifiers": [cut.who(case)]}
            characteristics = {"Ethnicity": case.child.household.ethnicity}
            values["ChildCharacteristics"] = [{**characteristics, "Disabilities": [{"Disability": case.disabilities}]}]
            values["CINdetails"] = spells
            census.entries.append(Entry(case, values))
    return census


@dataclass(frozen=True, slots=True)
class Cut:
    """What a census of the year from `start` knows on the day `on`."""

    start: date
    on: date

    def open(self, first: date, last: date | None) -> bool:
        """Whether something that ran from one day to another (None: it lasts) touches the year so far."""
        return first <= self.on and (last is None or last >= self.start)

    def known(self, day: date | None) -> str:
        """A date, if it has come by then."""
        return day.isoformat() if day is not None and day <= self.on else ""

    def who(self, case: Case) -> dict[str, Value]:
        """A child's identifiers: a number or why there is none, a birth date or the expected one."""
        upn = case.held.get("UPN", case.upn)
        held = parse(case.held["DOB"]) if case.held.get("DOB") else None
        born = case.born if "DOB" not in case.held else held
        row: dict[str, Value] = {"LAchildID": case.key}
        row["UPNunknown" if upn.startswith(NUMBER_UNKNOWN) else "UPN"] = upn
        unborn = born is not None and born > self.on
        if born is not None:
            row["ExpectedPersonBirthDate" if unborn else "PersonBirthDate"] = born.isoformat()
        row["Sex"] = "U" if unborn else case.held.get("SEX", case.child.sex)
        return row | {"PersonDeathDate": self.known(case.died)}

    def spell(self, one: Spell) -> dict[str, Value]:
        """An episode of need with what belongs into this year."""
        closed = self.known(one.closed)
        return {
            "CINreferralDate": one.referred.isoformat(),
            "ReferralSource": one.source,
            "PrimaryNeedCode": one.need,
            "CINclosureDate": closed,
            "ReasonForClosure": one.reason if closed else "",
            "Assessments": [self._assessment(a) for a in one.assessments if self.open(a.started, a.authorised)],
            "CINPlanDates": [self._plan(first, last) for first, last in one.plans if self.open(first, last)],
            "Section47": [self._enquiry(e) for e in one.enquiries if self._of_this_year(e)],
            "ReferralNFA": "1" if one.no_action else "0",
            "ChildProtectionPlans": [self._protection(p) for p in one.protections if self.open(p.started, p.ended)],
        }

    def _assessment(self, one: Assessment) -> dict[str, Value]:
        done = self.known(one.authorised)
        factors: Value = [{"AssessmentFactors": one.factors}] if done else ()
        return {
            "AssessmentActualStartDate": one.started.isoformat(),
            "AssessmentAuthorisationDate": done,
            "FactorsIdentifiedAtAssessment": factors,
        }

    def _plan(self, first: date, last: date | None) -> dict[str, Value]:
        return {"CINPlanStartDate": first.isoformat(), "CINPlanEndDate": self.known(last)}

    def _of_this_year(self, one: Enquiry) -> bool:
        return one.started <= self.on and max(one.started, one.conference or one.started) >= self.start

    def _enquiry(self, one: Enquiry) -> dict[str, Value]:
        row: dict[str, Value] = {"S47ActualStartDate": one.started.isoformat()}
        row["InitialCPCtarget"] = one.target.isoformat() if one.target else ""
        return row | {"DateOfInitialCPC": self.known(one.conference), "ICPCnotRequired": "1" if one.needless else "0"}

    def _protection(self, one: Protection) -> dict[str, Value]:
        reviews = [day.isoformat() for day in one.reviews if day <= self.on]
        return {
            "CPPstartDate": one.started.isoformat(),
            "CPPendDate": self.known(one.ended),
            "InitialCategoryOfAbuse": one.first,
            "LatestCategoryOfAbuse": one.latest,
            "NumberOfPreviousCPP": str(one.before),
            "Reviews": [{"CPPreviewDate": reviews}] if reviews else (),
        }


def write_census(census: Census, out: Path) -> list[Row]:
    """Write one year's file; returns its children for the key."""
    path = out / census.name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_xml(stream, FORMAT, _header(census), _children(census))
    return [
        Row(census.name, n, "Child", "social-care", e.case.id, e.case.child.id, e.case.identity, e.fault)
        for n, e in enumerate(census.entries, start=1)
    ]


def _children(census: Census) -> Iterator[tuple[str, dict[str, Value]]]:
    return (("Child", entry.values) for entry in census.entries)


def _header(census: Census) -> dict[str, Value]:
    written = datetime.combine(census.on, datetime.min.time()).replace(hour=9)
    details = {"Collection": COLLECTION, "Year": str(census.end.year), "ReferenceDate": census.end.isoformat()}
    source = {"SourceLevel": "L", "LEA": LEA, "SoftwareCode": MAKER, "Release": "1", "SerialNo": "001"}
    return {"CollectionDetails": [details], "Source": [source | {"DateTime": written.isoformat()}]}
