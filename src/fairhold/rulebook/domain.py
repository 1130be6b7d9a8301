"""What a rule is: its document, its drawn examples, the tables it may name, and what comes out of running it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from fairhold.errors import PlainError

SEVERITIES: Final = ("error", "query", "warning", "unverified")
TEXT: Final = "text"
DATE: Final = "date"
ROW: Final = "row"
RETURN: Final = "return"
MEASURE: Final = "measure"
LAST: Final = "_last"
UK: Final = "dd/mm/yyyy"
ISO: Final = "yyyy-mm-dd"


class RuleError(PlainError):
    """A rule document or a set of rules is not fit to run: where, what, and what to do."""


@dataclass(frozen=True)
class Column:
    """A declared column: official name, `text` or `date`; `derived` says from what it is worked out.

    Tables of facts have columns that are `integer` or `boolean` too.
    """

    name: str
    type: str = TEXT
    derived: str = ""


@dataclass(frozen=True)
class Table:
    """A declared table of a return. Rules see its columns and `row`, the number of the row within the table."""

    name: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column | None:
        """The column of that name, in any letter case."""
        return next((c for c in self.columns if c.name.lower() == name.lower()), None)


def with_last_year(tables: Iterable[Table]) -> dict[str, Table]:
    """Tables by name, each a second time for last year (`Episodes_last`), with the same columns."""
    this_year = {table.name: table for table in tables}
    return this_year | {name + LAST: Table(name + LAST, table.columns) for name, table in this_year.items()}


@dataclass(frozen=True)
class Authority:
    """How a return names the authority that sends it: the pattern of its code, and the kind of code with an example."""

    pattern: str = r"[EWSN]\d{8}"
    kind: str = "GSS code"
    example: str = "E09000031"


@dataclass(frozen=True)
class Return:
    """A statutory return: its tables, and the folder with its rules (`rules/`) and shared views (`views/`).

    `module` is where it is declared as RETURN; `sources` are files, beside those in the folder, that the tables are
    declared in. Tables are asked for only when rules are compiled: compiled rules carry them. `child` is the column
    that names the child, `dates` the forms in which its files of text write dates. One that is `by_day` is made as at
    a day of one's choice: its rules are in force by the calendar year of that day, and no authority need be named.
    `workbooks` says that its tables may come as sheets of Excel workbooks. `pages` is the folder of its rules: those of
    measures are called otherwise.
    """

    name: str
    title: str
    module: str
    folder: Path
    tables: Callable[[], tuple[Table, ...]]
    sources: tuple[Path, ...] = ()
    child: str = "CHILD"
    authority: Authority = Authority()
    dates: tuple[str, ...] = (UK,)
    by_day: bool = False
    workbooks: bool = False
    pages: str = "rules"


@dataclass(frozen=True)
class DrawnRow:
    """One row of a drawn table: column to cell text (blank cells left out); `marks` name its faults."""

    table: str
    cells: dict[str, str]
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Drawing:
    """One drawn example: what is in the tables, which rows make a fault, and the columns drawn for each table."""

    rows: tuple[DrawnRow, ...]
    columns: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Document:
    """A rule or a shared view as its Markdown page says it. `last` is None while the wording is in force.

    `level` is ROW, or RETURN for a rule about the return as a whole: its query gives a row when the return is at fault;
    or MEASURE: its query gives a row for each thing that is counted, and `told` holds what else its page says of it.
    """

    path: Path
    code: str
    title: str
    is_view: bool
    first: int
    last: int | None
    source: str
    reviewed: str
    examples: int
    prose: str
    sql: str
    drawings: tuple[Drawing, ...]
    severity: str = "unverified"
    fields: tuple[tuple[str, str], ...] = ()
    optional: tuple[str, ...] = ()
    level: str = ROW
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_predicate(self) -> bool:
        """True for a condition over one table, False for a query whose columns are named for tables."""
        return re.match(r"[\s(]*(select|with)\b", self.sql, re.IGNORECASE) is None

    def in_force(self, year: int) -> bool:
        """Whether the wording counts for a collection year."""
        return self.first <= year and (self.last is None or year <= self.last)


@dataclass(frozen=True)
class CompiledRule:
    """A rule ready to run on one engine.

    `sql` is a condition when `table` is set, else a query; `outputs` are the tables its result columns name (none for a
    rule at the level of the return: any row of its result is one fault, which has no rows; all of them for a measure);
    `reads` the columns it needs of each table (through views too); `optional` the tables, and columns (`Table.COLUMN`),
    that it does without when they were not given; `views` the shared views it uses.
    """

    code: str
    title: str
    severity: str
    first: int
    last: int | None
    fields: tuple[tuple[str, str], ...]
    table: str
    sql: str
    outputs: tuple[str, ...]
    reads: dict[str, tuple[str, ...]]
    optional: tuple[str, ...]
    views: tuple[str, ...]


@dataclass(frozen=True)
class CompiledView:
    """A shared view ready to be made once before the rules that use it; `uses` are views it needs first.

    `columns` are those that rules and other views read of it: no others need be made.
    """

    name: str
    first: int
    last: int | None
    sql: str
    uses: tuple[str, ...]
    columns: tuple[str, ...] = ()

    def making(self) -> str:
        """The statement that makes it as a table."""
        columns = ", ".join(f'"{name}"' for name in self.columns) or "*"
        return f'create or replace table "{self.name}" as select {columns} from ({self.sql})'


@dataclass(frozen=True)
class RuleSet:
    """What one return's documents compile to for one engine. `sent`: date columns whose text as sent is read."""

    name: str
    engine: str
    tables: tuple[Table, ...]
    rules: tuple[CompiledRule, ...]
    views: tuple[CompiledView, ...]
    sent: tuple[tuple[str, str], ...]

    def year(self, year: int) -> RuleSet:
        """Only what is in force for a collection year."""
        rules = tuple(r for r in self.rules if r.first <= year and (r.last is None or year <= r.last))
        views = tuple(v for v in self.views if v.first <= year and (v.last is None or year <= v.last))
        return RuleSet(self.name, self.engine, self.tables, rules, views, self.sent)

    def all_tables(self) -> dict[str, Table]:
        """This year's and last year's tables by name."""
        return with_last_year(self.tables)


class Fault(NamedTuple):
    """One fault a rule found: the table rows that together make it, as (table, row number), each once, sorted.

    A fault of the return as a whole has no rows.
    """

    code: str
    rows: tuple[tuple[str, int], ...]


@dataclass
class Outcome:
    """What running a set of rules gave. Each rule of the set is either in `ran` or in `not_run`."""

    faults: list[Fault] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    not_run: dict[str, str] = field(default_factory=dict)
