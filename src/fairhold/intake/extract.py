"""Extracts of a case system in the shape of the Standard Safeguarding Dataset: files whose records name each other.

A record is about the child it names, or about the child of the record it names. Which entities come is the sender's
choice; what a record leads to must come with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from fairhold.facts import Encoder, Links
from fairhold.facts.mapping import columns, followed
from fairhold.formats import Reading, Row, ssd
from fairhold.formats.csvread import CsvReading
from fairhold.intake.domain import CASE_SYSTEM, Aside, Prepared, Worker

KIND = ssd.KIND
PERSON = "ssd_person"
_NULL = "NULL"  # how a database's own export writes that there is no value
_NAMES = frozenset({"pers_surname", "pers_forename"})
_WORKERS = {
    "ssd_professionals": ("worker", "prof_professional_id", "prof_professional_name", "prof_professional_job_title",
                          "prof_professional_department"),
    "ssd_department": ("team", "dept_team_id", "dept_team_name", "", "dept_team_parent_id"),
}  # fmt: skip
_NO_NUMBER = "The record has no number of its own or names no child: complete it and send the extract again."
_NO_PERSON = "The child this record names is not in the extract's ssd_person: send it with the child, or correct it."
_NO_RECORD = "The record that this one names did not come with the extract, so its child is not known: send both."


class Extract:
    """The files of one extract that came together: the children in it, and what its records became.

    `children` are the numbers of the children by the column that others name a record by, and its value; `persons`
    the children of ssd_person, None where it did not come.
    """

    def __init__(self, readings: Iterable[Reading]) -> None:
        sent = {reading.table for reading in readings if isinstance(reading, CsvReading)}
        self.links: Links = {column: {} for column in followed()}
        self.children: dict[str, dict[str, str]] = {
            column: {} for entity in sent for column in ssd.referred().get(entity, ())
        }
        self.persons: set[str] | None = set() if PERSON in sent else None

    def place(self, reading: Reading | None) -> int:
        """The order in which files are read: records before those that name them; the others as they came."""
        if not isinstance(reading, CsvReading) or reading.kind != KIND:
            return -1
        return list(ssd.entities()).index(reading.table)

    def child_of(self, entity: ssd.Entity, row: Row) -> str | Aside:
        """The number of the child that a record is about, or the record set aside."""
        number = row.values.get(entity.person) if entity.person else None
        named = entity.person
        if number is None:
            leads = entity.through(row.values)
            if leads is None:
                return Aside(row.row, row.line, entity.person or None, "missing", _NO_NUMBER)
            named = leads.name
            number = self.children.get(ssd.leads_to(named), {}).get(row.values[named])
            if number is None:
                return Aside(row.row, row.line, named, "no-record", _NO_RECORD)
        if entity.name == PERSON and self.persons is not None:
            self.persons.add(number)
        if self.persons is not None and number not in self.persons:
            return Aside(row.row, row.line, named, "no-person", _NO_PERSON)
        for column in ssd.referred().get(entity.name, ()):
            if column in row.values:
                self.children[column][row.values[column]] = number
        return number


@dataclass(frozen=True)
class Part:
    """One file of an extract; `day` is the day the extract speaks of, which it does not say itself."""

    whole: Extract
    day: date
    workers: list[Worker] = field(default_factory=list)
    kind = KIND
    same_child = ""

    @property
    def links(self) -> Links:
        """What records of the extract became, for those that name them."""
        return self.whole.links

    def begin(self, made: Prepared, reading: Reading) -> tuple[str, str] | None:
        """The sender is the case system, there being one."""
        made.sender, made.element = CASE_SYSTEM, reading.table if isinstance(reading, CsvReading) else None
        made.at = datetime.combine(self.day, time())
        made.workers = self.workers
        return None

    def take(self, encoder: Encoder, row: Row) -> Aside | None:
        """A record goes in under the number of its child."""
        values = {name: text for name, text in row.values.items() if text != _NULL or name in _NAMES}
        sent = row._replace(values=values)
        if row.element in _WORKERS:
            return self._worker(sent)
        if not columns(KIND, row.element):
            return None  # nothing of this entity is held
        entity = ssd.entities()[row.element]
        if entity.record and entity.record not in values:
            return Aside(row.row, row.line, entity.record, "missing", _NO_NUMBER)
        child = self.whole.child_of(entity, sent)
        if isinstance(child, Aside):
            return child
        encoder.record(row.row, row.line, row.element, child, values)
        return None

    def _worker(self, row: Row) -> Aside | None:
        kind, number, name, title, part_of = _WORKERS[row.element]
        if number not in row.values:
            return Aside(row.row, row.line, number, "missing", _NO_NUMBER)
        told = (row.values.get(column) for column in (name, title, part_of))
        self.workers.append(Worker(row.row, row.line, kind, row.values[number], *told))
        return None
