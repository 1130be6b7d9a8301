"""What a difference between a build and the delivered files is, and what is compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fairhold.returns.building.domain import Table
from fairhold.returns.building.reasons import Reason
from fairhold.returns.building.selecting import Part
from fairhold.returns.loading import Given
from fairhold.rulebook.domain import Table as Declared

ENTERED: Final = "only in the build"
LEFT: Final = "only in the file"
CHANGED: Final = "another value"


@dataclass
class Difference:
    """A row that only one of the two has, or one value. `row` counts those of the built table, `file_row` and `line`
    those of the file; `why` adds to the reason what is special about this one."""

    what: str
    table: str
    child: str
    column: str
    delivered: str
    built: str
    file_row: int | None
    line: int | None
    row: int | None
    reason: Reason = Reason.UNEXPLAINED
    why: str = ""


@dataclass
class Differences:
    """All differences. `rows`: table → rows of the file, of the build, and pairs that say the same."""

    rows: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    found: list[Difference] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many differences have each reason."""
        return dict(sorted(Counter(one.reason.value for one in self.found).items()))

    @property
    def unexplained(self) -> int:
        """How many have none."""
        return sum(one.reason is Reason.UNEXPLAINED for one in self.found)


@dataclass(frozen=True)
class Sets:
    """What is compared: the tables as delivered and as built, and everything the record holds for them, with the rows
    of it that do not belong into the year."""

    delivered: Mapping[str, Given]
    built: Mapping[str, Given]
    every: Mapping[str, Table]
    parts: Mapping[str, Part]
    declared: Mapping[str, Declared]
