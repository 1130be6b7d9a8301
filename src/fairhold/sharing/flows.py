"""The ready-made kinds of share: for whom, about whom, under which purpose, and the least that serves it.

A flow only proposes: what may go of it is the gate's to say, child by child and field by field.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fairhold import policy
from fairhold.access import Scope, verb
from fairhold.governance import Book
from fairhold.governance.dated import Row
from fairhold.sharing.shares import ShareError


class People(StrEnum):
    """Whom a flow is about."""

    YOUNG = "young-people"  # everyone of the ages a list for youth support can be about
    LEAVERS = "school-leavers"  # of those, who has applied to the recipient
    COHORT = "cohort"  # every pupil with a year group
    CASE = "case"  # children named one by one


@dataclass(frozen=True)
class Flow:
    """One kind of share. `works_under` is the purpose that opens the record for it; `form` and `channel` come first.

    `fields` is the least set that serves the purpose. `reasons`: those of the closed list it may be asked for.
    `pseudonyms`: the rows name nobody. `schedule`: it may go again and again, where the recipient may have that too.
    """

    slug: str
    title: str
    recipients: tuple[str, ...]
    purpose: str
    works_under: str
    people: People
    forms: tuple[str, ...]
    fields: tuple[str, ...]
    channels: tuple[str, ...]
    pseudonyms: bool
    schedule: bool
    reasons: tuple[str, ...]

    @property
    def of_case(self) -> bool:
        """Whether children are named one by one."""
        return self.people is People.CASE


def in_book(book: Book, day: str) -> dict[str, Flow]:
    """The flows in force on an ISO date, by slug."""
    return {row["flow"]: _flow(row) for row in book.on("share_flows", day)}


def flows(scope: Scope) -> dict[str, Flow]:
    """The flows in force here today, by slug."""
    return in_book(policy.book(scope), scope.day.isoformat())


@verb("shares.kinds")
def kinds(scope: Scope) -> list[Flow]:
    """The ready-made kinds of share in force here today."""
    return list(flows(scope).values())


def find(scope: Scope, slug: str) -> Flow:
    """The flow with that name."""
    found = flows(scope).get(slug)
    if found is None:
        raise ShareError("There is no such kind of share: see the list of kinds.")
    return found


def of_recipient(scope: Scope, kind: str, purpose: str | None = None) -> list[Flow]:
    """The flows for one kind of recipient, those of one Fairhold purpose first where it is named."""
    found = [flow for flow in flows(scope).values() if kind in flow.recipients]
    return sorted(found, key=lambda flow: flow.works_under != purpose)


def purposes(scope: Scope, kind: str) -> tuple[str, ...]:
    """The purposes of the gate a kind of recipient can be asked for, each once."""
    return tuple(dict.fromkeys(flow.purpose for flow in of_recipient(scope, kind)))


def _flow(row: Row) -> Flow:
    return Flow(
        slug=row["flow"],
        title=row["title"],
        recipients=tuple(row["recipients"].split()),
        purpose=row["purpose"],
        works_under=row["works_under"],
        people=People(row["people"]),
        forms=tuple(row["form"].split()),
        fields=tuple(row["fields"].split()),
        channels=tuple(row["channel"].split()),
        pseudonyms=row["pseudonyms"] == "yes",
        schedule=row["schedule"] == "yes",
        reasons=tuple(row["reasons"].split()),
    )
