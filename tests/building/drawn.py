"""Tables and census files as a test draws them. Nobody in them exists."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from fairhold.formats.cin import FORMAT
from fairhold.formats.ssda903.writer import write
from fairhold.formats.xmlwrite import Value, write_xml

Row = Mapping[str, str]


def table(name: str, *rows: Row) -> bytes:
    """One table of the looked-after children return."""
    stream = io.BytesIO()
    write(stream, name, rows)
    return stream.getvalue()


def header(child: str, **over: str) -> Row:
    return {"CHILD": child, "SEX": "F", "DOB": "01/02/2012", "ETHNIC": "WBRI", "UPN": "UN1", "MOTHER": "0", **over}


def episode(child: str, **over: str) -> Row:
    return {
        "CHILD": child, "DECOM": "01/05/2025", "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U6",
        "PLACE_PROVIDER": "PR1", "HOME_POST": "AA1 1AA", "PL_POST": "AA2 2AA", "URN": "SC012345", **over,
    }  # fmt: skip


def census(*children: Mapping[str, Value], year: int = 2027) -> bytes:
    """A census file."""
    stream = io.BytesIO()
    details: dict[str, Any] = {"Collection": "CIN", "Year": str(year), "ReferenceDate": f"{year}-03-31"}
    about: dict[str, Value] = {"CollectionDetails": [details], "Source": [{"SourceLevel": "L", "LEA": "320"}]}
    write_xml(stream, FORMAT, about, (("Child", child) for child in children))
    return stream.getvalue()


def child(number: str, *episodes: Mapping[str, Value], **over: str) -> dict[str, Value]:
    who = {"LAchildID": number, "UPN": "", "PersonBirthDate": "2012-02-01", "Sex": "F", **over}
    return {"ChildIdentifiers": [who], "ChildCharacteristics": [{"Ethnicity": "WBRI"}], "CINdetails": list(episodes)}


def need(referred: str, closed: str = "", **inside: Sequence[Mapping[str, Value]]) -> dict[str, Value]:
    ended: dict[str, Value] = {"CINclosureDate": closed, "ReasonForClosure": "RC3"} if closed else {}
    return {
        "CINreferralDate": referred,
        "ReferralSource": "1A",
        "PrimaryNeedCode": "N1",
        **ended,
        **inside,
        "ReferralNFA": "0",
    }
