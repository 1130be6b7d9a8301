"""Where a built row comes from: for each part of it the delivery and the line that told it."""

from __future__ import annotations

from dataclasses import dataclass

from fairhold import catalogue
from fairhold.access import Scope, verb
from fairhold.returns.building.domain import Table
from fairhold.returns.submission import queries
from fairhold.returns.submission.domain import SubmissionError
from fairhold.returns.submission.freezing import again
from fairhold.returns.workspace.domain import PRODUCTION


@dataclass(frozen=True)
class Origin:
    """One part of a row, in words, with the delivery and line that told it; None where nobody tells it."""

    what: str
    delivery: int | None
    line: int | None


@verb("returns.trace")
def trace(scope: Scope, *, build: int, table: str, row: int) -> list[Origin]:
    """The origins of one row of a built table, counted from 1. A row about a child whom the purpose may not see is
    refused like one that is not there."""
    of = queries.build(scope, build)
    with scope.under(PRODUCTION):
        tables = again(scope, of).tables
    if table not in tables:
        raise SubmissionError(f"{of.name} has no table {table}: it has {', '.join(tables)}.")
    found = tables[table]
    subject = found.subjects[row - 1] if 0 < row <= len(found.rows) else 0
    if not scope.value("select 1 from system.subject where id = %s", (subject,)):
        raise SubmissionError(f"There is no row {row} of {table} that your purpose may see.")
    scope.concerns([subject])
    scope.tell(build=build, row=row)
    return _origins(found, row)


def _origins(table: Table, row: int) -> list[Origin]:
    told = zip(table.groups, table.origins[row - 1], strict=True)
    return [Origin(_words(group), delivery, line) for group, (delivery, line) in told]


def _words(group: str) -> str:
    """What a group of columns is about, in the words of the catalogue."""
    schema, name, *field = group.split(".")
    of = catalogue.table(f"{schema}.{name}")
    titles = {one.name: one.title for one in of.fields}
    return f"{of.title}: {titles[field[0]]}" if field and field[0] in titles else of.title
