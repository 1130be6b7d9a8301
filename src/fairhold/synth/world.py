"""Everything that is true of the borough, before any file is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from fairhold.synth.chance import exactly, stream
from fairhold.synth.domain import Child, Fault, Options, Record, School
from fairhold.synth.lists import kinds
from fairhold.synth.numbers import Upns
from fairhold.synth.places import FULL_SIZE, Homes
from fairhold.synth.terms import year_start


@dataclass(slots=True)
class World:
    """One borough. `fridays` date the full file and the weekly ones; `start` is the school year's 1 September."""

    options: Options
    fridays: tuple[date, ...]
    schools: list[School]
    homes: Homes
    upns: Upns = field(default_factory=Upns)
    children: list[Child] = field(default_factory=list)
    extras: list[Child] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def share(self) -> float:
        """This borough's size as a share of the full one's."""
        return self.options.pupils / FULL_SIZE

    @property
    def start(self) -> date:
        """The 1 September before the full files."""
        return year_start(self.fridays[0])

    def rng(self, *what: str | int) -> Random:
        """A stream of draws for one purpose."""
        return stream(self.options.seed, *what)

    def planted(self, kind: str, eligible: int) -> int:
        """How many faults of this kind, at the asked multiple of its rate."""
        return exactly(kinds()[kind].rate * self.options.faults, eligible)

    def everyone(self) -> list[Child]:
        """Pupils first, then those who left, are on no roll or are known to social care alone."""
        return self.children + self.extras

    def add(self, child: Child) -> Child:
        """Add somebody who is not one of the asked number of pupils."""
        self.extras.append(child)
        return child

    def next_child(self) -> int:
        """The number of the next such person."""
        return len(self.children) + len(self.extras) + 1

    def record(self, child: Child, school: int, status: str, entry: date, upn: str) -> Record:
        """Put a child on a school's roll."""
        one = Record(len(self.records) + 1, child, school, status, entry, upn)
        self.records.append(one)
        return one

    def fault(
        self, kind: str, where: tuple[str, int, int], field: str, change: tuple[str, str], detail: str = ""
    ) -> None:
        """Note a planted fault: where (source, record, child), which field, the true and the written value."""
        source, record, child = where
        self.faults.append(Fault(len(self.faults) + 1, kind, source, record, child, field, *change, detail))
