"""The dry run: what would be disposed of today, why, and what blocks it. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fairhold import work
from fairhold.access import Scope, verb
from fairhold.access.scope import Row
from fairhold.retention import holds, queries
from fairhold.retention.domain import Due, Status, answer
from fairhold.retention.rules import contacts, periods, unreadable_classes

NOTICES = {
    Status.DUE: "Records due for disposal: {}",
    Status.REVIEW: "Records that wait for a person's review before disposal: {}",
    Status.UNKNOWN: "Records without a day of disposal, because a date is missing: {}",
}


@dataclass(frozen=True)
class Record:
    """One person's records of one class: the answer, and the last contact with its evidence."""

    person: int
    klass: str
    due: Due
    last_contact: date | None
    evidence: str


@dataclass(frozen=True)
class Count:
    """How many people's records of a class stand where; `earliest` is the nearest day among them."""

    klass: str
    status: Status
    people: int
    earliest: date | None


@dataclass(frozen=True)
class FileDue:
    """A kept file whose day has come."""

    file: int
    kind: str
    rule: str
    due: date
    blocked_by: tuple[str, ...]


@dataclass(frozen=True)
class DryRun:
    """The state of everything on a day. `unjudged`: classes whose tables retention may not read."""

    day: date
    counts: tuple[Count, ...]
    records: tuple[Record, ...]
    files: tuple[FileDue, ...]
    unjudged: tuple[str, ...]

    def of(self, status: Status) -> list[Record]:
        """The records that stand there, the nearest day first."""
        return [record for record in self.records if record.due.status is status]


@verb("retention.due")
def dry_run(scope: Scope) -> DryRun:
    """Judge every person and class, and every kept file, as of today."""
    in_force = holds.in_force(scope)
    _judge(scope, in_force)
    records = tuple(_record(row, scope.day) for row in queries.listed(scope, day=scope.day))
    counts = tuple(
        Count(row["klass"], Status(row["status"]), row["people"], row["earliest"])
        for row in queries.counts(scope, day=scope.day)
    )
    files = tuple(_file(row, in_force) for row in queries.files_due(scope, day=scope.day))
    scope.concerns(queries.subjects_of(scope, sorted({record.person for record in records})))
    scope.tell(due=sum(record.due.status is Status.DUE for record in records), listed=len(records), files=len(files))
    return DryRun(scope.day, counts, records, files, unreadable_classes())


@verb("retention.person")
def of_person(scope: Scope, *, person: int) -> list[Record]:
    """Every class of one person's records: when it is due and why."""
    _judge(scope, holds.in_force(scope), person)
    scope.concerns(queries.subjects_of(scope, [person]))
    return [_record(row, scope.day) for row in queries.listed(scope, day=scope.day, all_of_them=True)]


def _judge(scope: Scope, in_force: Iterable[holds.Hold], person: int | None = None) -> None:
    plain = [{"label": hold.label, "classes": hold.classes, "subjects": hold.subjects} for hold in in_force]
    queries.judge(scope, day=scope.day, in_force=plain, person=person)


def _record(row: Row, day: date) -> Record:
    rules = periods()
    applied = [rules[number] for number in row["applied"]]
    found = answer(rules[row["chosen"]], applied, row["due"], tuple(row["holds"]), day)
    evidence = _evidence(row)
    return Record(row["person"], row["klass"], found, row["last_contact"], evidence)


def _evidence(row: Row) -> str:
    if row["evidence"] is None:
        return "no contact on record"
    contact = contacts()[int(row["evidence"])]
    return f"{contact.words} ({contact.table} {row['fact_id']})"


def _file(row: Row, in_force: Iterable[holds.Hold]) -> FileDue:
    blocked = [
        hold.label
        for hold in in_force
        if hold.subjects is None and (hold.classes is None or row["retention"] in hold.classes)
    ]
    return FileDue(row["id"], row["kind"], row["retention"], row["due"], tuple(blocked))


@verb("retention.notice", daily=True)
def notice(scope: Scope) -> dict[Status, int]:
    """Put what a person must do on the work list, take off what is done; returns how many stand where."""
    _judge(scope, holds.in_force(scope))
    people = dict.fromkeys(Status, 0)
    for row in queries.counts(scope, day=scope.day):
        people[Status(row["status"])] += row["people"]
    for status, words in NOTICES.items():
        kind = f"retention.{status.name.lower()}"
        if people[status]:
            title = words.format(f"{people[status]:,}")
            work.raise_item(
                scope, kind=kind, key="all", title=title, role="ig-officer", room="retention", link="/disposal/"
            )
        else:
            work.close(scope, kind, "all")
    scope.tell(**{status.name.lower(): count for status, count in people.items()})
    return people
