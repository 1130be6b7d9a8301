"""A common transfer file for the receiving school: partial, with the items that may go and no other."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Mapping, Sequence

from fairhold import formats
from fairhold.dates import school
from fairhold.formats.ctf.writer import write as write_file
from fairhold.sharing.forms.domain import About, Row, Table, plain, wrong
from fairhold.sharing.shares import ShareError

VERSION = "25.0"  # the newest version known; a school takes the one before its own too
COUNCIL = "LLLL"  # stands for the school's number where the sender is a council
NOT_KNOWN = "XXX"  # as DfE's services write where a number is not one of a school
NEEDED = ("name", "date_of_birth", "sex")  # without them no transfer file is valid
LINES = 5
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}")
_LINE = "Address/AddressLines/AddressLine{}"
_ITEMS = {
    "upn": "UPN",
    "date_of_birth": "DOB",
    "sex": "Sex",
    "year_group": "BasicDetails/NCyearActual",
    "email": "Email",
}


def write(columns: Sequence[str], rows: Sequence[Row], about: About) -> bytes:
    """The bytes of the file; raises where a field has no place in it or a pupil lacks what every file must have."""
    homeless = [about.title(name) for name in columns if name not in (*_ITEMS, "name", "address")]
    if homeless:
        raise ShareError(f"A transfer file has no place for: {', '.join(homeless)}. Take it out, or use another form.")
    for row in rows:
        missing = [about.title(name) for name in NEEDED if not row.told(name)]
        if missing or not all(row.name):
            raise ShareError(
                f"A transfer file needs of each pupil: {', '.join(about.title(name) for name in NEEDED)}."
                " Of one pupil not all of it may go: use another form."
            )
    out = io.BytesIO()
    write_file(out, _header(about), [_pupil(row) for row in rows])
    return out.getvalue()


def _header(about: About) -> dict[str, str]:
    number = about.organisation or ""
    known = number.isdigit() and len(number) == 7
    return {
        "CTFversion": VERSION,
        "DateTime": f"{about.day.isoformat()}T00:00:00",
        "DocumentQualifier": "partial",
        "SourceSchool/LEA": os.environ.get("FAIRHOLD_LA_NUMBER") or NOT_KNOWN,
        "SourceSchool/Estab": COUNCIL,
        "SourceSchool/AcademicYear": str(school.academic_year(about.day)),
        "DestSchool/LEA": number[:3] if known else NOT_KNOWN,
        "DestSchool/Estab": number[3:] if known else f"{NOT_KNOWN}X",
    }


def _pupil(row: Row) -> dict[str, str]:
    forename, surname = row.name
    pupil = {"Surname": plain(surname), "Forename": plain(forename)}
    pupil |= {path: row.told(name) for name, path in _ITEMS.items()}
    return pupil | _address(row.told("address"))


def _address(text: str) -> dict[str, str]:
    """The address in lines, the postcode apart; what has no line of its own joins the last."""
    lines = text.split(", ") if text else []
    found = {}
    if lines and _POSTCODE.fullmatch(lines[-1]):
        found["Address/PostCode"] = lines.pop()
    if len(lines) > LINES:
        lines[LINES - 1 :] = [", ".join(lines[LINES - 1 :])]
    return found | {_LINE.format(number): line for number, line in enumerate(lines, 1)}


def read(data: bytes, about: About) -> Table:
    """The table in the bytes, as our own reader of transfer files understands them; raises where it finds a fault, an
    item without a field, or another header."""
    header, found = _opened(data)
    if {**_header(about), "DocumentName": "Common Transfer File"} != header:
        raise wrong("its header is not the one of this share")
    return found


def table(data: bytes, titles: Mapping[str, str]) -> Table:
    """The table in the bytes of a file that left, whatever its header."""
    return _opened(data)[1]


def _opened(data: bytes) -> tuple[Mapping[str, str], Table]:
    reading = formats.open(data)
    found = [_fields(row.values) for row in reading]
    if reading.kind != "ctf" or reading.refused or reading.unknown or reading.set_aside or reading.around:
        raise wrong("it is not a valid transfer file")
    return reading.header, Table(tuple(dict.fromkeys(name for row in found for name in row)), tuple(found))


def _fields(values: Mapping[str, str]) -> dict[str, str]:
    left = dict(values)
    take: Callable[[str], str] = lambda path: left.pop(path, "")  # noqa: E731
    found = {"name": f"{take('Forename')} {take('Surname')}".strip()}
    found |= {name: take(path) for name, path in _ITEMS.items()}
    lines = [take(_LINE.format(number)) for number in range(1, LINES + 1)]
    found["address"] = ", ".join(filter(None, (*lines, take("Address/PostCode"))))
    if left:
        raise wrong("it has an item that may not leave")
    return {name: text for name, text in found.items() if text}
