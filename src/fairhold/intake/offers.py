"""Registers of applications and offers for study after 16: what providers say on the day the file comes."""

from __future__ import annotations

from datetime import datetime, time

from fairhold.dates import clock
from fairhold.facts import Encoder
from fairhold.formats import Reading, Row, identifiers
from fairhold.formats import offers as form
from fairhold.intake.domain import Aside, Prepared, Sender

KIND = form.KIND
STATUSES = frozenset({"applied", "offered", "accepted", "declined", "withdrawn"})
_NOBODY = "The row names no child or no provider: it needs a UPN, and the provider's number. Complete it."
_NO_STATUS = f"STATUS is one of: {', '.join(sorted(STATUSES))}. Correct it."


class Offers:
    """A register; each child is known by the UPN."""

    kind = KIND
    same_child = ""
    links = None

    def begin(self, made: Prepared, reading: Reading) -> tuple[str, str] | None:
        """It comes from the council's registers and speaks of today."""
        made.sender, made.element = Sender("register"), form.TABLE
        made.at = datetime.combine(clock.today(), time())
        return None

    def take(self, encoder: Encoder, row: Row) -> Aside | None:
        """An application goes in under its child's UPN."""
        number = identifiers.tidy(row.values.get("UPN", ""))
        if identifiers.upn(number) is not identifiers.Upn.GOOD or not row.values.get("PROVIDER_NO"):
            return Aside(row.row, row.line, "UPN", "missing", _NOBODY)
        status = row.values.get("STATUS", "").lower()
        if status not in STATUSES:
            return Aside(row.row, row.line, "STATUS", "code", _NO_STATUS)
        encoder.record(row.row, row.line, form.TABLE, number, {**row.values, "UPN": number, "STATUS": status})
        return None
