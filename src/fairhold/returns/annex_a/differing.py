"""What differs between two runs of the lists: who entered a list, who left it, which value changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fairhold.access import Scope, verb
from fairhold.returns.annex_a import runs
from fairhold.returns.annex_a.domain import ADOPTERS, CHILD, AnnexError, Made
from fairhold.returns.annex_a.handing import ADDRESS
from fairhold.returns.annex_a.runs import Run
from fairhold.returns.guarded import WITHHELD
from fairhold.returns.workspace.comparing import CHILDREN, Balance, Change, compare
from fairhold.returns.workspace.domain import PRODUCTION
from fairhold.returns.workspace.identity import Identity
from fairhold.returns.workspace.taking import Cells, keep, workbook

if TYPE_CHECKING:
    import pyarrow

# What tells one row of a child from another, where a list has several.
_BY: Final[dict[str, tuple[str, ...]]] = {
    "1": ("Date of Contact", "Contact Source"),
    "2": ("Assessment start date",),
    "3": ("Date of referral",),
    "4": ("Continuous Assessment Start Date",),
    "5": ("Strategy discussion initiating Section 47 Enquiry Start Date",),
    "10": ("Date of Decision that Child Should be Placed for Adoption",),
}
_BALANCE = ("list", "before", "left", "entered", "changed", "same", "after")
_CHANGE = ("list", "what", "child or adopter", "column", "before", "after")


@dataclass(frozen=True)
class Difference:
    """Two runs compared. `balances` reckon with everybody, children first; `changes` are those one may see, `withheld`
    counts the others."""

    before: Run
    after: Run
    balances: list[Balance]
    changes: list[Change]
    withheld: int


@verb("annex-a.compare")
def difference(scope: Scope, *, before: int | None = None, after: int | None = None) -> Difference:
    """Compare two runs; without numbers the newest with the one before it."""
    return _difference(scope, before, after)


@verb("annex-a.export-difference")
def export_difference(scope: Scope, *, before: int | None = None, after: int | None = None) -> tuple[Difference, bytes]:
    """A difference with its workbook: the reckoning, and every change that may be seen."""
    found = _difference(scope, before, after)
    reckoning = [(name_of(b.what), b.before, b.left, b.entered, b.changed, b.same, b.after) for b in found.balances]
    changes = [(name_of(c.table), c.what, c.child, c.column, c.before, c.after) for c in found.changes]
    title = f"Annex A: run {found.before.id} and run {found.after.id}"
    sheets: dict[str, tuple[Cells, Sequence[Cells]]] = {
        "Reckoning": (_BALANCE, reckoning),
        "Changes": (_CHANGE, changes),
    }
    data = workbook(title, found.after.on_day.year, sheets)
    scope.tell(file=keep(scope, data, "annex-a-difference"))
    return found, data


def name_of(table: str) -> str:
    """A list, or the children of all, for people."""
    return table if table == CHILDREN else f"List {table}"


def _difference(scope: Scope, before: int | None, after: int | None) -> Difference:
    newest = runs.find(scope, after)
    if before is None:
        before = scope.value("select max(id) as id from system.annex_a_run where id < %s", (newest.id,))
        if before is None:
            raise AnnexError("There is no earlier run of the lists to compare with: make them again another day.")
    older = runs.find(scope, before)
    with scope.under(PRODUCTION):
        one, other = runs.opened(scope, older), runs.opened(scope, newest)
    balances, changes = compared(one, other)
    may, subjects = runs.sight(scope, [older, newest], (change.child for change in changes))
    shown = [change for change in changes if change.table == ADOPTERS or change.child in may.seen]
    scope.concerns(subjects)
    scope.tell(before=older.id, after=newest.id, rows=len(shown))
    masked = [_masked(change) if change.child in may.masked else change for change in shown]
    return Difference(older, newest, balances, masked, len(changes) - len(shown))


def compared(before: Mapping[str, Made], after: Mapping[str, Made]) -> tuple[list[Balance], list[Change]]:
    """The reckoning and every change; adopters are reckoned apart from children."""
    identities = {key: Identity(CHILD, _BY.get(key, ()), frozenset()) for key in {*before, *after} - {ADOPTERS}}
    children = compare(_tables(before), _tables(after), identities)
    of_adopters = {ADOPTERS: Identity("Individual adopter identifier", (), frozenset())}
    adopters = compare(_tables(before), _tables(after), of_adopters)
    balances = children.balances + [one for one in adopters.balances if one.what != CHILDREN]
    lists = sorted(balances, key=lambda one: 0 if one.what == CHILDREN else int(one.what))
    return lists, sorted(children.changes + adopters.changes, key=lambda one: int(one.table))


def _tables(made: Mapping[str, Made]) -> dict[str, pyarrow.Table]:
    import pyarrow as pa  # noqa: PLC0415

    found = {}
    for key, one in made.items():
        numbers = pa.array(range(2, len(one.rows) + 2), pa.int32())
        by_column = list(zip(*one.rows, strict=True)) or [()] * len(one.of.names)
        columns = {name: pa.array(cells, pa.string()) for name, cells in zip(one.of.names, by_column, strict=True)}
        found[key] = pa.table({"row": numbers, "line": numbers, **columns})
    return found


def _masked(change: Change) -> Change:
    if change.column not in ADDRESS:
        return change
    return replace(change, before=change.before and WITHHELD, after=change.after and WITHHELD)
