"""“Known to us”: whether a service knows a child is one bit, and a disclosure of its own.

Two evaluations decide whether it may be said, by rows of `policy_known.csv`; neither imports the other, and where they
disagree it is not said. To whoever asks, “we do not say” is one answer, whatever stands behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fairhold import catalogue, policy, work
from fairhold.access import Note, Scope, verb
from fairhold.governance import Book
from fairhold.governance.dated import Row
from fairhold.policy.books import digest
from fairhold.sharing import declined, disclosures, known_second, queries
from fairhold.sharing.disclosures import Disclosure
from fairhold.sharing.facts import said
from fairhold.sharing.shares import ShareError


class Says(StrEnum):
    """The answer to whoever asks."""

    KNOWN = "known"
    NOT_KNOWN = "not known"
    NOT_SAID = "we do not say"


@dataclass(frozen=True)
class Asked:
    """Who asks whether a service knows a child, and why. `service` is a domain of the catalogue such as social_care."""

    recipient: str
    organisation: str
    service: str
    purpose: str
    need: str
    reference: str = ""
    officer: str = ""
    power: str = ""


def may_say(asked: Asked, book: Book, day: str) -> bool:
    """The first evaluation: whether this body may learn the bit on an ISO date. No row, no answer."""
    recipients = {row["slug"]: row for row in book.on("policy_recipients", day)}
    body = recipients.get(asked.recipient)
    if body is None or not said(asked.need):
        return False
    serves = any(
        row["purpose"] == asked.purpose and row["when"] == "always" and asked.recipient in row["recipients"].split()
        for row in book.on("policy_purposes", day)
    )
    shown = (body["reference"] != "yes" or said(asked.reference)) and (
        body["officer"] != "yes" or (said(asked.officer) and said(asked.power))
    )
    return serves and shown and row_for(asked, book, day) is not None


def row_for(asked: Asked, book: Book, day: str) -> tuple[Row, tuple[str, ...]] | None:
    """The row that permits it, and those of its laws that have begun; None where there is none."""
    begun = {row["id"] for row in book.on("lawful_bases", day) if row["commenced"] == "yes"}
    for row in book.on("policy_known", day):
        same = row["recipient"] == asked.recipient and row["service"] == asked.service
        laws = tuple(law for law in row["gateway"].split() if law in begun)
        if same and laws and asked.purpose in row["purposes"].split():
            return row, laws
    return None


@verb("shares.known")
def known(scope: Scope, *, asked: Asked, person: int | None) -> Says:
    """Whether the service knows the child, as it may be told to whoever asks; the decision is kept either way.

    `person` is None where the child asked about could not be told from others: then nothing is said.
    """
    if not (said(asked.organisation) and said(asked.need)):
        raise ShareError("Say which body asks, and why it needs to know.", at="recipient")
    book, day = policy.book(scope), scope.day.isoformat()
    first, second = may_say(asked, book, day), known_second.may_say(vars(asked), book, day)
    if first != second:
        scope.record("shares.alarm", Note(detail={"known": asked.service[:40]}))
        work.raise_item(
            scope,
            kind="share.alarm",
            key=f"known:{asked.service[:40]}",
            title="The two evaluations disagreed on whether it may be said that a child is known; nothing was said",
            role="ig-officer",
            room="sharing",
            link="/policy/rows/policy_known/",
        )
    row = row_for(asked, book, day)
    sure = row is not None and ("policy_known", digest(row[0])) not in policy.unconfirmed(scope)
    subjects = [] if person is None else queries.subjects_of(scope, [person])
    bit = _bit(scope, asked.service, subjects)
    scope.concerns(subjects)
    if not (first and second and sure and bit is not None):
        declined.keep(
            scope,
            recipient=asked.recipient,
            organisation=asked.organisation,
            fields=(f"known to {asked.service}",),
            by="gate",
            reason="It was not said whether the child is known.",
            rules=("K01.default",) if not (first and second and sure) else ("K02.nobody",),
            subject=person if subjects and bit is not None else None,
        )
        scope.tell(said=0)
        return Says.NOT_SAID
    assert row is not None
    assert person is not None
    _log(scope, asked, row[1], person)
    scope.tell(said=1)
    return Says.KNOWN if bit else Says.NOT_KNOWN


def _bit(scope: Scope, service: str, subjects: list[int]) -> bool | None:
    """Whether any table of the service's domain holds the child; None where the child or the service is not known."""
    tables = [
        table.name for table in catalogue.tables() if table.domain == service and scope.purpose.slug in table.purposes
    ]
    here = subjects and scope.value(
        "select exists (select from people.name where subject_id = any(%s) and known_until = 'infinity')", (subjects,)
    )
    if not tables or not here:
        return None
    if any(_guard(scope, subject) > 1 for subject in subjects):
        return None  # of a restricted record nothing is said on the telephone
    union = " union all ".join(
        f"select 1 from {name} where subject_id = any(%(subjects)s) and known_until = 'infinity'" for name in tables
    )
    return bool(scope.value(f"select exists ({union})", {"subjects": subjects}))


def _log(scope: Scope, asked: Asked, laws: tuple[str, ...], person: int) -> None:
    """One line of the log of what left. That a child stands in it tells that we were asked, and by whom."""
    number = scope.value("select count(*) + 1 from system.disclosure where kind = 'known'")
    disclosures.record(
        scope,
        disclosure=Disclosure(
            kind=disclosures.Kind.KNOWN,
            source=f"known {number}",
            recipient=asked.recipient,
            name=asked.organisation,
            purpose=asked.purpose,
            need=asked.need,
            basis=laws,
            items=(f"known to {asked.service}",),
            care=asked.service == "social_care",
            reason="safety",
            reference=asked.reference or None,
            arrived=scope.day,
        ),
        children=[(person, _guard(scope, person))],
    )


def _guard(scope: Scope, person: int) -> int:
    found: int | None = scope.value("select max(guard) from people.name where subject_id = %s", (person,))
    return found or 0
