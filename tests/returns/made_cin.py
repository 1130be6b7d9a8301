"""A made-up children in need census for the year to 31 March 2027 that breaks none of the rules of that year."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from fairhold.formats.cin import COLLECTION, FORMAT
from fairhold.formats.xmlwrite import write_xml
from tests.returns.made import upn

Values = dict[str, Any]
START, END = date(2026, 4, 1), date(2027, 3, 31)
HEADER: Values = {
    "CollectionDetails": [{"Collection": COLLECTION, "Year": "2027", "ReferenceDate": END.isoformat()}],
    "Source": [{"SourceLevel": "L", "LEA": "301", "SoftwareCode": "Made up", "Release": "1", "SerialNo": "001"}],
}
DISABILITIES = ("MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "VIS", "BEH", "CON", "AUT", "DDA")
CATEGORIES = ("NEG", "PHY", "SAB", "EMO", "MUL")


def day(value: date) -> str:
    return value.isoformat()


def weekday(value: date) -> date:
    """That day, or the Monday after it."""
    return value + timedelta(days=max(0, 7 - value.weekday()) if value.weekday() > 4 else 0)


def made_census(children: int, seed: int = 1) -> Iterator[Values]:
    """The children of a census, each as the nested values of its element."""
    chance = random.Random(seed)
    for number in range(1, children + 1):
        yield _child(chance, number)


def _child(chance: random.Random, number: int) -> Values:
    kind = KINDS[number % len(KINDS)]
    unborn = number % 40 == 7
    who: Values = {"LAchildID": f"C{number:07}"}
    if unborn:
        who |= {"UPNunknown": "UN1", "ExpectedPersonBirthDate": day(END + timedelta(days=chance.randint(5, 45)))}
    else:
        who |= {"UPN": upn(number), "PersonBirthDate": day(_birth(chance))}
    who["Sex"] = "U" if unborn else chance.choice("MF")
    disabilities = ["NONE"] if number % 3 else [DISABILITIES[number % 12], DISABILITIES[(number + 5) % 12]]
    return {
        "ChildIdentifiers": [who],
        "ChildCharacteristics": [{"Ethnicity": "WBRI", "Disabilities": [{"Disability": disabilities}]}],
        "CINdetails": kind(chance, START + timedelta(days=chance.randint(130, 200))),
    }


def _birth(chance: random.Random) -> date:
    return date(2026 - chance.randint(2, 15), chance.randint(1, 12), chance.randint(1, 28))


def _referral(referred: date, **more: Any) -> Values:
    values = {"CINreferralDate": day(referred), "ReferralSource": "6", "PrimaryNeedCode": "N1", "ReferralNFA": "0"}
    return values | more


def _assessment(started: date, *factors: str) -> Values:
    return {
        "AssessmentActualStartDate": day(started),
        "AssessmentAuthorisationDate": day(started + timedelta(days=30)),
        "FactorsIdentifiedAtAssessment": [{"AssessmentFactors": list(factors)}],
    }


def _no_action(chance: random.Random, referred: date) -> list[Values]:
    return [_referral(referred, ReferralNFA="1")]


def _assessed(chance: random.Random, referred: date) -> list[Values]:
    """Assessed and closed, and open again since."""
    closed = referred + timedelta(days=40)
    ended = {"CINclosureDate": day(closed), "ReasonForClosure": "RC8"}
    first = _referral(referred, Assessments=[_assessment(referred, "21")], **ended)
    again = closed + timedelta(days=chance.randint(1, 50))
    return [first, _referral(again, ReferralSource="3A", Assessments=[_assessment(again, "2B", "4B", "16A")])]


def _planned(chance: random.Random, referred: date) -> list[Values]:
    plans = [{"CINPlanStartDate": day(referred + timedelta(days=31))}]
    return [_referral(referred, Assessments=[_assessment(referred, "1A", "3B")], CINPlanDates=plans)]


def _protected(chance: random.Random, referred: date) -> list[Values]:
    conference = weekday(referred + timedelta(days=14))
    enquiry = {
        "S47ActualStartDate": day(referred),
        "InitialCPCtarget": day(weekday(referred + timedelta(days=20))),
        "DateOfInitialCPC": day(conference),
        "ICPCnotRequired": "0",
    }
    reviews = [day(conference + timedelta(days=n)) for n in (80, 160)]
    return [
        _referral(
            referred,
            Assessments=[_assessment(referred, "16A", "17A")],
            Section47=[enquiry],
            ChildProtectionPlans=[_plan(chance, conference) | {"Reviews": [{"CPPreviewDate": reviews}]}],
        )
    ]


def _moved_in(chance: random.Random, referred: date) -> list[Values]:
    """A plan begun at a conference without an enquiry here."""
    conference = weekday(referred)
    assessments = [_assessment(referred, "18B")]
    plans = [_plan(chance, conference)]
    return [_referral(referred, DateOfInitialCPC=day(conference), Assessments=assessments, ChildProtectionPlans=plans)]


def _plan(chance: random.Random, started: date) -> Values:
    return {
        "CPPstartDate": day(started),
        "InitialCategoryOfAbuse": chance.choice(CATEGORIES),
        "LatestCategoryOfAbuse": chance.choice(CATEGORIES),
        "NumberOfPreviousCPP": "0",
    }


KINDS: tuple[Callable[[random.Random, date], list[Values]], ...] = (
    _planned,
    _assessed,
    _no_action,
    _assessed,
    _planned,
    _protected,
    _moved_in,
)


def write_census(
    path: Path, children: int, seed: int = 1, change: Callable[[list[Values]], None] | None = None
) -> Path:
    """Write the census as one XML file, after changing it."""
    rows = list(made_census(children, seed))
    if change:
        change(rows)
    with path.open("wb") as stream:
        write_xml(stream, FORMAT, HEADER, (("Child", row) for row in rows))
    return path
