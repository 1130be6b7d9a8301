"""Made-up files: transfer files, returns and extracts, as bytes. Nobody in them exists."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fairhold.formats import identifiers, ssda903
from fairhold.formats.cin import FORMAT as CIN
from fairhold.formats.ctf.writer import write as write_ctf
from fairhold.formats.ssd import entities
from fairhold.formats.ssda903.writer import write as write_table
from fairhold.formats.xmlwrite import Value, write_xml

SCHOOL = "3202001"
OTHER = "3204002"


def upn(number: int, school: str = SCHOOL) -> str:
    """A UPN with a good check letter that nobody has."""
    body = f"{school}24{number:03d}"
    return identifiers.check_letter(body) + body


def pupil(number: int, **over: Any) -> dict[str, Any]:
    """One pupil of a made-up school; `over` maps paths with `__` for `/` to other values, None leaves one out."""
    values: dict[str, Any] = {
        "UPN": upn(number),
        "Surname": f"Surname{chr(64 + number)}",
        "Forename": f"Forename{chr(64 + number)}",
        "DOB": f"2014-03-{number:02d}",
        "Sex": "F",
        "BasicDetails/NCyearActual": "7",
        "Address/BS7666Address/PAON": str(number),
        "Address/BS7666Address/Street": "Nowhere Road",
        "Address/PostCode": "E17 0ZZ",
        "SchoolHistory/School": [{"LEA": "320", "Estab": "2001", "SchoolName": "Made-up", "EntryDate": "2025-09-01"}],
    }
    for name, value in over.items():
        values[name.replace("__", "/")] = value
    return {path: value for path, value in values.items() if value is not None}


def ctf(
    pupils: Sequence[Mapping[str, Any]],
    *,
    at: str = "2026-11-20T08:00:00",
    school: str = SCHOOL,
    year: str | None = None,
) -> bytes:
    """A transfer file of a made-up school."""
    stream = io.BytesIO()
    when = datetime.fromisoformat(at)
    header = {
        "CTFversion": "25.0",
        "DateTime": at,
        "DocumentQualifier": "partial",
        "SupplierID": "Made up",
        "SourceSchool/LEA": school[:3],
        "SourceSchool/Estab": school[3:],
        "SourceSchool/SchoolName": "Made-up School",
        "SourceSchool/AcademicYear": year or str(when.year - (when.month < 9)),
        "DestSchool/LEA": "320",
        "DestSchool/Estab": "LLLL",
    }
    write_ctf(stream, header, pupils)
    return stream.getvalue()


def table(name: str, rows: Sequence[Mapping[str, str | None]]) -> bytes:
    """One table of the looked-after children return."""
    assert name in ssda903.tables()
    stream = io.BytesIO()
    write_table(stream, name, rows, columns=None)
    return stream.getvalue()


def cin(children: Sequence[Mapping[str, Value]], *, year: str | None = "2026", reference: str | None = None) -> bytes:
    """A children in need census; `children` map paths below `Child` to values, nested as the writer takes them."""
    stream = io.BytesIO()
    header = {
        "CollectionDetails/Collection": "CIN",
        "CollectionDetails/Year": year,
        "CollectionDetails/ReferenceDate": reference or (f"{year}-03-31" if year else None),
        "Source/SourceLevel": "L",
        "Source/LEA": "320",
    }
    write_xml(stream, CIN, {path: text for path, text in header.items() if text}, (("Child", one) for one in children))
    return stream.getvalue()


def need(child: str = "100", *episodes: Mapping[str, Value], **over: Value) -> dict[str, Value]:
    """A child of the census; `over` names identifiers or characteristics."""
    who: dict[str, Value] = {"LAchildID": child, "PersonBirthDate": "2012-03-02", "Sex": "F"}
    what: dict[str, Value] = {"Ethnicity": "WBRI"}
    for name, value in over.items():
        (what if name in ("Ethnicity", "Disabilities") else who)[name] = value
    return {"ChildIdentifiers": [who], "ChildCharacteristics": [what], "CINdetails": list(episodes)}


def ssd(entity: str, rows: Sequence[Mapping[str, str]]) -> bytes:
    """One entity of an extract, with the columns that the rows name."""
    names = [name for name in entities()[entity].names if any(name in row for row in rows)]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()
