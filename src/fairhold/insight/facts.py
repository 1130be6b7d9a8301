"""The facts that measures count, as known at an instant: read in columns, each child under the person it is.

Nothing is kept: the tables lie in a DuckDB of their own, in memory, and end with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from fairhold import catalogue, engine
from fairhold.insight import domain
from fairhold.insight.tables import CHILD, FLAGS, PLACES, held

KINDS: Final = ("ssda903", "cin", "ssd")
EXTRACT: Final = "ssd"
# An extract does not say how far back it reaches. By its specification its children have six years of history, but
# those who left earlier are gone: whole years of everybody are counted on only for its own and the one before.
EXTRACT_YEARS, EXTRACT_HISTORY = 2, 6
Read = Callable[..., Any]
# For pairs of postcodes: miles between them, and whether the second lies IN or OUT of the authority; None: not known.
Locate = Callable[[Sequence[tuple[str, str]]], Iterable[tuple[float | None, str | None]]]


@dataclass(frozen=True)
class Coverage:
    """Up to which day each kind of file tells of a year, and of which years it has some history."""

    until: Mapping[tuple[str, int], date]
    history: frozenset[tuple[str, int]]

    @property
    def years(self) -> list[int]:
        """Every year that some kind of file tells of."""
        return sorted({year for _, year in self.until})


def coverage(read: Read, known: datetime) -> Coverage:
    """What was delivered by an instant."""
    rows = read(
        "select kind, year, max(at)::date as at from system.delivery where state = 'stored'"
        f" and kind = any(array[{', '.join(repr(kind) for kind in KINDS)}]) and received_at <= '{known.isoformat()}'"
        " group by kind, year"
    ).to_pylist()
    until: dict[tuple[str, int], date] = {}
    history = set()
    for row in rows:
        year = int(row["year"] or domain.ending(row["at"]))
        back, further = (EXTRACT_YEARS, EXTRACT_HISTORY) if row["kind"] == EXTRACT else (1, 1)
        for told in range(year - further + 1, year + 1):
            history.add((row["kind"], told))
        for told in range(year - back + 1, year + 1):
            upto = min(row["at"], domain.last_day(told))
            until[row["kind"], told] = max(upto, until.get((row["kind"], told), upto))
    return Coverage(until, frozenset(history))


def missing(measure: domain.Measure, year: int, covered: Coverage) -> date | str:
    """The last day of the year for which everything the measure reads was delivered, or why it cannot be counted."""
    days = []
    for name, columns in measure.compiled.reads.items():
        table = held()[name]
        if name in measure.compiled.optional or table.domain == "people":
            continue
        for column in columns:
            kinds = [kind for kind in KINDS if column != CHILD and _source(table, column).told(kind)]
            if not kinds or f"{name}.{column}" in measure.compiled.optional:
                continue
            told = [covered.until[kind, year] for kind in kinds if (kind, year) in covered.until]
            if not told:
                return f"no file was delivered for the year to 31 March {year} that tells “{table.title}”"
            days.append(max(told))
    years, name = measure.history
    for earlier in range(year - years + 1, year):
        if not any((kind, earlier) in covered.history and held()[name].told(kind) for kind in KINDS):
            return f"it looks back, and nothing of the year to 31 March {earlier} tells “{held()[name].title}”"
    return min(days)


def _source(table: catalogue.Table, column: str) -> catalogue.Field:
    """The stored field a column is, or is worked out from."""
    name = table.name.partition(".")[2]
    if (name, column) in FLAGS:
        column = FLAGS[name, column][0]
    if column in {one.name for one in PLACES.get(name, ())}:
        column = "placement_postcode"
    return next(field for field in table.fields if field.name == column)


def load(con: Any, read: Read, wanted: Mapping[str, set[str]], known: datetime, locate: Locate | None) -> None:
    """Make each wanted table with its columns, one row a child and key; the newest statement of an item counts."""
    con.register("persons_read", _persons(read, known))
    con.execute("create table person as select * from persons_read")
    for name, columns in sorted(wanted.items()):
        table = held()[name]
        names = sorted({*columns, *table.key} - {CHILD} - {column for of, column in FLAGS if of == name})
        names = [column for column in names if column in {field.name for field in table.fields}]
        flags = [column for of, column in FLAGS if of == name and column in columns]
        postcodes = ["home_postcode", "placement_postcode"] if locate and name in PLACES else []
        con.register("facts_read", read(_facts(table, [*names, *postcodes], flags, known)))
        con.execute(_table(table, [*names, *flags, *postcodes]))
        con.unregister("facts_read")
        if name in PLACES:
            _place(con, name, locate)


def _facts(table: catalogue.Table, columns: Sequence[str], flags: Sequence[str], known: datetime) -> str:
    types = {field.name: field.type for field in table.fields}
    name = table.name.partition(".")[2]
    asked = [
        f'upper("{column}") as "{column}"' if types[column] in ("text", "code") else f'"{column}"' for column in columns
    ]
    asked += [f"(\"{FLAGS[name, flag][0]}\"::jsonb ->> '{FLAGS[name, flag][1]}') = 'Y' as \"{flag}\"" for flag in flags]
    at = known.isoformat()
    return (
        f"select {', '.join(['subject_id', *asked])}, known_from, delivery_id, id from {table.name}"
        f" where known_from <= '{at}' and '{at}' < known_until"
    )


def _table(table: catalogue.Table, columns: Sequence[str]) -> str:
    """One row a child and key, numbered in a steady order."""
    name, listed = table.name.partition(".")[2], "".join(f', "{column}"' for column in columns)
    key = "".join(f', "{column}"' for column in table.key)
    return (
        f'create table "{name}" as select row_number() over (order by {CHILD}{key}, id)::integer as "row",'
        f" {CHILD}{listed} from (select coalesce(p.person, f.subject_id) as {CHILD}, f.* from facts_read f"
        f" left join person p on p.subject = f.subject_id) qualify row_number() over"
        f" (partition by {CHILD}{key} order by known_from desc, delivery_id desc, id desc) = 1"
    )


def _place(con: Any, name: str, locate: Locate | None) -> None:
    """Add how far from home and whether inside the authority each row's placement lies."""
    con.execute(f'alter table "{name}" add column distance double; alter table "{name}" add column location varchar')
    if locate is None:
        return
    pairs = con.execute(
        f'select distinct home_postcode, placement_postcode from "{name}"'
        " where home_postcode is not null and placement_postcode is not null order by all"
    ).fetchall()
    rows = [(*pair, *found) for pair, found in zip(pairs, locate(pairs), strict=True)]
    con.execute("create table place (home varchar, placement varchar, distance double, location varchar)")
    if rows:
        con.executemany("insert into place values (?, ?, ?, ?)", rows)
    con.execute(
        f'update "{name}" set distance = p.distance, location = p.location from place p'
        " where p.home = home_postcode and p.placement = placement_postcode"
    )


def _persons(read: Read, known: datetime) -> Any:
    """The person of each linked subject, by the links that stood at the instant: the lowest subject of its group."""
    import pyarrow  # noqa: PLC0415 (lazy)

    at = known.isoformat()
    links = read(
        f"select low, high from people.link where made_at <= '{at}' and (undone_at is null or undone_at > '{at}')"
    )
    above: dict[int, int] = {}

    def lowest(subject: int) -> int:
        while (up := above.get(subject, subject)) != subject:
            above[subject] = above.get(up, up)
            subject = up
        return subject

    for low, high in zip(links["low"].to_pylist(), links["high"].to_pylist(), strict=True):
        one, other = sorted((lowest(low), lowest(high)))
        above[other] = one
    subjects = sorted(above)
    return pyarrow.table({"subject": subjects, "person": [lowest(subject) for subject in subjects]})


def open_bench() -> Any:
    """A DuckDB for the facts: in memory, nothing of it outlives the count."""
    return engine.columns.duck()
