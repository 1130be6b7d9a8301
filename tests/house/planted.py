"""A small made-up borough with children planted in it whose marks occur nowhere else. Nobody in it exists.

Zephyrine's address is protected; Ottoline's whole record is restricted. Both are on two schools' rolls (once with a
wrong number), in care, with values that no code list knows and with rows at fault, so that every output that could
carry them has its chance; the case system's extract and census tell of both too. Zephyrine's brother Barnaby lives
with her and stands in no register.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.house import planted_care
from tests.house.planted_care import Planted

from fairhold.formats import identifiers
from fairhold.formats.ctf.writer import write as write_ctf
from fairhold.formats.xmlwrite import Value
from fairhold.synth.domain import Options
from fairhold.synth.write import write_borough

DAY = "2026-11-23T09:00:00+00:00"
PUPILS, SEED = 150, 2


@dataclass(frozen=True)
class Canary:
    """What nobody may read of one child but those who protect children; `marks` are looked for everywhere."""

    kind: str
    name: str
    marks: tuple[str, ...]


def _upn(body: str) -> str:
    return identifiers.check_letter(body) + body


ZEPHYRINE = _upn("320290112901")
OTTOLINE = _upn("320290111902")
PROTECTED = Canary(
    "address", "Zephyrine", ("Canarygate", "990077123456", "E4 9ZQ", "RM6 9ZQ", "07700 900999", "hidden.home@")
)
RESTRICTED = Canary("restricted", "Ottoline", ("Vexworthy", "Ottoline", OTTOLINE, "2011-10-31", "Canaryhope"))


def _pupil(upn: str, surname: str, forename: str, born: str, **over: Value) -> dict[str, Value]:
    home: dict[str, Value] = {
        "Address/BS7666Address/PAON": "77",
        "Address/BS7666Address/Street": "Canarygate Mews" if forename == "Zephyrine" else "Canaryhope Road",
        "Address/BS7666Address/UniquePropertyReferenceNumber": "990077123456" if forename == "Zephyrine" else "",
        "Address/PostCode": "E4 9ZQ" if forename == "Zephyrine" else "E4 6XX",
        "Email": "hidden.home@example.org" if forename == "Zephyrine" else "",
        "Phones/Phone": [{"TelephoneType": "M", "PhoneNo": "07700 900999"}] if forename == "Zephyrine" else [],
    }
    contact = {
        "Order": "1",
        "Surname": surname,
        "Forename": "Parent",
        "Relationship": "PAM",
        "Responsibility": "true",
        "Address/AddressLines/AddressLine1": "77 Canarygate Mews" if forename == "Zephyrine" else "9 Canaryhope Road",
    }
    values: dict[str, Value] = {
        "UPN": upn,
        "Surname": surname,
        "Forename": forename,
        "DOB": born,
        "Sex": "F",
        "BasicDetails/NCyearActual": "10",
        "BasicDetails/Ethnicity": "77 Canarygate Mews" if forename == "Zephyrine" else "Vexworthy",
        **home,
        "Contacts/Contact": [contact],
        "SchoolHistory/School": [{"LEA": "320", "Estab": "4901", "EntryDate": "2023-09-04", "LastSchool": "false"}],
    }
    values |= {path.replace("__", "/"): value for path, value in over.items()}
    return {path: value for path, value in values.items() if value}


def _file(folder: Path, estab: str, number: int, pupils: list[dict[str, Value]]) -> None:
    stream = io.BytesIO()
    header = {
        "CTFversion": "25.0",
        "DateTime": f"2026-11-21T08:0{number}:00",
        "DocumentQualifier": "partial",
        "SupplierID": "Made up",
        "SourceSchool/LEA": "320",
        "SourceSchool/Estab": estab,
        "SourceSchool/AcademicYear": "2026",
        "DestSchool/LEA": "320",
        "DestSchool/Estab": "LLLL",
    }
    write_ctf(stream, header, pupils)
    unknown = b"<SafeHouse>77 Canarygate Mews, Vexworthy</SafeHouse></Pupil>"
    (folder / f"planted-{number}.xml").write_bytes(stream.getvalue().replace(b"</Pupil>", unknown))


def _append(file: Path, *rows: Mapping[str, str]) -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        columns = next(csv.reader(stream))
    with file.open("a", encoding="utf-8", newline="") as stream:
        csv.DictWriter(stream, columns).writerows(rows)


def _care(folder: Path) -> None:
    """Both in care, each with rows that break a rule: no sex, an end without a reason, one number for two children."""
    spell = {"DECOM": "01/05/2026", "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U1", "PLACE_PROVIDER": "PR1"}
    for child, upn, born, home, at in (
        ("99000001", ZEPHYRINE, "29/02/2012", "E4 9ZQ", "RM6 9ZQ"),
        ("99000002", OTTOLINE, "31/10/2011", "E4 6XX", "E4 6XX"),
        ("99000003", OTTOLINE, "31/10/2011", "E4 6XX", "E4 6XX"),
    ):
        _append(folder / "header.csv", {"CHILD": child, "DOB": born, "ETHNIC": "WBRI", "UPN": upn})
        posts = {"CHILD": child, "HOME_POST": home, "PL_POST": at, "DEC": "01/06/2026"}
        _append(folder / "episodes.csv", spell | posts)
        _append(folder / "uasc.csv", {"CHILD": child, "DOB": born, "SEX": "F"})


def plant(folder: Path) -> Path:
    """Write the borough into `folder`, the planted children among its files, and return it."""
    write_borough(Options(PUPILS, 1, 1.0, SEED, date(2026, 11, 23), folder))
    register = folder / "registers/protection.csv"
    _append(
        register,
        {"UPN": ZEPHYRINE, "SURNAME": "Quillonbrook", "FORENAME": "Zephyrine", "DOB": "2012-02-29", "KIND": "address"},
        {"UPN": OTTOLINE, "SURNAME": "Vexworthy", "FORENAME": "Ottoline", "DOB": "2011-10-31", "KIND": "restricted"},
    )
    zephyrine = ("Quillonbrook", "Zephyrine", "2012-02-29")
    ottoline = ("Vexworthy", "Ottoline", "2011-10-31")
    schools = folder / "in/schools"
    one = [_pupil(ZEPHYRINE, *zephyrine), _pupil(OTTOLINE, *ottoline)]
    _file(schools, "4901", 1, one)
    other = [
        _pupil(_upn("320290112905"), "Quillonbrook", "Zephyrine", "2012-02-28"),
        _pupil("", "Vexworthy", "Ottoline", "2011-10-31", BasicDetails__FormerSurname="Oldvexworthy"),
    ]
    _file(schools, "2902", 2, other)
    brother = _pupil(_upn("320290114906"), "Quillonbrook", "Zephyrine", "2014-06-05") | {
        "Forename": "Barnaby",
        "Address/BS7666Address/PAON": "",
        "Address/BS7666Address/Street": "",
        "Address/BS7666Address/UniquePropertyReferenceNumber": "",
        "Address/AddressLines/AddressLine1": "77 CANARYGATE MEWS",
    }
    _file(schools, "7901", 3, [{path: value for path, value in brother.items() if value}])
    _care(folder / "in/social-care/2027")
    planted_care.plant(
        folder / "in",
        (
            Planted("99000001", ZEPHYRINE, *zephyrine, postcode="E4 9ZQ", mark="made up"),
            Planted("99000002", OTTOLINE, *ottoline, postcode="RM6 9ZQ", mark="Vexworthy"),
        ),
    )
    return folder


def of_the_key(borough: Path) -> Iterator[Canary]:
    """The borough's own protected and restricted children, from its answer key."""
    with (borough / "key/children.csv").open(encoding="utf-8", newline="") as stream:
        children = list(csv.DictReader(stream))
    born = [child["born"] for child in children]
    for child in children:
        traits = child["traits"].split(";")
        name = f"{child['forename']} {child['surname']}"
        if "protected_address" in traits:
            yield Canary("address", name, (child["street"], child["uprn"], child["postcode"]))
        if "restricted" in traits:
            own_day = (child["born"],) if born.count(child["born"]) == 1 else ()
            turned = f"{child['surname']}, {child['forename']}"
            yield Canary("restricted", name, (name, turned, *filter(None, [child["upn"]]), *own_day))


def canaries(borough: Path) -> tuple[Canary, ...]:
    """Everybody whose marks are looked for."""
    return (PROTECTED, RESTRICTED, *of_the_key(borough))


def spellings(mark: str) -> set[str]:
    """The ways a mark may be written: a day in each form, anything with and without its spaces; in lower case."""
    try:
        day = date.fromisoformat(mark)
    except ValueError:
        return {mark.lower(), mark.lower().replace(" ", "")}
    forms = ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d.%m.%Y", "%d-%m-%Y")
    return {*(f"{day:{form}}" for form in forms), f"{day.day} {day:%B %Y}".lower(), f"{day.day} {day:%b %Y}".lower()}
