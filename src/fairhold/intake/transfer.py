"""Transfer files: one school's pupils as on the day in the header."""

from __future__ import annotations

from datetime import datetime

from fairhold.dates import clock
from fairhold.facts import Encoder
from fairhold.formats import Reading, Row
from fairhold.intake.domain import Aside, Prepared, Sender, wrong_year
from fairhold.intake.keys import pupil_keys

KIND = "ctf"


class Transfer:
    """A transfer file; its pupils are known by a number that checks itself, else by names and birth date."""

    kind = KIND
    same_child = "Another pupil of this file has the same names and birth date, and neither a UPN: the first is in."
    links = None

    def begin(self, made: Prepared, reading: Reading) -> tuple[str, str] | None:
        """Sender and instant are in the header."""
        header = reading.header
        made.sender = Sender("school", header.get("SourceSchool/LEA"), header.get("SourceSchool/Estab"))
        try:
            made.at = datetime.fromisoformat(header.get("DateTime", "")).replace(tzinfo=None)
        except ValueError:
            return "no-date", "The header's DateTime is missing or is no date: ask the sender to export the file again."
        reason = wrong_year(header.get("SourceSchool/AcademicYear"), made.at, clock.today())
        return ("wrong-year", reason) if reason else None

    def take(self, encoder: Encoder, row: Row) -> Aside | None:
        """A pupil that the reader let through goes in."""
        key, also = pupil_keys(row.values)
        encoder.child(row.row, row.line, key, also, row.values)
        return None
