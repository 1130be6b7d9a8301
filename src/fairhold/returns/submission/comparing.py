"""A build beside the files that were delivered: does the record give back what came in, and if not, why not."""

from __future__ import annotations

from dataclasses import dataclass

from fairhold.access import Scope, verb
from fairhold.returns import declared, guarded
from fairhold.returns.building import builder, comparing, explaining
from fairhold.returns.building.difference import CHANGED, Difference, Differences, Sets
from fairhold.returns.building.domain import Built
from fairhold.returns.files import CannotRun
from fairhold.returns.guarded import WITHHELD, Sight
from fairhold.returns.reading import Inputs
from fairhold.returns.submission import queries
from fairhold.returns.submission.builds import single, take
from fairhold.returns.submission.domain import Build
from fairhold.returns.submission.freezing import again
from fairhold.returns.workspace import material, taking
from fairhold.returns.workspace.domain import PRODUCTION
from fairhold.returns.workspace.identity import identities
from fairhold.returns.workspace.seeing import known


@dataclass(frozen=True)
class Compared:
    """What differs. `rows` and `counts` are over every child; `found` are the differences that may be seen, `withheld`
    counts the others. `deliveries`: table → the delivery it was compared with."""

    build: Build
    deliveries: dict[str, int]
    rows: dict[str, tuple[int, int, int]]
    counts: dict[str, int]
    unexplained: int
    found: list[Difference]
    withheld: int


@verb("returns.compare-delivered")
def compare(scope: Scope, *, build: int) -> Compared:
    """Every difference between a build and the newest delivered files of its year, each with a reason of the list."""
    return _compared(scope, build)


@verb("returns.compare-delivered")
def take_away(scope: Scope, *, build: int) -> tuple[Compared, bytes]:
    """The same, and the differences that may be seen as CSV, which is kept as a classified output."""
    found = _compared(scope, build)
    data = taking.comma_separated(_HEAD, map(_cells, found.found))
    scope.tell(file=taking.keep(scope, data, "return-comparison"))
    return found, data


_HEAD = ("table", "what", "child", "column", "delivered", "built", "line", "row", "reason", "sentence", "why")


def _cells(one: Difference) -> tuple[object, ...]:
    said = (one.table, one.what, one.child, one.column, one.delivered, one.built, one.line, one.row)
    return (*said, one.reason.value, one.reason.sentence, one.why)


def _compared(scope: Scope, build: int) -> Compared:
    of = queries.build(scope, build)
    with scope.under(PRODUCTION):
        made = again(scope, of)
        given = material.Material(Inputs(declared(of.name)))
        material.take(scope, given, of.name, of.year, "")
        if not given.inputs.given:
            raise CannotRun(
                f"No file of {of.name} for the year to 31 March {of.year} was delivered to compare build {build} with."
            )
        found = _compare(scope, made, given)
    shown, subjects = _shown(scope, found.found, given.known_by)
    scope.concerns(subjects)
    scope.tell(build=build, differences=len(found.found), unexplained=found.unexplained, shown=len(shown))
    withheld = len(found.found) - len(shown)
    return Compared(of, given.sources, found.rows, found.counts, found.unexplained, shown, withheld)


def _compare(scope: Scope, made: Built, given: material.Material) -> Differences:
    name, year = made.name, made.as_at.year
    inputs = Inputs(declared(name))
    take(inputs, name, single(made.files))
    sets = Sets(
        delivered=given.inputs.given,
        built=inputs.given,
        every=builder.everything(scope, name, made.as_at),
        parts={part.table: part for part in builder.parts(name, year)},
        declared={table.name: table for table in declared(name).tables()},
    )
    found = comparing.compare(sets, identities(name))
    explaining.explain(scope, made, sets, given.sources, found)
    return found


def _shown(scope: Scope, found: list[Difference], sources: set[int]) -> tuple[list[Difference], list[int]]:
    """The differences whose children the scope's purpose may see, protected addresses withheld; and their subjects."""
    of = known(scope, {one.child for one in found if one.child}, sources)
    masked = frozenset(child for child, (_, guard) in of.items() if guard and not scope.purpose.protected)
    sight = Sight(frozenset(of), masked)
    shown = [one for one in found if not one.child or one.child in sight.seen]
    for one in shown:
        if one.what == CHANGED and one.child in masked and (one.table, one.column) in guarded.address_columns():
            one.delivered, one.built = (WITHHELD if text else "" for text in (one.delivered, one.built))
    return shown, [subject for subject, _ in of.values()]
