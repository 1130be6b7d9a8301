"""Runs: the lists made as at a day and kept in the vault, for the production purpose alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from fairhold import vault
from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.engine.columns import duck
from fairhold.formats import annex_a
from fairhold.returns.annex_a import adopters, gathering, making
from fairhold.returns.annex_a.domain import ADOPTERS, AnnexError, Made
from fairhold.returns.guarded import Sight
from fairhold.returns.loading import Given
from fairhold.returns.recognising import Recognised
from fairhold.returns.sheets import from_rows
from fairhold.returns.workspace import seeing, tables
from fairhold.returns.workspace.domain import DAYS, KLASS, PRODUCTION, RETENTION
from fairhold.rulebook.domain import UK, Column, Table

_REFERENCE: Final = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9 ./-]{3,39}")
_RUN: Final = "id, on_day, made_at, made_by, source_id, reference, rows, outside, places, adopters, lists_file, due"


@dataclass(frozen=True)
class Run:
    """One run. `rows`: list → rows over all children; `outside`: list → column → values none of its codes stands for;
    `adopters` says what came of the file of adopters; `reference` is the inspection's or direction's, when given."""

    id: int
    on_day: date
    made_at: datetime
    made_by: int
    source_id: int
    reference: str
    rows: dict[str, int]
    outside: dict[str, dict[str, int]]
    places: bool
    adopters: str
    lists_file: int
    due: date


def referred(text: str) -> str:
    """The reference of an inspection or direction, tidied; AnnexError for what can be none."""
    tidy = " ".join(text.split())
    if tidy and not _REFERENCE.fullmatch(tidy):
        raise AnnexError(
            "That is no reference of an inspection or direction: write the number as Ofsted's letter has it, such as"
            " 10293847 (letters, digits, full stops, strokes and hyphens, with a digit among them)."
        )
    return tidy


@verb("annex-a.build")
def build(
    scope: Scope,
    *,
    day: date,
    la: str = "",
    reference: str = "",
    adopters_file: tuple[str, bytes] | None = None,
    reference_data: Sequence[Path] = (),
) -> int:
    """Make the lists as at a day over every child and keep them; the number of the run, and nothing of a child.

    `la` is our own authority's GSS code, to tell placements inside it. `adopters_file`: the name and bytes of the file
    that list 11 comes from.
    """
    tidy = referred(reference)
    with scope.under(PRODUCTION):
        source = gathering.case_system(scope)
        con = duck()
        try:
            making.lay_out(con)
            gathering.fill(scope, con, source)
            places = gathering.place(con, la, reference_data)
            made = making.make(con, day)
        finally:
            con.close()
        told = ""
        if adopters_file:
            found = adopters.read(*adopters_file, day)
            made[ADOPTERS], told = found.made, found.sentence
        run = _keep(scope, day, tidy, source, made, places=places and bool(la), told=told)
        subjects = scope.rows(
            "select id from system.subject where source_id = %s and key = any(%s)",
            (source, sorted(children(made.values()))),
        )
    scope.concerns(row["id"] for row in subjects)
    scope.tell(run=run, day=day.isoformat(), rows=sum(len(one.rows) for one in made.values()))
    return run


def children(made: Iterable[Made]) -> set[str]:
    """The numbers of all children in the lists."""
    return {child for one in made for child in one.children}


def _keep(
    scope: Scope, day: date, reference: str, source: int, made: Mapping[str, Made], *, places: bool, told: str
) -> int:
    due = scope.day + timedelta(days=DAYS)
    kept = vault.keep(
        scope, tables.pack({key: _given(one) for key, one in made.items()}), kind="annex-a-lists", klass=KLASS,
        retention=RETENTION, due=due,
    )  # fmt: skip
    number: int = scope.value(
        "insert into system.annex_a_run (on_day, made_at, made_by, source_id, reference, rows, outside, places,"
        " adopters, lists_file, due) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning id",
        (
            *(day, clock.now(), scope.actor.id, source, reference),
            json.dumps({key: len(one.rows) for key, one in made.items()}),
            json.dumps({key: one.outside for key, one in made.items() if one.outside}),
            *(places, told, kept.id, due),
        ),
    )
    return number


def _given(made: Made) -> Given:
    """A list in the form in which the tables of a run are packed."""
    names = list(made.of.names)
    sheet = from_rows(f"List {made.key}", names, made.rows, range(2, len(made.rows) + 2))
    table = Table(made.key, tuple(Column(name) for name in names))
    return Given(sheet, Recognised(table, {name: at for at, name in enumerate(names)}, ()), (UK,))


@verb("annex-a.runs")
def runs(scope: Scope) -> list[Run]:
    """The runs, the newest first."""
    found = [Run(**row) for row in scope.rows(f"select {_RUN} from system.annex_a_run order by id desc")]
    scope.tell(rows=len(found))
    return found


@verb("annex-a.run")
def run(scope: Scope, *, number: int) -> Run:
    """One run; a number nobody gave out is an AnnexError."""
    scope.tell(run=number)
    return find(scope, number)


def find(scope: Scope, number: int | None) -> Run:
    """A run by its number, or the newest; AnnexError when there is none."""
    where = "where id = %s" if number is not None else ""
    row = scope.one(
        f"select {_RUN} from system.annex_a_run {where} order by id desc limit 1", () if number is None else (number,)
    )
    if row is None:
        raise AnnexError("There is no such run of the lists, or its time was up: make them first.")
    return Run(**row)


def opened(scope: Scope, run: Run) -> dict[str, Made]:
    """The lists of a run, inside a verb under the production purpose."""
    packed = tables.unpack(vault.open(scope, run.lists_file))
    found = {}
    for key in annex_a.lists():
        if key in packed:
            columns = packed[key].declared().drop_columns([tables.ROW, tables.LINE]).to_pydict()
            rows = list(zip(*columns.values(), strict=True))
            found[key] = Made(key, rows, run.outside.get(key, {}))
    return found


def sight(scope: Scope, of: Sequence[Run], numbers: Iterable[str]) -> tuple[Sight, list[int]]:
    """Which of the children the scope's purpose may see, whose address it may not, and their subjects."""
    found = seeing.known(scope, numbers, {run.source_id for run in of})
    masked = frozenset(child for child, (_, guard) in found.items() if guard and not scope.purpose.protected)
    return Sight(frozenset(found), masked), [subject for subject, _ in found.values()]
