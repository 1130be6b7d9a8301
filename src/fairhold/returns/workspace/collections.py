"""The year's collections: what is asked, on which law, when, who answers for it, and how ready the council is.

The register is `governance/data/collections.csv`, dated and with its source. What is not known says so there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Final

from fairhold import governance, returns
from fairhold.access import Scope, verb
from fairhold.returns.workspace.domain import Counts, Run
from fairhold.returns.workspace.runs import runs_of

NOT_FOUND: Final = "not found"
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Collection:
    """One collection as the register has it. `year` is the second of the school or financial year (2026/27 is 2027),
    or None for one that goes on from year to year.

    `statute` is the law that asks for it, `law_note` how sure that is and whether it is in force; `name` is the return
    of Fairhold that answers it, or empty; `owner` is a role, our proposal until confirmed; `status` says how far window
    and deadline are verified. Whatever is not known is "not found".
    """

    id: str
    name: str
    title: str
    year: int | None
    who: str
    reference_date: str
    opens: str
    deadline: str
    cadence: str
    statute: str
    law_note: str
    owner: str
    status: str
    source: str
    reviewed: date
    notes: str

    @property
    def window(self) -> str:
        """When it can be sent, in words."""
        return f"opens: {self.opens}; deadline: {self.deadline}"

    @property
    def due(self) -> date | None:
        """The last day named in the deadline, if any is."""
        days = _DAY.findall(self.deadline)
        return date.fromisoformat(max(days)) if days else None

    @property
    def missing(self) -> list[str]:
        """What nobody has found out yet."""
        facts = {"statute": self.statute, "opening": self.opens, "deadline": self.deadline, "owner": self.owner}
        return [what for what, said in facts.items() if said == NOT_FOUND]


@dataclass(frozen=True)
class Sent:
    """The newest frozen version of a return, and the portal's receipt for it, if there is one yet."""

    version: int
    frozen_at: datetime
    reference: str | None
    received_on: date | None

    @property
    def sentence(self) -> str:
        """How far it is."""
        if self.reference is None:
            return f"Version {self.version} is frozen and waits for the portal's receipt."
        return f"Version {self.version} was sent; receipt {self.reference} of {self.received_on}."


@dataclass(frozen=True)
class Readiness:
    """How far a collection is. `known`: Fairhold has rules for it; `files`: how many of its tables were delivered."""

    collection: Collection
    known: bool
    files: int
    newest_file: datetime | None
    run: Run | None
    counts: Counts | None
    sent: Sent | None = None

    @property
    def sentence(self) -> str:
        """Where it stands, in one sentence."""
        if not self.known:
            return "Fairhold has no rules for it yet."
        if self.sent is not None:
            if self.newest_file and self.newest_file > self.sent.frozen_at:
                return f"A file came after version {self.sent.version} was frozen: see whether another is due."
            return self.sent.sentence
        if self.run is None or self.counts is None:
            return "Delivered, not checked yet." if self.files else "Nothing was delivered yet."
        if self.newest_file and self.newest_file > self.run.made_at:
            return "A file came after the last check: check it again."
        blocking = self.counts.errors + self.counts.unverified
        return f"{self.counts.open:,} faults to put right or explain." if blocking or self.counts.open else "Ready."


@cache
def register() -> tuple[Collection, ...]:
    """Every collection of the register."""
    bases = {basis.id: basis for basis in governance.lawful_bases()}
    found = []
    for row in governance.rows("collections"):
        basis = bases.get(row["basis"])
        found.append(
            Collection(
                id=row["id"],
                name=row["return"],
                title=row["title"],
                year=int(row["year"]) if row["year"] else None,
                statute=basis.legislation if basis else NOT_FOUND,
                law_note=f"{basis.effective_note}; {basis.source}" if basis else NOT_FOUND,
                reviewed=date.fromisoformat(row["reviewed"]),
                **{field: row[field] for field in _AS_THEY_ARE},
            )
        )
    return tuple(found)


_AS_THEY_ARE = (*("who", "reference_date", "opens", "deadline", "cadence", "owner", "status", "source", "notes"),)


def of_year(year: int | None) -> list[Collection]:
    """The collections of a year, and those that go on from year to year; by their last day, the unknown ones last."""
    found = [one for one in register() if year is None or one.year in (year, None)]
    return sorted(found, key=lambda one: (one.due is None, one.due or date.max, one.title))


@verb("returns.collections")
def collections(scope: Scope, *, year: int) -> list[Readiness]:
    """The collections of a year with how ready each is."""
    delivered = {
        row["kind"]: row
        for row in scope.rows(
            "select kind, count(distinct coalesce(element, '')) as files, max(received_at) as newest"
            " from system.delivery where state = 'stored' and year = %s group by kind",
            (str(year),),
        )
    }
    newest: dict[str, tuple[Run, Counts]] = {}
    for run, counts in runs_of(scope, None, year):
        newest.setdefault(run.name, (run, counts))
    sent = _sent(scope, year)
    found = [
        replace(_ready(one, delivered.get(one.name), newest.get(one.name)), sent=sent.get(one.name))
        for one in of_year(year)
    ]
    scope.tell(rows=len(found))
    return found


def _sent(scope: Scope, year: int) -> dict[str, Sent]:
    """The newest frozen version of each return of a year, with its newest receipt."""
    rows = scope.rows(
        "select distinct on (s.name) s.name, s.version, s.frozen_at, r.reference, r.received_on"
        " from system.return_submission s left join system.return_receipt r on r.submission_id = s.id"
        " where s.year = %s order by s.name, s.version desc, r.id desc",
        (year,),
    )
    return {row.pop("name"): Sent(**row) for row in rows}


def _ready(collection: Collection, delivered: dict[str, object] | None, newest: tuple[Run, Counts] | None) -> Readiness:
    run, counts = newest or (None, None)
    return Readiness(
        collection=collection,
        known=collection.name in returns.of_years(),
        files=delivered["files"] if delivered else 0,  # type: ignore[arg-type]
        newest_file=delivered["newest"] if delivered else None,  # type: ignore[arg-type]
        run=run,
        counts=counts,
    )
