"""What leadership and statistics see of measures: figures that passed disclosure control, by year and group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fairhold.access import Row, Scope, verb
from fairhold.insight import domain
from fairhold.insight.domain import ALL, Measure


@dataclass(frozen=True)
class Figure:
    """One published figure. All three numbers are None when it is withheld; `value` also where nothing was counted."""

    group: str
    label: str
    numerator: int | None
    denominator: int | None
    value: float | None
    withheld: bool


@dataclass(frozen=True)
class Target:
    """A target, and whether the measure's definition is still the one it was set for."""

    value: float
    better: str
    set_at: datetime
    same_definition: bool

    def met(self, value: float) -> bool:
        """Whether a figure reaches it."""
        return value >= self.value if self.better == "higher" else value <= self.value


@dataclass(frozen=True)
class Year:
    """One year of a measure: its figure as last published and by which run, the last day counted, its target.

    `figure` is None while it was never counted; `not_run` is why the newest run could not count it.
    """

    year: int
    figure: Figure | None
    run: int | None
    until: date | None
    not_run: str
    target: Target | None

    @property
    def is_whole(self) -> bool:
        """Whether the year was counted to its end."""
        return self.until == domain.last_day(self.year)


@dataclass(frozen=True)
class Run:
    """When measures were computed: the day up to which, and what was known then."""

    id: int
    made_at: datetime
    on_day: date


@dataclass(frozen=True)
class Series:
    """A measure with its years, the earliest first."""

    measure: Measure
    years: tuple[Year, ...]

    def comparable(self, year: Year) -> bool:
        """Whether a year's figure may be compared with those of whole years."""
        return year.is_whole or not self.measure.grows

    @property
    def newest(self) -> Year | None:
        """The newest year that has a figure."""
        return next((year for year in reversed(self.years) if year.figure is not None), None)


@dataclass(frozen=True)
class Table:
    """A breakdown of a year: its title and its groups in order."""

    name: str
    title: str
    rows: tuple[Figure, ...]


@dataclass(frozen=True)
class Version:
    """A figure as one run published it, until a later one changed it."""

    run: Run
    figure: Figure


@dataclass(frozen=True)
class Shown:
    """Everything that is shown of one measure for one year: trend over years, breakdowns, trend over runs."""

    series: Series
    year: Year | None
    tables: tuple[Table, ...]
    versions: tuple[Version, ...]
    population: tuple[int, str] | None


@verb("measures.list")
def overview(scope: Scope) -> tuple[list[Series], Run | None]:
    """Every measure with its years, in the order of the indicators, and the newest run."""
    found = _series(scope, list(domain.measures()))
    scope.tell(measures=len(found))
    return found, _newest(scope)


@verb("measures.show")
def show(scope: Scope, *, code: str, year: int | None = None) -> Shown:
    """One measure, with the breakdowns of a year (its newest unless named). Raises MeasureError when there is none."""
    one = domain.find(code)
    (series,) = _series(scope, [code])
    chosen = series.newest if year is None else next((each for each in series.years if each.year == year), None)
    scope.tell(measure=code, year=chosen.year if chosen else 0)
    if chosen is None:
        return Shown(series, None, (), (), None)
    rows = scope.rows(
        "select distinct on (breakdown, grp) * from totals.measure where measure = %s and year = %s"
        " order by breakdown, grp, run_id desc",
        (code, chosen.year),
    )
    return Shown(
        series, chosen, _tables(one, rows), _versions(scope, code, chosen.year), _population(scope, chosen.year)
    )


def _series(scope: Scope, codes: list[str]) -> list[Series]:
    figures = scope.rows(
        "select distinct on (measure, year) * from totals.measure where measure = any(%s) and breakdown = ''"
        " order by measure, year, run_id desc",
        (codes,),
    )
    results = scope.rows(
        "select distinct on (measure, year) measure, year, run_id, not_run from system.measure_result"
        " where measure = any(%s) order by measure, year, run_id desc",
        (codes,),
    )
    counted = scope.rows(
        "select distinct on (measure, year) measure, year, run_id, until_day from system.measure_result"
        " where measure = any(%s) and not_run is null order by measure, year, run_id desc",
        (codes,),
    )
    targets = scope.rows(
        "select distinct on (measure, year) * from system.measure_target where measure = any(%s)"
        " order by measure, year, id desc",
        (codes,),
    )
    found = _by_year(figures), _by_year(results), _by_year(counted), _by_year(targets)
    return [_one(domain.find(code), *(of.get(code, {}) for of in found)) for code in codes]


Rows = dict[int, Row]


def _by_year(rows: list[Row]) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row in rows:
        found.setdefault(row["measure"], {})[row["year"]] = row
    return found


def _one(one: Measure, figures: Rows, results: Rows, counted: Rows, targets: Rows) -> Series:
    years = []
    for year in sorted({*results, *targets}):
        figure, of = figures.get(year), counted.get(year)
        years.append(
            Year(
                year=year,
                figure=_figure(figure, "All") if figure else None,
                run=of["run_id"] if of else None,
                until=of["until_day"] if of else None,
                not_run=(results[year]["not_run"] or "") if year in results else "it was not counted yet",
                target=_target(targets[year], one) if year in targets else None,
            )
        )
    return Series(one, tuple(years))


def _figure(row: Row, label: str) -> Figure:
    value = None if row["value"] is None else float(row["value"])
    return Figure(row["grp"], label, row["numerator"], row["denominator"], value, row["withheld"])


def _target(row: Row, one: Measure) -> Target:
    return Target(float(row["value"]), row["better"], row["set_at"], row["digest"] == one.digest)


def _tables(one: Measure, rows: list[Row]) -> tuple[Table, ...]:
    """The breakdowns; what is not known is shown only where something is."""
    by_key = {(row["breakdown"], row["grp"]): row for row in rows}
    tables = []
    for name in one.cuts:
        of = domain.breakdowns()[name]
        groups = [*((group.name, group.label) for group in of.groups), (domain.UNKNOWN, "Not known")]
        shown = [_figure(by_key[name, group], label) for group, label in groups if (name, group) in by_key]
        tables.append(Table(name, of.title, tuple(shown)))
    return tuple(table for table in tables if table.rows)


def _versions(scope: Scope, code: str, year: int) -> tuple[Version, ...]:
    rows = scope.rows(
        "select m.*, r.made_at, r.on_day from totals.measure m join system.measure_run r on r.id = m.run_id"
        " where measure = %s and year = %s and breakdown = %s order by run_id",
        (code, year, ALL),
    )
    return tuple(Version(Run(row["run_id"], row["made_at"], row["on_day"]), _figure(row, "All")) for row in rows)


def _population(scope: Scope, year: int) -> tuple[int, str] | None:
    row = scope.one(
        "select children, source from system.measure_population where year = %s order by id desc limit 1", (year,)
    )
    return (row["children"], row["source"]) if row else None


@verb("measures.runs")
def runs(scope: Scope) -> list[Run]:
    """Every run, the newest first."""
    found = [Run(**row) for row in scope.rows("select id, made_at, on_day from system.measure_run order by id desc")]
    scope.tell(rows=len(found))
    return found


def _newest(scope: Scope) -> Run | None:
    row = scope.one("select id, made_at, on_day from system.measure_run order by id desc limit 1")
    return Run(**row) if row else None
