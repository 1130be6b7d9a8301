"""Small files drawn as text, all made up."""

from __future__ import annotations

from fairhold import formats
from fairhold.formats import Reading, Row

UPN_A, UPN_B, UPN_C = "H801200001001", "K320200124001", "Y320200124999"
TEMPORARY = "W32020012400A"
DETAILS = "<Surname>Begum</Surname><Forename>Noor</Forename><DOB>2012-05-04</DOB>"


def pupil(inner: str = "", *, upn: str | None = None, details: str = DETAILS) -> str:
    """One pupil on one line."""
    number = "" if upn is None else f"<UPN>{upn}</UPN>"
    return f"<Pupil>{number}{details}{inner}</Pupil>"


def ctf(*pupils: str, header: str = "", version: str = "<CTFversion>25.0</CTFversion>", decl: str = "") -> str:
    """A transfer file; the first pupil starts on line 3, each on a line of its own."""
    decl = decl or '<?xml version="1.0" encoding="UTF-8"?>'
    body = "\n".join(pupils)
    return f"{decl}\n<CTfile><Header>{version}{header}</Header><CTFpupilData>\n{body}\n</CTFpupilData></CTfile>\n"


def read(text: str | bytes) -> tuple[Reading, list[Row]]:
    """The reading of a file, run to its end, and its good rows."""
    reading = formats.open(text.encode("utf-8") if isinstance(text, str) else text)
    return reading, list(reading)


def faults(reading: Reading) -> list[tuple[int | None, int, str | None, str]]:
    """What was set aside, as (row, line, path, kind)."""
    return [(item.row, item.line, item.path, item.kind) for item in reading.set_aside]
