"""Which declared table a file holds, told by its columns in any order and letter case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from fairhold.rulebook.domain import Table


@dataclass(frozen=True)
class Recognised:
    """A file as a declared table: where each declared column stands (from 0), and the columns that are not declared."""

    table: Table
    positions: dict[str, int]
    extra: tuple[str, ...]


def recognise(header: Sequence[str], tables: Sequence[Table], child: str) -> Recognised | None:
    """The table whose declared columns and the header's agree best, or None when none fits.

    Agreement is the share of common columns among all of both. A table fits when at least half its columns are there,
    among them one that no other table has (a birth date alone says nothing), or when the two agree wholly. A file with
    fewer fits too when it names the child, in the column `child`, and holds no column of anything else: many rules run
    on what is there. A table that has no column to itself fits when at least half its columns are there and no other
    fits.
    """
    sent = [plain(name) for name in header]
    holders = Counter(name for table in tables for name in _sent_names(table))
    best: tuple[bool, float, Table] | None = None
    for table in tables:
        declared = _sent_names(table)
        common = declared & set(sent)
        enough = 2 * len(common) >= len(declared) or (child.upper() in common and len(common) == len(sent))
        own = any(holders[name] == 1 for name in common) or declared == set(sent)
        has_none = all(holders[name] > 1 for name in declared)
        if not enough or not (own or has_none):
            continue
        share = len(common) / len(declared | set(sent))
        if best is None or (own, share) > best[:2]:
            best = own, share, table
    return None if best is None else positions_of(best[2], header)


def plain(name: str) -> str:
    """A column's name for comparing: in capitals, one blank between words, and dashes and apostrophes of one kind."""
    return " ".join(name.upper().translate(_ALIKE).split())


_ALIKE = str.maketrans({"–": "-", "—": "-", "’": "'", "‘": "'"})


def _sent_names(table: Table) -> set[str]:
    return {plain(column.name) for column in table.columns if not column.derived}


def positions_of(table: Table, header: Sequence[str]) -> Recognised:
    """Where a table's declared columns stand in a header, in any order and case; the first of two of one name."""
    sent = [plain(name) for name in header]
    names = [column.name for column in table.columns if not column.derived]
    positions = {name: sent.index(plain(name)) for name in names if plain(name) in sent}
    taken = set(positions.values())
    extra = tuple(name.strip() for i, name in enumerate(header) if i not in taken)
    return Recognised(table, dict(sorted(positions.items())), extra)
