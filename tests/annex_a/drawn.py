"""Facts drawn beside the list they become: one Markdown table, as in the pages of rules.

A heading `contact: child` begins the facts of social_care.contact (another domain is written in full), `list: …` the
rows of the list. Columns of a list may be cut short. `child` is the child's number; every child drawn is known.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NoReturn

from fairhold.engine.columns import duck
from fairhold.formats import annex_a
from fairhold.returns.annex_a import making
from fairhold.returns.annex_a.domain import Made
from fairhold.rulebook.domain import DrawnRow
from fairhold.rulebook.drawing import read_drawings

ON = date(2026, 11, 23)
LIST = "list"


def made(facts: str, key: str, *, day: date = ON) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """The rows of a list as they come out, and as drawn: only the drawn columns, sorted."""
    (drawing,) = read_drawings(facts, _refuse)
    rows = [row for row in drawing.rows if row.table != LIST]
    of = annex_a.lists()[key]
    columns = [_full(of, name) for name in drawing.columns[LIST]]
    wanted = [
        tuple(row.cells.get(name, "") for name in drawing.columns[LIST]) for row in drawing.rows if row.table == LIST
    ]
    found = lists(rows, day)[key]
    places = [of.names.index(name) for name in columns]
    return sorted(tuple(row[at] for at in places) for row in found.rows), sorted(wanted)


def lists(rows: list[DrawnRow], day: date = ON) -> dict[str, Made]:
    """The ten lists of drawn facts."""
    con = duck()
    making.lay_out(con)
    children = sorted({row.cells["child"] for row in rows if "child" in row.cells})
    for number, child in enumerate(children, start=1):
        con.execute("insert into subject values (?, ?)", [number, child])
    for row in rows:
        _insert(con, row, children)
    found = making.make(con, day)
    con.close()
    return found


def _insert(con: Any, row: DrawnRow, children: list[str]) -> None:
    beside = row.table in making.BESIDE
    name = row.table if beside or "." in row.table else f"social_care.{row.table}"
    cells = dict(row.cells)
    if not beside:
        cells["subject_id"] = str(children.index(cells.pop("child")) + 1)
    columns = ", ".join(f'"{one}"' for one in cells)
    con.execute(f"insert into {name} ({columns}) values ({', '.join('?' * len(cells))})", list(cells.values()))


def _full(of: annex_a.List, short: str) -> str:
    (found,) = {name for name in of.names if name.startswith(short)} if short not in of.names else {short}
    return found


def _refuse(what: str, do: str) -> NoReturn:
    raise AssertionError(f"The drawing {what}; {do}.")
