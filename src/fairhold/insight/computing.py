"""Computing all measures: over every child, under a purpose nobody may choose, with nothing shown but how many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from fairhold.access import Row, Scope, verb
from fairhold.dates import clock
from fairhold.insight import counting, domain, facts
from fairhold.insight.counting import Counted, Counts
from fairhold.insight.domain import NOW, Measure, MeasureError
from fairhold.insight.facts import Coverage, Locate
from fairhold.insight.publishing import Figure, Key, publish
from fairhold.insight.tables import PLACES, POSTCODES
from fairhold.release import Cell, Side
from fairhold.rulebook.running import wanted

PRODUCTION: Final = "measure-production"
YEARS: Final = 7  # counted at most, the newest
ABOUT: Final[Mapping[str, set[str]]] = {
    "birth": {"date_of_birth", "sex"},
    "expected_birth": {"expected_date"},
    "ethnicity": {"ethnicity"},
}
_CELL = (
    *("measure", "year", "breakdown", "grp", "met", "met_children", "rest", "rest_children", "amount"),
    *("numerator", "denominator", "value", "withheld"),
)


@dataclass(frozen=True)
class Places:
    """How to look postcodes up: the authority's code, which directory, and the look-up itself."""

    la: str
    directory: str
    locate: Locate


@dataclass(frozen=True)
class Computed:
    """A run: its number, the years, how many measures of them it counted and how many not, and figures that changed."""

    run: int
    years: tuple[int, ...]
    counted: int
    not_run: int
    changed: int


@verb("measures.compute")
def compute(scope: Scope, *, on: date | None = None, places: Places | None = None) -> Computed:
    """Count every measure for every year the facts tell of, up to a day, and publish what may be seen.

    A figure is exact nowhere but in a table that only the next run reads. Raises MeasureError for a day that lies in
    the future or before that of an earlier run: figures of a year that is running only go on.
    """
    day = on or scope.day
    newest: date | None = scope.value("select max(on_day) from system.measure_run")
    if day > scope.day or (newest is not None and day < newest):
        first = newest or "any past day"
        raise MeasureError(f"Measures cannot be counted up to {day}: choose a day from {first} to today.")
    with scope.under(PRODUCTION):
        scope.run("select pg_advisory_xact_lock(hashtext('measures'))")
        known = clock.now()
        counts = count(scope, day, known, places)
        run = _add_run(scope, day, known, places)
        changed = _store(scope, run, counts)
    years = tuple(sorted({year for _, year in counts.until}))
    done = Computed(run, years, len(counts.until), len(counts.not_run), changed)
    scope.tell(run=run, measures=done.counted, not_run=done.not_run, changed=changed)
    return done


def count(scope: Scope, day: date, known: datetime, places: Places | None) -> Counts:
    """The exact counts of every measure as known at an instant. They must go no further than the purpose they need."""
    con = facts.open_bench()
    try:
        with scope.columns() as read:
            plan, reasons = _plan(facts.coverage(read, known), day, places)
            read_of = {table: {*columns} for table, columns in wanted(m.compiled for m in _chosen(plan)).items()}
            for table, columns in ABOUT.items():
                read_of.setdefault(table, set()).update(columns)
            facts.load(con, read, read_of, known, places.locate if places else None)
        counts = counting.count(con, plan)
    finally:
        con.close()
    counts.not_run |= reasons
    return counts


def _chosen(plan: Mapping[int, Mapping[str, date]]) -> Iterable[Measure]:
    return (domain.find(code) for code in {code for of_year in plan.values() for code in of_year})


def _plan(
    covered: Coverage, day: date, places: Places | None
) -> tuple[dict[int, dict[str, date]], dict[tuple[str, int], str]]:
    """For each year the measures that can be counted, each up to which day; for the others the reason."""
    plan: dict[int, dict[str, date]] = {}
    reasons = {}
    years = [year for year in covered.years if domain.first_day(year) <= day][-YEARS:]
    for year in years:
        plan[year] = {}
        for code, one in domain.measures().items():
            found = _until(one, year, covered, places, newest=year == years[-1])
            if isinstance(found, str):
                reasons[code, year] = found
            else:
                plan[year][code] = min(found, day)
    return plan, reasons


def _until(one: Measure, year: int, covered: Coverage, places: Places | None, *, newest: bool) -> date | str:
    if one.period == NOW and not newest:
        return "it is told only as things stand"
    placed = any(column.name in one.compiled.reads.get(table, ()) for table, of in PLACES.items() for column in of)
    if placed and places is None:
        return f"it needs {POSTCODES}"
    return facts.missing(one, year, covered)


def _add_run(scope: Scope, day: date, known: datetime, places: Places | None) -> int:
    number: int = scope.value(
        "insert into system.measure_run (made_at, made_by, known_at, on_day, la, postcodes)"
        " values (%s, %s, %s, %s, %s, %s) returning id",
        (clock.now(), scope.actor.id, known, day, places and places.la, places and places.directory),
    )
    return number


def _store(scope: Scope, run: int, counts: Counts) -> int:
    """Publish what was counted; how many figures are new or changed."""
    before = _before(scope)
    populations = population(scope)
    rows: list[tuple[Any, ...]] = []
    for (code, year), found in counts.found.items():
        one = domain.find(code)
        last, digest = before.get((code, year), ({}, ""))
        behind = {key: figure.behind for key, figure in last.items()} if digest == one.digest else {}
        figures = publish(one, found, behind, populations.get(year))
        rows += [_row(code, year, key, figure) for key, figure in figures.items() if last.get(key) != figure]
    _add_results(scope, run, counts)
    scope.run("create temporary table in_cell (like system.measure_cell) on commit drop")
    scope.run("alter table in_cell alter column run_id drop not null")
    scope.copy("in_cell", _CELL, rows)
    listed = ", ".join(_CELL)
    scope.run(f"insert into system.measure_cell (run_id, {listed}) select %s, {listed} from in_cell", (run,))
    return len(rows)


def _add_results(scope: Scope, run: int, counts: Counts) -> None:
    keys = sorted({*counts.until, *counts.not_run})
    codes, years = [code for code, _ in keys], [year for _, year in keys]
    scope.run(
        "insert into system.measure_result (run_id, measure, year, digest, until_day, not_run)"
        " select %s, * from unnest(%s::text[], %s::int[], %s::text[], %s::date[], %s::text[])",
        (
            *(run, codes, years, [domain.find(code).digest for code in codes]),
            *([counts.until.get(key) for key in keys], [counts.not_run.get(key) for key in keys]),
        ),
    )
    scope.run(
        "insert into system.measure_proof (run_id, measure, year, counts)"
        " select %s, * from unnest(%s::text[], %s::int[], %s::bytea[])",
        (
            *(run, [code for code, _ in counts.found], [year for _, year in counts.found]),
            [counts.proof(*key) for key in counts.found],
        ),
    )


def _row(code: str, year: int, key: Key, figure: Figure) -> tuple[Any, ...]:
    met, rest = figure.behind.cell.met, figure.behind.cell.rest
    others = (rest.things, rest.children) if rest else (None, None)
    counted = (met.things, met.children, *others, figure.behind.amount)
    return (code, year, *key, *counted, figure.numerator, figure.denominator, figure.value, figure.withheld)


def _before(scope: Scope) -> dict[tuple[str, int], tuple[dict[Key, Figure], str]]:
    """What was published last of each measure and year, with the definition it was counted by."""
    digests = scope.rows(
        "select distinct on (measure, year) measure, year, digest from system.measure_result where not_run is null"
        " order by measure, year, run_id desc"
    )
    found: dict[tuple[str, int], tuple[dict[Key, Figure], str]] = {
        (row["measure"], row["year"]): ({}, row["digest"]) for row in digests
    }
    rows = scope.rows(
        "select distinct on (measure, year, breakdown, grp) * from system.measure_cell"
        " order by measure, year, breakdown, grp, run_id desc"
    )
    for row in rows:
        figures, _ = found[row["measure"], row["year"]]
        figures[row["breakdown"], row["grp"]] = _figure(row)
    return found


def _figure(row: Row) -> Figure:
    rest = None if row["rest"] is None else Side(row["rest"], row["rest_children"])
    amount, value = (None if row[name] is None else float(row[name]) for name in ("amount", "value"))
    behind = Counted(Cell(Side(row["met"], row["met_children"]), rest), amount)
    return Figure(behind, row["numerator"], row["denominator"], value, row["withheld"])


def population(scope: Scope) -> dict[int, int]:
    """Children aged 0 to 17 by the year to 31 March whose rates they are for, as last entered."""
    rows = scope.rows("select distinct on (year) year, children from system.measure_population order by year, id desc")
    return {row["year"]: row["children"] for row in rows}


@dataclass(frozen=True)
class Differs:
    """A measure and year that does not come out as a run had it, and why."""

    measure: str
    year: int
    why: str


@verb("measures.reproduce")
def reproduce(scope: Scope, *, run: int, places: Places | None = None) -> tuple[int, list[Differs]]:
    """Count again what a run counted, from the facts as known then; how many came out the same, and which did not.

    A definition that changed since is one reason; facts that were disposed of, or another postcode directory, another.
    """
    of = scope.one("select known_at, on_day from system.measure_run where id = %s", (run,))
    if of is None:
        raise MeasureError(f"There is no run {run}: see fairhold measures runs.")
    with scope.under(PRODUCTION):
        counts = count(scope, of["on_day"], of["known_at"], places)
        rows = scope.rows(
            "select p.measure, p.year, p.counts, r.digest from system.measure_proof p"
            " join system.measure_result r using (run_id, measure, year) where run_id = %s order by 1, 2",
            (run,),
        )
    differ = []
    for row in rows:
        key = row["measure"], row["year"]
        known = domain.measures().get(row["measure"])
        if known is None or known.digest != row["digest"]:
            differ.append(Differs(*key, "its definition has changed since"))
        elif key not in counts.found or counts.proof(*key) != bytes(row["counts"]):
            differ.append(Differs(*key, counts.not_run.get(key, "the facts it rests on are not all there any more")))
    scope.tell(run=run, same=len(rows) - len(differ), differ=len(differ))
    return len(rows) - len(differ), differ
