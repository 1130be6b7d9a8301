"""Spoils a clean children in need census."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

from bench.returns.spoil import ROUGH, Rough, Spoiler, moved
from fairhold.formats import cin

PERSON = "Message/Children/Child"
CODES = {
    "UPNunknown": "UN1 UN2 UN3 UN4 UN5 UN6 UN7",
    "Sex": "M F U 1 2",
    "Ethnicity": "WBRI WIRI WOTH MWBC MOTH AIND APKN BAFR CHNE OOTH REFU NOBT",
    "Disability": "NONE MOB HAND PC INC COMM LD HEAR VIS BEH CON AUT DDA",
    "ReferralSource": "1A 1B 2A 3A 4 5A 5D 6 7 8 9 10",
    "PrimaryNeedCode": "N0 N1 N2 N3 N4 N5 N6 N7 N8 N9",
    "ReasonForClosure": "RC1 RC2 RC3 RC4 RC5 RC6 RC7 RC8 RC8 RC9 RC9",
    "AssessmentFactors": "1A 2B 3C 4A 16A 18A 18B 19A 19C 20 21 21 22A 24A",
    "ICPCnotRequired": "0 1 true false",
    "ReferralNFA": "0 1 1 true false",
    "InitialCategoryOfAbuse": "NEG PHY SAB EMO MUL",
    "LatestCategoryOfAbuse": "NEG PHY SAB EMO MUL",
}
ODD = {
    "UPN": ("A123", "A12345678901B", "I123456789012", "A999000000000", "B3201234567890", "J30820172402O"),
    "FormerUPN": ("A123", "1234567890123", "A123456789012", "A12345678901B"),
    "LAchildID": ("99999999", "AB-12", "ABCDEFGHIJKLMNOPQRSTU", "AB 12", "É1"),
    "NumberOfPreviousCPP": ("0", "1", "-1", "12", ""),
}
DOUBLED = ("CINdetails", "Assessments", "CINPlanDates", "Section47", "ChildProtectionPlans", "Reviews")
DROPPED = ("Assessments", "CINPlanDates", "Section47", "ChildProtectionPlans", "Reviews", "CINdetails")
LISTS = ("Disabilities", "FactorsIdentifiedAtAssessment")


def spoil(seed: int, clean: Path, out: Path, rough: Rough = ROUGH) -> None:
    """Write the census `clean` spoiled to the file `out`."""
    rng = Random(seed)
    tree = ET.parse(clean)
    children = tree.getroot().find("Children")
    assert children is not None
    people = People(rng, list(children), rough)
    for above, at in list(parents(children, ("Reviews",))):
        for day in at[1:]:  # one of the two checkers reads only the first day of each
            at.remove(day)
            ET.SubElement(above, "Reviews").append(day)
    for child in list(children):
        if rng.random() < 0.45:
            people.spoil(child)
            if rough.twice and rng.random() < 0.02:
                again = copy.deepcopy(child)
                again[:] = [at for at in again if at.tag != "CINdetails"]
                children.append(again)
    if rough.whole:
        whole(rng, tree.getroot())
    ET.indent(tree, "  ")
    out.parent.mkdir(parents=True, exist_ok=True)
    tree.write(out, encoding="utf-8", xml_declaration=True)


def whole(rng: Random, root: ET.Element) -> None:
    """What only the return as a whole shows: its date, children without sex, too few conferences and disabilities."""
    for day in root.iter("ReferenceDate"):
        day.text = "2027-03-30"
    for above, at in list(parents(root, ("Sex", "DateOfInitialCPC", "Disabilities"))):
        if at.tag == "Disabilities":
            at[:] = at[:1]
        elif rng.random() < {"Sex": 0.04, "DateOfInitialCPC": 0.7}[at.tag]:
            above.remove(at)


class People:
    """The children of one census, with what is needed to draw other values."""

    def __init__(self, rng: Random, children: list[ET.Element], rough: Rough) -> None:
        self.rng, self.rough = rng, rough
        self.below: dict[str, list[str]] = {}
        self.dates: set[str] = set()
        for element in cin.FORMAT.elements:
            inside, _, name = element.path.rpartition("/")
            if element.is_container or not inside.startswith(PERSON) or "PreProceedings" in inside:
                continue
            self.below.setdefault(inside.rpartition("/")[2], []).append(name)
            if element.is_date:
                self.dates.add(name)
        self.below["ChildIdentifiers"].remove("GenderCurrent")
        self.others = {name: [at.text or "" for child in children for at in child.iter(name)] for name in ODD}
        # one of the two checkers reads codes of this return in any case, the other as they stand: not compared
        self.spoiler = Spoiler(rng, date.isoformat, read_date, rough.unreadable, small=False)

    def spoil(self, child: ET.Element) -> None:
        """One to five changes to a child."""
        rng = self.rng
        for _ in range(rng.choice((1, 1, 2, 2, 3, 4, 5))):
            self.spoiler.near = [day for at in child.iter() if (day := read_date(at.text or ""))]
            kind = rng.random()
            if kind < 0.50:
                self.leaf(child)
            elif kind < 0.72:
                self.add(child)
            elif kind < 0.86:
                self.double(child)
            elif kind < 0.93:
                self.list(child)
            else:
                self.drop(child)

    def leaf(self, child: ET.Element) -> None:
        """Another value for one element, or none: then the element is left out or stands empty."""
        rng = self.rng
        leaves = [(above, at) for above in child.iter() for at in above if len(at) == 0 and at.text and at.text.strip()]
        above, at = rng.choice(leaves)
        value = self.value(at.tag, (at.text or "").strip())
        if at.tag == "LAchildID" and not (value and self.rough.nameless and rng.random() < 0.5):
            return  # without it one of the two checkers stops altogether
        if not value and (above.tag in LISTS or rng.random() < 0.8):
            above.remove(at)
        else:
            at.text = value

    def add(self, child: ET.Element) -> None:
        """An element that is not there, with some value."""
        rng = self.rng
        free = [
            (at, name)
            for at in child.iter()
            for name in self.below.get(at.tag, ())
            if at.tag not in LISTS and at.find(name) is None
        ]
        if free:
            at, name = rng.choice(free)
            value = self.value(name, "")
            if value:
                ET.SubElement(at, name).text = value

    def value(self, name: str, before: str) -> str:
        """Some value for an element of that name."""
        rng = self.rng
        if name in CODES:
            return self.spoiler.code(before, CODES[name].split())
        if name == "NumberOfPreviousCPP":
            return rng.choice(ODD[name])
        if name not in self.dates:
            return self.spoiler.text(before, self.others.get(name, ()), ODD.get(name, ("ODD",)))
        if name == "InitialCPCtarget" or (name == "DateOfInitialCPC" and rng.random() < 0.4):
            return moved(date(2026, 4, 1), rng.randrange(360)).isoformat()
        return self.spoiler.date(before)

    def double(self, child: ET.Element) -> None:
        """A block a second time, changed or the same."""
        blocks = list(parents(child, DOUBLED))
        if not blocks:
            return
        above, at = self.rng.choice(blocks)
        again = copy.deepcopy(at)
        above.append(again)
        for _ in range(self.rng.choice((0, 1, 1, 2))):
            if any(len(leaf) == 0 and (leaf.text or "").strip() for leaf in again.iter()):
                self.leaf(again)

    def list(self, child: ET.Element) -> None:
        """Other codes in a list of codes."""
        rng = self.rng
        lists = [at for at in child.iter() if at.tag in LISTS]
        if not lists:
            return
        at = rng.choice(lists)
        name = "Disability" if at.tag == "Disabilities" else "AssessmentFactors"
        at[:] = []
        for _ in range(rng.choice((1, 1, 2, 2, 3))):
            ET.SubElement(at, name).text = self.spoiler.code("ZZ", CODES[name].split()) or "ZZ"

    def drop(self, child: ET.Element) -> None:
        """A block less."""
        blocks = list(parents(child, DROPPED))
        if blocks:
            above, at = self.rng.choice(blocks)
            above.remove(at)


def parents(child: ET.Element, names: tuple[str, ...]) -> Iterator[tuple[ET.Element, ET.Element]]:
    """Every block of these names, with the element it stands in."""
    return ((above, at) for above in child.iter() for at in above if at.tag in names)


def read_date(text: str) -> date | None:
    """A date as the census writes it."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
