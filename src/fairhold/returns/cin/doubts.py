"""Signs that a file is not the one that was meant: it is used all the same, and said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fairhold.returns.files import SetAside
from fairhold.returns.loading import Given

HEADER = "Header"


def doubts(con: Any, given: Mapping[str, Given], year: int, la: str) -> Iterator[SetAside]:
    """What the header says otherwise than it was asked for: the year, its last day, the authority."""
    source = given.get(HEADER)
    if source is None:
        return
    asked = {
        "Year": (str(year), (str(year),), "--year"),
        "ReferenceDate": (f"31 March {year}", (f"{year}-03-31", f"31/03/{year}"), "--year"),
        "LEA": (la, (la,), "--la"),
    }
    for row, _ in source.sheet.rows():
        for name, (wanted, written, option) in asked.items():
            said = source.value(row, name).strip()
            if said and said[:10] not in written:
                reason = f"was used, but its {name} is {said[:20]} and not {wanted}; check {option} and the file"
                yield SetAside(source.sheet.label, source.sheet.line(row), HEADER, reason)
