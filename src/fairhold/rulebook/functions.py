"""The only functions about dates that a rule may call, each defined once per engine.

`DATE_DIFF('year')` and date arithmetic mean different things on DuckDB, PostgreSQL and Spark, so rules call these
names instead. The plain Python meaning of each is in `reference.py`; tests compare all of them on generated dates.
A blank argument gives a blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

ENGINES: Final = ("duckdb", "postgres", "spark")


@dataclass(frozen=True)
class Named:
    """One named function: parameters with their types, what it gives, its meaning, and its text on each engine."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    returns: str
    meaning: str
    duckdb: str
    postgres: str
    spark: str

    def signature(self) -> str:
        """How a rule writes it."""
        return f"{self.name}({', '.join(name for name, _ in self.parameters)})"


_DOB_N = (("dob", "date"), ("n", "integer"))
_DOB_DAY = (("dob", "date"), ("on_day", "date"))
_TWO = (("first_day", "date"), ("last_day", "date"))
_DAY = (("on_day", "date"),)


def _fields(day: str, engine: str) -> tuple[str, str, str]:
    if engine == "postgres":
        return tuple(f"extract({part} from {day})::integer" for part in ("year", "month", "day"))  # type: ignore[return-value]
    return f"year({day})", f"month({day})", f"day({day})"


def _age(engine: str) -> str:
    (y1, m1, d1), (y2, m2, d2) = _fields("dob", engine), _fields("on_day", engine)
    return f"({y2} - {y1} - case when {m2} * 100 + {d2} < {m1} * 100 + {d1} then 1 else 0 end)"


def _months(engine: str) -> str:
    (y1, m1, d1), (y2, m2, d2) = _fields("first_day", engine), _fields("last_day", engine)
    return f"(({y2} - {y1}) * 12 + {m2} - {m1} - case when {d2} < {d1} then 1 else 0 end)"


def _academic(day: str, engine: str) -> str:
    year, month, _ = _fields(day, engine)
    return f"({year} - case when {month} < 9 then 1 else 0 end)"


def _birthday(engine: str) -> str:
    """The day in the nth year, or the day after 28 February when there is no 29 February in it."""
    moved = {
        "duckdb": "cast(dob + to_years(cast(n as integer)) as date)",
        "postgres": "(dob + make_interval(years => n))::date",
        "spark": "add_months(dob, 12 * n)",
    }[engine]
    late = f"case when {_fields(moved, engine)[2]} < {_fields('dob', engine)[2]} then 1 else 0 end"
    return f"date_add({moved}, {late})" if engine == "spark" else f"({moved} + {late})"


def _weekdays(day: str, engine: str) -> str:
    """Weekdays counted from Monday 1 January 1900; only the difference of two counts means anything."""
    if engine == "duckdb":
        since, monday = f"date_diff('day', date '1900-01-01', {day})", "isodow({day})"
    elif engine == "postgres":
        since, monday = f"({day} - date '1900-01-01')", "extract(isodow from {day})::integer"
    else:
        since, monday = f"datediff({day}, date '1900-01-01')", "(weekday({day}) + 1)"
    whole = f"cast(floor({since} / 7.0) as integer)"
    return f"({whole} * 5 + least({monday.format(day=day)}, 5))"


def _working_days(engine: str) -> str:
    """Weekdays after the first day up to the last, less the bank holidays among them (filled in by `definitions`)."""
    days = f"({_weekdays('last_day', engine)} - {_weekdays('first_day', engine)}"
    off = "select count(*) from {holidays} where h.holiday > first_day and h.holiday <= last_day"
    back = "select count(*) from {holidays} where h.holiday > last_day and h.holiday <= first_day"
    return f"cast({days} - ({off}) + ({back})) as integer)"


def _each(make: object) -> dict[str, str]:
    return {engine: make(engine) for engine in ENGINES}  # type: ignore[operator]


NAMED: Final[tuple[Named, ...]] = (
    Named(
        "nth_birthday",
        _DOB_N,
        "date",
        "the nth birthday; a child born on 29 February has it on 1 March in a common year",
        **_each(_birthday),
    ),
    Named("age_on", _DOB_DAY, "integer", "completed years of age on a day", **_each(_age)),
    Named("months_between", _TWO, "integer", "completed months from the first day to the last", **_each(_months)),
    Named(
        "days_between",
        _TWO,
        "integer",
        "days from the first day to the last; the same day is 0",
        duckdb="date_diff('day', first_day, last_day)",
        postgres="(last_day - first_day)",
        spark="datediff(last_day, first_day)",
    ),
    Named(
        "add_days",
        (("on_day", "date"), ("n", "integer")),
        "date",
        "the day n days later",
        duckdb="(on_day + cast(n as integer))",
        postgres="(on_day + n)",
        spark="date_add(on_day, n)",
    ),
    Named(
        "working_days_between",
        _TWO,
        "integer",
        "working days after the first day up to and with the last: no weekends, no bank holidays in England",
        **_each(_working_days),
    ),
    Named(
        "school_week",
        _DAY,
        "date",
        "the Monday of the week a day is in",
        duckdb="(on_day - cast(isodow(on_day) - 1 as integer))",
        postgres="(on_day - (extract(isodow from on_day)::integer - 1))",
        spark="date_sub(on_day, weekday(on_day))",
    ),
    Named(
        "academic_year",
        _DAY,
        "integer",
        "the year in which the school year of a day began on 1 September",
        **_each(lambda e: _academic("on_day", e)),
    ),
    Named(
        "nc_year",
        _DOB_DAY,
        "integer",
        "the National Curriculum year a child of that age is in on a day; 0 is Reception",
        **_each(lambda e: f"({_academic('on_day', e)} - {_academic('dob', e)} - 5)"),
    ),
    Named(
        "collection_year",
        (),
        "integer",
        "the year of the collection: 2027 is the year to 31 March 2027",
        duckdb="{year}",
        postgres="current_setting('fairhold.collection_year')::integer",
        spark="session.collection_year",
    ),
    Named(
        "collection_start",
        (),
        "date",
        "1 April with which the year of the collection begins",
        duckdb="make_date({year} - 1, 4, 1)",
        postgres="make_date(current_setting('fairhold.collection_year')::integer - 1, 4, 1)",
        spark="make_date(session.collection_year - 1, 4, 1)",
    ),
    Named(
        "collection_end",
        (),
        "date",
        "31 March with which the year of the collection ends",
        duckdb="make_date({year}, 3, 31)",
        postgres="make_date(current_setting('fairhold.collection_year')::integer, 3, 31)",
        spark="make_date(session.collection_year, 3, 31)",
    ),
    Named(
        "on_day",
        (),
        "date",
        "the day as at which the lists are checked, for returns that are made as at a day of one's choice",
        duckdb="{day}",
        postgres="current_setting('fairhold.on_day')::date",
        spark="session.on_day",
    ),
    Named(
        "submitting_la",
        (),
        "text",
        "the code of the authority whose return it is",
        duckdb="{la}",
        postgres="current_setting('fairhold.submitting_la')",
        spark="session.submitting_la",
    ),
)
BY_NAME: Final = {named.name: named for named in NAMED}
AS_SENT: Final = "as_sent"
SENT_SUFFIX: Final = "__sent"
HOLIDAYS: Final = "{holidays}"


def definitions(
    engine: str,
    names: Iterable[str],
    *,
    year: int = 0,
    la: str = "",
    holidays: Iterable[str] = (),
    day: date | None = None,
) -> str:
    """The statements that define these functions on an engine. `holidays` are ISO dates.

    `year` (of the collection), `la` and `day` are written into the functions of DuckDB; the others ask their session.
    """
    said = {
        "{year}": str(year),
        "{day}": f"date '{day}'" if day else "cast(null as date)",
        "{la}": "'" + la.replace("'", "''") + "'",
    }
    return "".join(_define(engine, BY_NAME[name], said, holidays) for name in sorted(set(names)))


def schema() -> str:
    """The text of `schema.sql`: the functions a PostgreSQL store gets.

    `working_days_between` is not among them: it is defined with the list of bank holidays by whoever has one.
    """
    names = [named.name for named in NAMED if HOLIDAYS not in named.postgres]
    head = "-- tables of rulebook\n-- It has none: only the functions rules may call. Made by functions.schema().\n"
    return f"{head}create schema if not exists rulebook;\n{definitions('postgres', names)}"


def _define(engine: str, named: Named, said: Mapping[str, str], holidays: Iterable[str]) -> str:
    text: str = getattr(named, engine)
    for word, value in said.items():
        text = text.replace(word, value)
    if HOLIDAYS in text:
        text = text.replace(HOLIDAYS, _holidays(list(holidays)))
    if engine == "duckdb":
        return f"create or replace macro {named.signature()} as {text};\n"
    parameters = ", ".join(f"{name} {kind}" for name, kind in named.parameters)
    if engine == "postgres":
        steady = "stable" if "current_setting" in text else "immutable"
        head = f"create or replace function rulebook.{named.name}({parameters}) returns {named.returns}"
        return f"{head} language sql {steady} parallel safe as $$ select {text} $$;\n"
    returns = {"text": "string"}.get(named.returns, named.returns)
    return f"create or replace temporary function {named.name}({parameters}) returns {returns} return {text};\n"


def _holidays(days: list[str]) -> str:
    """The list as a table to select from; holidays on a weekend are left out, they are no working days anyway."""
    weekdays = [day for day in days if date.fromisoformat(day).weekday() < 5]
    rows = " union all ".join(f"select date '{day}' as holiday" for day in weekdays)
    return f"({rows or 'select cast(null as date) as holiday'}) as h"
