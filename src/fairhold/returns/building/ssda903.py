"""The return of children looked after (SSDA903): who is in which of its tables.

A child is in the return who was looked after on some day of the year, or of whom the year's care-leaver questions were
answered. Everything but those questions is told only of children looked after in the year, and only as far as it
touches the year.
"""

from __future__ import annotations

import io
import zipfile

from fairhold.access import Scope
from fairhold.formats.ssda903 import FILES, specification
from fairhold.formats.ssda903.writer import write
from fairhold.returns.building.domain import AsAt, Table
from fairhold.returns.building.mapping import Told, column, facts, field
from fairhold.returns.building.selecting import HAPPENED, OF_THE_YEAR, TOUCHES, Part, current, group, params, select
from fairhold.returns.building.values import UK

KIND, CHILD, FORM = "ssda903", "CHILD", UK
_MADE = (1980, 1, 1, 0, 0, 0)  # the same tables give the same bytes

_CARED = "f.subject_id in (select subject_id from b_cared)"
_IN_RETURN = f"({_CARED} or f.subject_id in (select subject_id from b_leaver))"
_ADOPTED = "f.subject_id in (select subject_id from b_adopted)"
_BEGAN = "f.subject_id in (select subject_id from b_began)"
_NO_NUMBER = field("people.upn_unknown", "reason")
_OF_CARED = tuple((name, "It is not asked of care leavers.") for name in ("MOTHER", "MC_DOB"))
_NOT_CARED = "The child was not looked after in the year"

# table: (which facts belong into it, what is said of one that does not)
BELONGS: dict[str, tuple[str, str]] = {
    "Header": (_IN_RETURN, f"{_NOT_CARED}, nor are the care-leaver questions of the year answered."),
    "Episodes": (TOUCHES, "The episode does not touch the year."),
    "Reviews": (f"{_CARED} and {HAPPENED}", f"{_NOT_CARED}, or the review was not in the year."),
    "UASC": (
        f"{_IN_RETURN} and (f.ended is null or f.ended >= %(starts)s)",
        f"{_NOT_CARED}, or the status ended before the year.",
    ),
    "OC2": (f"{_CARED} and {OF_THE_YEAR}", f"{_NOT_CARED}."),
    "OC3": (OF_THE_YEAR, "The answers are of another year."),
    "AD1": (_ADOPTED, "The child was not adopted in the year."),
    "PlacedAdoption": (
        f"{_CARED} and (f.date_placed is null or f.date_placed <= %(valid)s)"
        " and (f.date_ceased is null or f.date_ceased >= %(starts)s)",
        f"{_NOT_CARED}, or the plan ended before the year or began after it.",
    ),
    "PrevPerm": (f"{_CARED} and {_BEGAN}", "The child did not begin to be looked after in the year."),
    "Missing": (f"{_CARED} and {TOUCHES}", f"{_NOT_CARED}, or was not missing in it."),
    "SWEpisodes": (f"{_CARED} and {TOUCHES}", f"{_NOT_CARED}, or had this social worker in another year."),
    "DoLo": (f"{_CARED} and {TOUCHES}", f"{_NOT_CARED}, or the order does not touch it."),
}
_SETS = {
    "b_cared": f"f where {TOUCHES}",
    "b_adopted": "f where upper(f.end_reason) in ('E11', 'E12') and f.ended between %(starts)s and %(valid)s",
    "b_began": "f where upper(f.rne) = 'S' and f.started between %(starts)s and %(valid)s",
}


def header(as_at: AsAt, la: str, serial: int) -> dict[str, str]:
    """Nothing: the tables say of themselves neither who sends them nor when."""
    return {}


def parts(year: int) -> list[Part]:
    """How each table of the year's collection is made."""
    return [_part(table, columns) for table, columns in specification(year).items()]


def _part(table: str, columns: tuple[str, ...]) -> Part:
    belongs, sentence = BELONGS[table]
    told = tuple(_told(table, name) for name in columns)
    if table == "Header":
        return Part(table, None, told, belongs, sentence, inner=(_NO_NUMBER,), of_some=_OF_CARED)
    fact = facts(KIND, table)[0]
    return Part(table, fact, told, belongs, sentence, key=fact.key)


def _told(table: str, name: str) -> Told:
    """By what a column is told; one that its own table does not tell is the child's, as the header has it."""
    if name == CHILD:
        return Told(name)
    return column(KIND, table, name) or column(KIND, "Header", name) or Told(name, kept=False)


def sets(scope: Scope, as_at: AsAt) -> None:
    """Fill the sets of children that the tables ask about."""
    by_table = {part.table: part.fact for part in parts(as_at.year)}
    episodes, leavers = by_table["Episodes"], by_table["OC3"]
    assert episodes is not None
    assert leavers is not None
    chosen = {name: f"({current(episodes)}) {what}" for name, what in _SETS.items()}
    chosen["b_leaver"] = f"({current(leavers)}) f where {OF_THE_YEAR}"
    for name, query in chosen.items():
        made = f"create temporary table {name} on commit drop as select distinct f.subject_id from {query}"
        scope.run(made, params(as_at))
        scope.run(f"analyze {name}")


def tables(scope: Scope, as_at: AsAt, *, every: bool = False) -> dict[str, Table]:
    """Every table of the return; `every` also with what does not belong."""
    found = {part.table: select(scope, part, as_at, FORM, every=every) for part in parts(as_at.year)}
    _why_no_number(found["Header"])
    _of_cared(found["Header"], found["Episodes"])
    return found


def _of_cared(header: Table, episodes: Table) -> None:
    """Blank what is asked only of children looked after in the year (rule 628)."""
    cared = {subject for row, subject in enumerate(episodes.subjects) if row not in episodes.left_out}
    blank = {name for name, _ in _OF_CARED}
    for row, subject in enumerate(header.subjects):
        if subject not in cared:
            cells = zip(header.columns, header.rows[row], strict=True)
            header.rows[row] = tuple("" if name in blank else cell for name, cell in cells)


def _why_no_number(header: Table) -> None:
    """Where there is no UPN, its column holds why: told as one value by this return, apart by others."""
    at = header.columns.index("UPN")
    number, reason = (header.groups.index(group(told)) for told in (_told("Header", "UPN"), _NO_NUMBER))
    for row, (cells, origins, (why,)) in enumerate(zip(header.rows, header.origins, header.inner, strict=True)):
        if why and not cells[at]:
            header.rows[row] = (*cells[:at], why, *cells[at + 1 :])
            header.origins[row] = (*origins[:number], origins[reason], *origins[number + 1 :])


def files(tables: dict[str, Table], header: dict[str, str]) -> dict[str, bytes]:
    """The official files: a CSV a table."""
    found = {}
    for name, table in tables.items():
        stream = io.BytesIO()
        rows = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
        write(stream, name, rows, columns=table.columns)
        found[FILES[name]] = stream.getvalue()
    return found


def one_file(files: dict[str, bytes], year: int) -> tuple[str, bytes]:
    """All of them as one: a ZIP, not compressed, so that its bytes do not depend on who compresses."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _MADE), data)
    return f"ssda903-{year}.zip", stream.getvalue()
