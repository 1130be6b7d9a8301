"""Ofsted's lists become one table `provider`: urn, places, providers, postcode, closed.

Taken are the list of children's homes and the list of social care providers, or both in one, as Excel or CSV: any sheet
with a column URN and one that tells something of it. A provider on several sheets or lists is one row: codes are put
together, the first postcode counts, and it is closed when every sheet that tells of closing gives a day (the last one).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from fairhold.returns.files import SetAside
from fairhold.returns.reference import PROVIDERS, Source
from fairhold.returns.reference.sheets import Sheet
from fairhold.returns.sheets import CELL, RECORD

URN: Final = "urn"
COLUMNS: Final = {
    "places": ("placement code", "provider placement code", "place_codes"),
    "providers": ("placement provider code", "provider code", "provider_codes"),
    "closed": ("deregistration date", "closed date", "reg_end"),
    "postcode": ("setting postcode", "setting address postcode", "postcode"),
}
SUPPORTED: Final = re.compile(r"SA\b", re.IGNORECASE)  # the sheet of supported accommodation names no placement code
SUPPORTED_CODE: Final = "K3"
BETWEEN: Final = re.compile(r"[,/;\s]+")
DATES: Final = (  # in either form a time may follow
    re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})( .*)?"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)([ T].*)?"),
)


@dataclass
class Provider:
    """One provider as all sheets together tell of it. `open` is whether some sheet with days of closing gives none."""

    places: dict[str, None] = field(default_factory=dict)
    providers: dict[str, None] = field(default_factory=dict)
    postcode: str = ""
    closed: date | None = None
    open: bool = False

    def cells(self, urn: str) -> tuple[str, ...]:
        """Its row as text."""
        closed = "" if self.open or self.closed is None else self.closed.isoformat()
        return (urn, ",".join(self.places), ",".join(self.providers), self.postcode, closed)


def header_row(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Where the sheet's heading stands and which column plays which part; None when it tells of no provider."""
    for row, (_, cells) in enumerate(sheet.rows[:10]):
        names = [" ".join(str(cell).split()).lower() for cell in cells]
        if URN not in names:
            continue
        found = {URN: names.index(URN)}
        for part, known in COLUMNS.items():
            at = next((names.index(name) for name in known if name in names), None)
            if at is not None:
                found[part] = at
        return (row, found) if len(found) > 1 else None
    return None


def take_in(con: Any, into: str, sheets: list[Sheet], edition: str, today: str) -> tuple[Source, list[SetAside]]:
    """Put the providers of these sheets into database `into`; what of them was left out, by line."""
    found: dict[str, Provider] = {}
    aside: list[SetAside] = []
    for sheet in sheets:
        placed = header_row(sheet)
        if placed:
            _read(sheet, *placed, found, aside)
    rows = RECORD.join(CELL.join(provider.cells(urn)) for urn, provider in sorted(found.items()))
    con.execute(
        f"create table {into}.provider as select c[1] as urn, nullif(c[2], '') as places,"
        " nullif(c[3], '') as providers, nullif(c[4], '') as postcode, try_cast(c[5] as date) as closed"
        " from (select string_split(unnest(string_split(?, chr(30))), chr(31)) as c) where c[1] <> ''",
        [rows],
    )
    names = ", ".join(dict.fromkeys(sheet.file for sheet in sheets))
    return Source(PROVIDERS, names, edition, len(found), today), aside


def edition_of(paths: list[Path]) -> str:
    """What the names of the files say of their day or month; blank when they say nothing."""
    found = {match[0] for path in paths for match in [re.search(r"20\d\d-\d\d(-\d\d)?", path.name)] if match}
    return max(found, default="")


def _read(sheet: Sheet, heading: int, at: dict[str, int], found: dict[str, Provider], aside: list[SetAside]) -> None:
    for line, cells in sheet.rows[heading + 1 :]:
        row = {part: cells[i] if i < len(cells) else "" for part, i in at.items()}
        urn = _text(row[URN]).replace(" ", "").upper()
        if not urn:
            if any(map(_text, cells)):
                aside.append(SetAside(sheet.file, line, sheet.name, "URN is blank: the line was left out"))
            continue
        provider = found.setdefault(urn, Provider())
        places = _text(row.get("places", ""))
        if "places" not in at and "closed" in at and SUPPORTED.match(sheet.name):
            places = SUPPORTED_CODE
        provider.places.update(dict.fromkeys(_codes(places)))
        provider.providers.update(dict.fromkeys(_codes(_text(row.get("providers", "")))))
        provider.postcode = provider.postcode or _text(row.get("postcode", "")).replace(" ", "").upper()
        if "closed" in at:
            _close(provider, sheet, line, row["closed"], aside)


def _close(provider: Provider, sheet: Sheet, line: int, cell: object, aside: list[SetAside]) -> None:
    try:
        closed = _day(cell)
    except ValueError:
        aside.append(SetAside(sheet.file, line, sheet.name, "the day of closing is no date: it was left blank"))
        closed = None
    if closed is None:
        provider.open = True
    else:
        provider.closed = max(closed, provider.closed or closed)


def _codes(text: str) -> list[str]:
    return [code for code in BETWEEN.split(text.upper()) if code]


def _text(cell: object) -> str:
    """A cell as text; a number of a sheet without its decimals."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(str(cell).split())


def _day(cell: object) -> date | None:
    """The day a cell holds, None when it is blank; ValueError when it is no day."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    if not text:
        return None
    parts = next(filter(None, (form.fullmatch(text) for form in DATES)), None)
    if parts is None:
        raise ValueError
    return date(int(parts["y"]), int(parts["m"]), int(parts["d"]))
