"""The council's register of protected children, as a CSV: `UPN,SURNAME,FORENAME,DOB,KIND,FROM`.

KIND is `address` (the address is protected) or `restricted` (the whole record is). Any other word hides most:
a child in doubt is protected.
"""

from __future__ import annotations

import csv
import io
from datetime import date

from fairhold.facts.convert import british_date
from fairhold.formats import encoding, identifiers
from fairhold.intake.domain import Aside, ProtectedChild

KIND = "protection-register"
COLUMNS = ("UPN", "SURNAME", "FORENAME", "DOB", "KIND", "FROM")
_GUARDS = {"address": 1, "restricted": 2}


def recognise(data: bytes) -> bool:
    """Whether the first line names the register's columns, in any order and case."""
    first = data[:512].decode("utf-8-sig", "replace").splitlines()[:1]
    return bool(first) and {name.strip().strip('"').upper() for name in first[0].split(",")} == set(COLUMNS)


def read(data: bytes) -> tuple[list[ProtectedChild], list[Aside]]:
    """The children of the register, and the rows that name nobody."""
    text, _ = encoding.csv_text(data)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    reader.fieldnames = [name.strip().upper() for name in reader.fieldnames or ()]
    children, aside = [], []
    for number, row in enumerate(reader, 1):
        cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        child = _child(number, cells)
        if child is None:
            aside.append(_nobody(number, reader.line_num))
        else:
            children.append(child)
    return children, aside


def _child(number: int, cells: dict[str, str]) -> ProtectedChild | None:
    born = british_date(cells["DOB"])
    if not cells["UPN"] and not (cells["SURNAME"] and (cells["FORENAME"] or born)):
        return None
    since = british_date(cells["FROM"])
    return ProtectedChild(
        row=number,
        upn=identifiers.tidy(cells["UPN"]) or None,
        surname=cells["SURNAME"] or None,
        forename=cells["FORENAME"] or None,
        date_of_birth=date.fromisoformat(born) if born else None,
        guard=_GUARDS.get(cells["KIND"].lower(), max(_GUARDS.values())),
        from_date=date.fromisoformat(since) if since else None,
    )


def _nobody(number: int, line: int) -> Aside:
    return Aside(
        number,
        line,
        None,
        "missing",
        "The row names no child: it needs a UPN, or a surname with a forename or a birth date. Complete it.",
    )
