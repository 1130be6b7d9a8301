"""Which fault a finding is, so that the same one is known again in the next run and the next year.

A fault is one child's by one rule: what stands in the rows at fault under the rule's fields, and what tells those rows
from the child's others. Lines do not matter: a file sorted anew has the same faults.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from fairhold.returns.checking import Checked
from fairhold.returns.findings import Finding
from fairhold.returns.workspace.identity import identities
from fairhold.rulebook.domain import LAST

_SIZE = 16
_Place = tuple[str, int, str]  # rule, group, child


@dataclass(frozen=True)
class Keyed:
    """A finding with its child and the keys of its fault. `alike` leaves the child out; None when all is blank.

    `child` is empty for a fault of the return as a whole, and for a row that names no child.
    """

    finding: Finding
    child: str
    key: bytes
    alike: bytes | None


def keyed(checked: Checked) -> list[Keyed]:
    """Every finding with the keys of its fault, in the order of the findings."""
    told = {table: _told(checked, table) for table in checked.given}
    parts: dict[_Place, list[tuple[str, ...]]] = {}
    places: list[_Place] = []
    for finding in checked.findings:
        place = (finding.rule, finding.group, finding.child.strip())
        places.append(place)
        parts.setdefault(place, []).append(tuple(_part(checked, finding, told)))
    keys = {place: _keys(place, sorted(of_place)) for place, of_place in parts.items()}
    return [Keyed(finding, place[2], *keys[place]) for finding, place in zip(checked.findings, places, strict=True)]


@dataclass(frozen=True)
class _Told:
    """By what a table's rows are told: where those columns stand, and the fields that say nothing of the fault."""

    positions: list[int]
    beside: frozenset[str]


def _told(checked: Checked, table: str) -> _Told:
    identity = identities(checked.name)[table.removesuffix(LAST)]
    positions = checked.given[table].recognised.positions
    return _Told(
        [positions[column] for column in identity.columns if column in positions],
        identity.counters | {identity.child} | set(identity.columns),
    )


def _part(checked: Checked, finding: Finding, told: Mapping[str, _Told]) -> Iterator[str]:
    """What tells one row at fault: its table, its own identity, and the values of the rule's fields but the child's."""
    yield finding.table
    if not finding.table:
        return
    by, sheet = told[finding.table], checked.given[finding.table].sheet
    if by.positions:
        cells = sheet.records[finding.row - 1].split(sheet.cell_mark)
        for position in by.positions:
            yield _plain(cells[position])
    for field, value in zip(finding.fields, finding.values, strict=True):
        if field not in by.beside:
            yield _plain(value)


def _plain(value: str) -> str:
    return value.strip().upper()


def _keys(place: _Place, rows: list[tuple[str, ...]]) -> tuple[bytes, bytes | None]:
    rule, _, child = place
    alike = "\x1e".join("\x1f".join(row) for row in rows)
    some = any(value for row in rows for value in row[1:])
    return _digest(rule, child, alike), _digest(rule, alike) if some else None


def _digest(*parts: str) -> bytes:
    return blake2b("\0".join(parts).encode(), digest_size=_SIZE).digest()
