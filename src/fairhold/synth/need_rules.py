"""What some rules of the children in need census must find, worked out a second way from the rules' prose.

It shares nothing with the rulebook, so that the answer key and `fairhold check` can disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fairhold.formats.identifiers import check_letter
from fairhold.synth.need_census import Entry

ETHNICITIES = "WBRI WIRI WIRT WOTH WROM MWBC MWBA MWAS MOTH AIND APKN ABAN AOTH BCRB BAFR BOTH CHNE OOTH REFU NOBT"
SOURCES = "1A 1B 1C 1D 2A 2B 3A 3B 3C 3D 3E 3F 4 5A 5B 5C 5D 6 7 8 9 10"
NEEDS = "N0 N1 N2 N3 N4 N5 N6 N7 N8 N9"
Item = Mapping[str, Any]


def _spells(entry: Entry) -> list[Any]:
    return list(entry.spells)


def _inside(entry: Entry, block: str) -> Iterator[tuple[Item, Item]]:
    """Every block of a kind with the episode it stands in."""
    return ((spell, one) for spell in _spells(entry) for one in spell.get(block, ()))


def _before(one: Item, early: str, late: str) -> bool:
    """Whether the later date is there and lies before the earlier one; ISO dates compare as text."""
    return bool(one.get(early)) and bool(one.get(late)) and one[late] < one[early]


def _characteristics(entry: Entry) -> Item:
    found: Item = entry.values["ChildCharacteristics"][0]  # type: ignore[assignment, index]
    return found


def _letter(entry: Entry) -> int:
    upn = str(entry.who.get("UPN") or "")
    return len(upn) == 13 and upn[1:].isdigit() and upn[0] != check_letter(upn[1:])


def _repeated(entry: Entry) -> int:
    codes = _characteristics(entry)["Disabilities"][0]["Disability"]
    return len(set(codes)) < len(codes)


RULES: dict[str, Callable[[Entry], int]] = {
    "1103": lambda e: sum(
        one["AssessmentActualStartDate"] < s["CINreferralDate"] for s, one in _inside(e, "Assessments")
    ),
    "1510": _letter,
    "4011": lambda e: sum(_before(one, "CINPlanStartDate", "CINPlanEndDate") for _, one in _inside(e, "CINPlanDates")),
    "4180": lambda e: e.who["Sex"] not in {"M", "F", "U"},
    "4220": lambda e: _characteristics(e)["Ethnicity"] not in ETHNICITIES.split(),
    "8608": lambda e: sum(
        _before(one, "AssessmentActualStartDate", "AssessmentAuthorisationDate") for _, one in _inside(e, "Assessments")
    ),
    "8650": lambda e: sum(s["PrimaryNeedCode"] not in NEEDS.split() for s in _spells(e)),
    "8794": _repeated,
    "8805": lambda e: sum(bool(s["CINclosureDate"]) and not s["ReasonForClosure"] for s in _spells(e)),
    "8840": lambda e: sum(one["CPPstartDate"] == one["CPPendDate"] for _, one in _inside(e, "ChildProtectionPlans")),
    "8866": lambda e: sum(s["ReferralSource"] not in SOURCES.split() for s in _spells(e)),
    "8925": lambda e: sum(_before(one, "CPPstartDate", "CPPendDate") for _, one in _inside(e, "ChildProtectionPlans")),
}


def findings(entry: Entry) -> Iterator[tuple[str, int]]:
    """How often each of these rules finds something of one child; rules that find nothing are left out."""
    for rule, find in RULES.items():
        times = int(find(entry))
        if times:
            yield rule, times
