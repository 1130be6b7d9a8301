"""The reader of census files against a plain one: a tree, walked in the simplest way."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from hypothesis import given, settings
from hypothesis import strategies as st

from fairhold.returns.checking import check
from fairhold.returns.cin import RETURN, xml
from fairhold.returns.cin.shape import ASSESSMENT, CHILD, EPISODE, FACTORS, PLAN
from fairhold.returns.columns import check_columns
from tests.returns.made_cin import write_census

TABLES = {table.name: [column.name for column in table.columns] for table in RETURN.tables()}
Flat = dict[str, list[dict[str, str]]]


def plain(root: Element) -> Flat:
    """The tables of a census, each row as the columns it fills."""
    flat: Flat = {name: [] for name in TABLES}
    header = root.find("Header")
    if header is not None:
        flat["Header"].append(_values(header.iter(), "Header"))
    for child in root.iterfind("Children/Child"):
        key = {CHILD: child.findtext("ChildIdentifiers/LAchildID") or ""}
        flat["ChildIdentifiers"] += [_values(each, "ChildIdentifiers") for each in child.iterfind("ChildIdentifiers")]
        for each in child.iterfind("ChildCharacteristics"):
            flat["ChildCharacteristics"].append(key | _values(each, "ChildCharacteristics"))
            flat["Disabilities"] += [key | {"Disability": one.text or ""} for one in each.iterfind("Disabilities/*")]
        for number, episode in enumerate(child.iterfind("CINdetails"), start=1):
            _episode(flat, key | {EPISODE: str(number)}, episode)
    return flat


def _episode(flat: Flat, key: dict[str, str], episode: Element) -> None:
    flat["CINdetails"].append(key | _values(episode, "CINdetails"))
    for element, table in {"CINPlanDates": "CINplanDates", "Section47": "Section47"}.items():
        flat[table] += [key | _values(each, table) for each in episode.iterfind(element)]
    for number, each in enumerate(episode.iterfind("Assessments"), start=1):
        own = key | {ASSESSMENT: str(number)}
        factors = [one.text or "" for one in each.iterfind(f"FactorsIdentifiedAtAssessment/{FACTORS}")]
        flat["AssessmentFactorsList"] += [own | {FACTORS: factor} for factor in factors]
        flat["Assessments"].append(own | _values(each, "Assessments") | {FACTORS: ",".join(filter(None, factors))})
    for number, each in enumerate(episode.iterfind("ChildProtectionPlans"), start=1):
        own = key | {PLAN: str(number)}
        flat["ChildProtectionPlans"].append(own | _values(each, "ChildProtectionPlans"))
        for reviews in each.iterfind("Reviews"):
            dates = [one.text or "" for one in reviews.iterfind("CPPreviewDate")]
            flat["Reviews"] += [own | {"CPPreviewDate": date} for date in dates or [""]]


def _values(elements: Iterable[Element], table: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in elements:
        if each.tag in TABLES[table] and not len(each):
            found.setdefault(each.tag, each.text or "")
    return found


def read(data: bytes) -> Flat:
    given, aside = xml.read("cin.xml", data, RETURN.tables())
    assert aside == []
    flat: Flat = {name: [] for name in TABLES}
    for name, table in given.items():
        flat[name] = [dict(zip(table.sheet.header, cells, strict=True)) for _, cells in table.sheet.rows()]
    return flat


def full(flat: Flat) -> Flat:
    return {name: [dict.fromkeys(TABLES[name], "") | row for row in rows] for name, rows in flat.items()}


def test_a_census_is_read_as_a_plain_walk_reads_it(tmp_path: Path) -> None:
    data = write_census(tmp_path / "cin.xml", 80).read_bytes()
    assert read(data) == full(plain(fromstring(data)))


NESTED = {
    "Child": ["ChildIdentifiers", "ChildCharacteristics", "CINdetails", "CINdetails"],
    "ChildIdentifiers": ["LAchildID", "UPN", "Sex"],
    "ChildCharacteristics": ["Ethnicity", "Disabilities"],
    "Disabilities": ["Disability", "Disability"],
    "CINdetails": [
        *("CINreferralDate", "DateOfInitialCPC", "ReferralNFA", "Section47", "Section47", "CINPlanDates"),
        *("Assessments", "Assessments", "ChildProtectionPlans", "ChildProtectionPlans"),
    ],
    "Section47": ["S47ActualStartDate", "DateOfInitialCPC"],
    "CINPlanDates": ["CINPlanStartDate"],
    "Assessments": ["AssessmentActualStartDate", "FactorsIdentifiedAtAssessment"],
    "FactorsIdentifiedAtAssessment": [FACTORS, FACTORS, FACTORS],
    "ChildProtectionPlans": ["CPPstartDate", "Reviews", "Reviews"],
    "Reviews": ["CPPreviewDate", "CPPreviewDate"],
}


def grow(chance: random.Random, parent: Element, name: str) -> None:
    """An element in any order of its parts, some left out, some blank."""
    element = SubElement(parent, name)
    parts = NESTED.get(name, [])
    for part in chance.sample(parts, chance.randint(0, len(parts))):
        grow(chance, element, part)
    if not parts:
        element.text = chance.choice(["", "a", "2026-05-01", " b ", "<&>", "é\\n"])


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_elements_in_any_order_are_read_as_a_plain_walk_reads_them(seed: int) -> None:
    chance = random.Random(seed)
    root = Element("Message")
    children = SubElement(root, "Children")
    for _ in range(3):
        grow(chance, children, "Child")
    data = tostring(root)
    assert read(data) == full(plain(fromstring(data)))


def test_tables_in_columns_give_the_same_findings_as_the_file(tmp_path: Path) -> None:
    import pyarrow as pa

    file = write_census(tmp_path / "cin.xml", 40, change=lambda rows: rows[5]["CINdetails"][0].update(ReferralNFA="x"))
    by_file = check("cin", 2027, "301", [file], previous=[])
    tables = {
        name: pa.table(
            {
                **{
                    column: [cells[at] for _, cells in given.sheet.rows()]
                    for at, column in enumerate(given.sheet.header)
                },
                "line": list(given.sheet.lines or ()),
            }
        )
        for name, given in by_file.given.items()
    }
    by_columns = check_columns("cin", 2027, "301", tables)
    assert by_columns.findings == by_file.findings != []
    assert by_columns.outcome == by_file.outcome
