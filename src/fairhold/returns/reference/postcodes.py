"""A postcode directory becomes two tables: `postcode` (key, authority, easting, northing) and `authority`.

Taken are the directories of the Office for National Statistics as CSV (ONSPD, NSPL, by any of their column names over
the years), or any CSV with a postcode, a lower-tier authority, easting and northing. Closed postcodes are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from fairhold.returns.files import SetAside
from fairhold.returns.reference import POSTCODES, Source
from fairhold.returns.reference.authorities import upper_tier
from fairhold.returns.reference.lookup import key, plain

COLUMNS: Final = {
    "code": r"pcds|pcd|pcd7|pcd8|pcd2|postcode",
    "lower": r"laua|oslaua|lad\d\dcd|ladcd",
    "county": r"cty|oscty|cty\d\dcd",
    "east": r"oseast1m|east1m|easting",
    "north": r"osnrth1m|north1m|northing",
    "began": r"dointr",
}
NEEDED: Final = ("code", "lower", "east", "north")
NAMED_EDITION: Final = re.compile(r"(?:ONSPD|NSPL)_([A-Z]{3})_(\d{4})", re.IGNORECASE)
MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
SHOWN: Final = 20  # faults of one kind that are told one by one


def columns_of(header: Sequence[str]) -> dict[str, str]:
    """Which column of a file plays which part; empty when it is no postcode directory."""
    found = {}
    for part, names in COLUMNS.items():
        by_name = {name.strip().lower(): name for name in reversed(header) if re.fullmatch(names, name.strip().lower())}
        order = [by_name[name] for name in names.split("|") if name in by_name] or list(by_name.values())
        if order:
            found[part] = order[0]
    return found if all(part in found for part in NEEDED) else {}


def take_in(con: Any, into: str, path: Path, header: Sequence[str], today: str) -> tuple[Source, list[SetAside]]:
    """Read a directory into the tables of database `into`; what of it was left out, by line."""
    columns = columns_of(header)
    bad = _read(con, path, header, columns)
    _authorities(con, into)
    con.execute(
        f"create table {into}.postcode as select r.key, a.number as authority, r.easting, r.northing"
        f" from reading r left join {into}.authority a on a.code = r.lower and a.county is not distinct from r.county"
        " where r.first order by r.key"
    )
    aside = [SetAside(path.name, line, "", f"is no line of the file: {reason}") for line, reason in bad[:SHOWN]]
    aside += _more(path.name, len(bad), "lines that cannot be read")
    aside += _faults(con, path.name, columns, [line for line, _ in bad])
    rows = con.execute(f"select count(*) from {into}.postcode").fetchone()[0]
    edition = _edition(con, path.name)
    con.execute("drop table reading")
    return Source(POSTCODES, path.name, edition, rows, today), aside


def _read(con: Any, path: Path, header: Sequence[str], columns: dict[str, str]) -> list[tuple[int, str]]:
    """Make the table `reading` of the parts that are used, rows numbered; returns the lines that cannot be read."""
    texts = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in header)
    parts = {part: f"nullif(trim({_name(columns[part])}), '')" if part in columns else "null" for part in COLUMNS}
    whole = "case when regexp_full_match({0}, '[0-9]{{1,7}}') then {0}::integer end"
    con.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    con.execute(
        "create temp table reading as"
        " select *, row_number() over (partition by key order by row) = 1 and key is not null as first"
        f" from (select row, {key('code')} as key, code, lower, county, east, north, began,"
        f" {whole.format('east')} as easting, {whole.format('north')} as northing"
        f" from (select row_number() over () as row, {plain(parts['code'])} as code, {parts['lower']} as lower,"
        f" {parts['county']} as county, {parts['east']} as east, {parts['north']} as north, {parts['began']} as began"
        f" from read_csv({_text(str(path))}, auto_detect = false, header = true, delim = ',', quote = '\"',"
        f" escape = '\"', columns = {{{texts}}}, store_rejects = true)))"
    )
    bad = con.execute("select line, min(lower(error_type)) from reject_errors group by line order by line").fetchall()
    return list(bad)


def _authorities(con: Any, into: str) -> None:
    """Each authority of the directory with the area that DEF-PLACE makes of it: upper tier, or SCO, NIR, WAL."""
    con.execute(f"create table {into}.authority (number smallint, code varchar, county varchar, area varchar)")
    pairs = con.execute("select distinct lower, county from reading where lower is not null order by 1, 2").fetchall()
    for number, (code, county) in enumerate(pairs):
        row = [number, code, county, upper_tier(code, county)]
        con.execute(f"insert into {into}.authority values (?, ?, ?, ?)", row)


def _faults(con: Any, file: str, columns: dict[str, str], bad: list[int]) -> list[SetAside]:
    """What is wrong with rows that could be read; a row with a fault in one field goes in without that field."""
    aside: list[SetAside] = []
    kinds = (
        ("code", "key is null and code is not null", "is no postcode: the line was left out"),
        ("code", "code is null", "is blank: the line was left out"),
        ("code", "key is not null and not first", "stands in the file twice: the first is used"),
        ("east", "east is not null and easting is null", "is no whole number: no distance can be worked out"),
        ("north", "north is not null and northing is null", "is no whole number: no distance can be worked out"),
    )
    for part, wrong, reason in kinds:
        rows = con.execute(f"select row from reading where {wrong} order by row limit {SHOWN}").fetchall()
        aside += [SetAside(file, _line(row, bad), "", f"{columns[part]} {reason}") for (row,) in rows]
        if len(rows) == SHOWN:
            count = con.execute(f"select count(*) from reading where {wrong}").fetchone()[0]
            aside += _more(file, count, f"lines where {columns[part]} {reason.partition(':')[0]}")
    unknown = con.execute(
        "select distinct lower from reading where lower like 'E07%' and (county is null or county not like 'E10%')"
    ).fetchall()
    return aside + [
        SetAside(file, 0, "", f"{code} is an authority whose county is not known: placements there have none")
        for (code,) in sorted(unknown)
        if upper_tier(code, None) is None
    ]


def _line(row: int, bad: list[int]) -> int:
    """The line of a row: the heading is line 1, and lines that could not be read are no rows."""
    line = row + 1
    for left_out in bad:
        line += left_out <= line
    return line


def _more(file: str, count: int, what: str) -> list[SetAside]:
    return [SetAside(file, 0, "", f"has {count - SHOWN:,} more {what}")] if count > SHOWN else []


def _edition(con: Any, file: str) -> str:
    """The month of the directory: as its name says, else the month of its newest postcode; blank when neither tells."""
    named = NAMED_EDITION.search(file)
    if named and named[1].upper() in MONTHS:
        return f"{named[2]}-{MONTHS.index(named[1].upper()) + 1:02}"
    newest = con.execute("select max(began) from reading where regexp_full_match(began, '[0-9]{6}')").fetchone()[0]
    return f"{newest[:4]}-{newest[4:]}" if newest else ""


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
