"""The difference between two runs, or between two years, of a return; down to the child and the row it was sent in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fairhold import vault
from fairhold.access import Scope, verb
from fairhold.returns import guarded
from fairhold.returns.guarded import Sight
from fairhold.returns.workspace import runs, tables
from fairhold.returns.workspace.comparing import Balance, Change, Tables, compare
from fairhold.returns.workspace.domain import PRODUCTION, Run, WorkspaceError
from fairhold.returns.workspace.identity import identities
from fairhold.returns.workspace.seeing import sight
from fairhold.returns.workspace.taking import comma_separated, keep, workbook
from fairhold.rulebook.domain import LAST


@dataclass(frozen=True)
class Side:
    """One of two sets of tables: a run's own, or last year's as they lay beside it."""

    run: int
    last_year: bool = False


@dataclass(frozen=True)
class OfYear:
    """The newest set of a return's year: of its newest run, else as it lay beside the newest run of the year after."""

    name: str
    year: int


Where = Side | OfYear


@dataclass(frozen=True)
class Difference:
    """What differs. `balances` reckon with every child; `changes` are those of children one may see, `withheld` counts
    the others. `sources`: table → delivery, for either side."""

    name: str
    titles: tuple[str, str]
    balances: list[Balance]
    changes: list[Change]
    withheld: int
    uneven: dict[str, list[str]]
    sources: tuple[dict[str, int], dict[str, int]]


@verb("returns.compare")
def difference(scope: Scope, *, before: Where, after: Where) -> Difference:
    """Compare two sets of one return. What is shown of a child is what the purpose may see of it today."""
    return _difference(scope, before, after)


@verb("returns.export-difference")
def export_difference(scope: Scope, *, before: Where, after: Where, form: str = "xlsx") -> tuple[Difference, bytes]:
    """A difference with its file: an Excel workbook with the reckoning and every change, or the changes as CSV."""
    found = _difference(scope, before, after)
    rows = [_cells(found, change) for change in found.changes]
    if form == "csv":
        data = comma_separated(_CHANGE, rows)
    else:
        reckoning = [(b.what, b.before, b.left, b.entered, b.changed, b.same, b.after) for b in found.balances]
        head = f"{found.name}: {found.titles[0]} and {found.titles[1]}"
        data = workbook(head, 2000, {"Reckoning": (_BALANCE, reckoning), "Changes": (_CHANGE, rows)})
    scope.tell(file=keep(scope, data, "return-difference"))
    return found, data


def _cells(found: Difference, change: Change) -> tuple[object, ...]:
    lines = (change.line_before, change.line_after)
    deliveries = (side.get(change.table) if line else None for side, line in zip(found.sources, lines, strict=True))
    values = (change.column, change.before, change.after)
    return (change.what, change.table, change.child, *values, *lines, *deliveries)


_BALANCE = ("table", "before", "left", "entered", "changed", "same", "after")
_CHANGE = (
    *("what", "table", "child", "column", "before", "after"),
    *("line before", "line after", "delivery before", "delivery after"),
)


def _difference(scope: Scope, before: Where, after: Where) -> Difference:
    sides = (_side(scope, before), _side(scope, after))
    of = runs.find(scope, sides[0].run), runs.find(scope, sides[1].run)
    if of[0].name != of[1].name:
        raise WorkspaceError("The two runs are of different returns: compare two of one.")
    with scope.under(PRODUCTION):
        sets = [_tables(scope, run, side) for run, side in zip(of, sides, strict=True)]
    compared = compare(sets[0], sets[1], identities(of[0].name))
    may, subjects = sight(scope, of, (change.child for change in compared.changes))
    of_no_child = {table for table, identity in identities(of[0].name).items() if not identity.child}
    shown = [
        _masked(change, may) for change in compared.changes if change.child in may.seen or change.table in of_no_child
    ]
    scope.concerns(subjects)
    scope.tell(before=sides[0].run, after=sides[1].run, rows=len(shown))
    one, other = ((_title(run, side), _sources(run, side)) for run, side in zip(of, sides, strict=True))
    return Difference(
        name=of[0].name,
        titles=(one[0], other[0]),
        balances=compared.balances,
        changes=shown,
        withheld=len(compared.changes) - len(shown),
        uneven=compared.uneven,
        sources=(one[1], other[1]),
    )


def _side(scope: Scope, where: Where) -> Side:
    if isinstance(where, Side):
        return where
    if run := runs.newest(scope, where.name, where.year):
        return Side(run.id)
    if run := runs.newest(scope, where.name, where.year + 1):
        return Side(run.id, last_year=True)
    raise WorkspaceError(f"No run holds tables of {where.name} for {where.year}: check the return first.")


def _tables(scope: Scope, run: Run, side: Side) -> Tables:
    found = tables.unpack(vault.open(scope, run.tables_file))
    return {
        table.removesuffix(LAST): packed.declared()
        for table, packed in found.items()
        if table.endswith(LAST) == side.last_year
    }


def _title(run: Run, side: Side) -> str:
    return f"{run.year - 1}, as beside run {run.id}" if side.last_year else f"{run.year}, run {run.id}"


def _sources(run: Run, side: Side) -> dict[str, int]:
    return {
        table.removesuffix(LAST): delivery
        for table, delivery in run.deliveries.items()
        if table.endswith(LAST) == side.last_year
    }


def _masked(change: Change, may: Sight) -> Change:
    if change.child not in may.masked:
        return change
    fields = (change.column, change.column)
    before, after = guarded.values(change.table, change.child, fields, (change.before, change.after), may)
    return replace(change, before=before, after=after)
