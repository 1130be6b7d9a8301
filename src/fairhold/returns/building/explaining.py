"""Gives each difference its reason, from what the store knows of the deliveries: what was set aside, who told what."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from fairhold.access import Scope
from fairhold.returns.building.difference import CHANGED, ENTERED, Difference, Differences, Sets
from fairhold.returns.building.domain import AsAt, Built
from fairhold.returns.building.mapping import Told
from fairhold.returns.building.precedence import CASE_SYSTEM
from fairhold.returns.building.reasons import Reason
from fairhold.returns.building.selecting import group
from fairhold.returns.building.values import happenings

HEADER: Final = "Header"
PEOPLE: Final = "ChildIdentifiers"  # the table of a census with one row a child, in the order of the file
# Of two columns the second is silent where the first speaks.
ONE_OF_TWO: Final = {"UPNunknown": "UPN", "ExpectedPersonBirthDate": "PersonBirthDate", "UPN": "UPNunknown"}
Ranked = tuple[Any, int]  # the day a delivery speaks of, and its number


def explain(scope: Scope, built: Built, sets: Sets, sources: Mapping[str, int], found: Differences) -> None:
    """Fill in the reasons. `sources`: table → the delivery its file is."""
    known = _Known(scope, built, sets, sources)
    for one in found.found:
        if one.reason is Reason.UNEXPLAINED:
            one.reason = known.reason(one)


@dataclass(frozen=True)
class _Aside:
    """What was set aside of a delivery: a row, or with a field only what one fact table or column has of it."""

    row: int | None
    line: int
    field: str | None
    kind: str


class _Known:
    """What is known of the deliveries that a build and its files come from."""

    def __init__(self, scope: Scope, built: Built, sets: Sets, sources: Mapping[str, int]) -> None:
        self.built, self.sets, self.sources = built, sets, sources
        self.at: AsAt = built.as_at
        origins = {
            delivery for table in built.tables.values() for row in table.origins for delivery, _ in row if delivery
        }
        rows = scope.rows(
            "select d.id, d.at, s.kind from system.delivery d join system.source s on s.id = d.source_id"
            " where d.id = any(%s)",
            (sorted(origins | set(sources.values())),),
        )
        self.ranks: dict[int, Ranked] = {row["id"]: (row["at"], row["id"]) for row in rows}
        self.kinds = {row["id"]: row["kind"] for row in rows}
        self.aside: dict[int, list[_Aside]] = {}
        for row in scope.rows(
            "select delivery_id, row, line, field, kind from system.set_aside where delivery_id = any(%s)",
            (sorted(set(sources.values())),),
        ):
            self.aside.setdefault(row.pop("delivery_id"), []).append(_Aside(**row))
        self.replaced = _replaced(scope, sets, sources, self.at)

    def reason(self, one: Difference) -> Reason:
        """Why one difference is there."""
        part = self.sets.parts.get(one.table)
        if part is None:
            return Reason.HEADER if one.table == HEADER else Reason.NOT_HELD
        checks: tuple[Callable[[Difference], Reason | None], ...] = (self._set_aside, self._alone)
        if one.what == CHANGED:
            checks = (self._value, self._set_aside, self._told)
        return next((reason for check in checks if (reason := check(one)) is not None), Reason.UNEXPLAINED)

    def _set_aside(self, one: Difference) -> Reason | None:
        """Whether the row, or what the table or column has of it, was set aside."""
        part = self.sets.parts[one.table]
        facts = {told.of for told in part.columns if told.of}
        for aside in self.aside.get(self.sources.get(one.table, 0), ()):
            here = aside.row == self._child(one) if PEOPLE in self.sets.delivered else aside.line == one.line
            if here and (aside.field is None or aside.field in facts or aside.field == one.column):
                return Reason.SAME_KEY if aside.kind == "same-key" else Reason.ASIDE
        return None

    def _child(self, one: Difference) -> int | None:
        """Which child of a census, counted in the file, a line belongs to."""
        return None if one.line is None else bisect_right(self._starts, one.line)

    @cached_property
    def _starts(self) -> list[int]:
        sheet = self.sets.delivered[PEOPLE].sheet
        return [sheet.line(row) for row, _ in sheet.rows()]

    def _alone(self, one: Difference) -> Reason | None:
        """Why a row is on one side only: who told it instead, or who took it back."""
        mine = self.sources.get(one.table)
        if one.what != ENTERED:
            return Reason.SUPERSEDED if (mine, one.line) in self.replaced.get(one.table, ()) else None
        assert one.row is not None
        table, fact = self.built.tables[one.table], self.sets.parts[one.table].fact
        told = zip(table.groups, table.origins[one.row - 1], strict=True)
        of_row = [at for name, (at, _) in told if at and (fact is None or name.startswith(fact.name))]
        return self._of_others(of_row, mine)

    def _of_others(self, told: list[int], mine: int | None) -> Reason | None:
        if not told or mine in told:
            return None
        newest = max(told, key=self.ranks.__getitem__)
        if self.kinds[newest] != CASE_SYSTEM:
            return Reason.OTHER_SOURCE
        return Reason.SUPERSEDED if mine and self.ranks[newest] > self.ranks[mine] else Reason.KEPT

    def _value(self, one: Difference) -> Reason | None:
        """What the value itself tells: once a child, later than the last day, or silent beside another."""
        told = self._column(one)
        if told is None or not told.kept:
            return Reason.NOT_HELD
        part = self.sets.parts[one.table]
        if part.fact is not None and part.single(told):
            return Reason.ONCE
        if self._later(one, told):
            return Reason.LATER_DAY
        one.why = dict(part.of_some).get(one.column, "") if not one.built else ""
        if one.why:
            return Reason.NOT_OF_YEAR
        other = ONE_OF_TWO.get(one.column)
        if other and not one.built and one.row and self._cell(one, other):
            return Reason.ONE_OF_TWO
        return None

    def _later(self, one: Difference, told: Told) -> bool:
        """Whether the file says it of a day after the last."""
        if told.field is None or (told.of, told.field.name) not in happenings():
            return False
        name, before = happenings()[told.of, told.field.name]
        part = self.sets.parts[one.table]
        day = next((c.column for c in part.columns if c.of == told.of and c.field and c.field.name == name), None)
        if day is None or one.file_row is None or one.built not in ("", before):
            return False
        text = self.sets.delivered[one.table].value(one.file_row, day).strip()
        year_first = "-".join(reversed(text.split("/"))) if "/" in text else text[:10]
        return year_first > self.at.valid.isoformat()

    def _cell(self, one: Difference, column: str) -> str:
        assert one.row is not None
        table = self.built.tables[one.table]
        return table.rows[one.row - 1][table.columns.index(column)] if column in table.columns else ""

    def _column(self, one: Difference) -> Told | None:
        return next((told for told in self.sets.parts[one.table].columns if told.column == one.column), None)

    def _told(self, one: Difference) -> Reason | None:
        """Who told the value that is in the build, where this file did not."""
        told, mine = self._column(one), self.sources.get(one.table)
        if told is None or told.field is None or one.row is None:
            return None
        table = self.built.tables[one.table]
        delivery, _ = table.origins[one.row - 1][table.groups.index(group(told))]
        reason = self._of_others([delivery] if delivery else [], mine)
        # What is kept, or filled in by others, stands where the file is silent; it never overrules it.
        return None if one.delivered and reason in (Reason.KEPT, Reason.OTHER_SOURCE) else reason


def _replaced(
    scope: Scope, sets: Sets, sources: Mapping[str, int], at: AsAt
) -> dict[str, set[tuple[int | None, int | None]]]:
    """For each table: lines of its delivery whose facts are known no longer, or ended by the last day."""
    found: dict[str, set[tuple[int | None, int | None]]] = {}
    for name, delivery in sources.items():
        part = sets.parts.get(name)
        for fact in {told.of for told in part.columns if told.of} if part else ():
            rows = scope.rows(
                f"select distinct line from {fact} where delivery_id = %s and (known_until <= %s or until_date <= %s)",
                (delivery, at.known, at.valid),
            )
            found.setdefault(name, set()).update((delivery, row["line"]) for row in rows)
    return found
