"""What was agreed with a body that receives data: for what, on which basis, which fields, how, until when, who signed.

An agreement narrows what the gate allows: a field or a way to send that it does not name is held, and so is everything
once the day for a new look at it has passed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from fairhold.access import Row, Scope, verb
from fairhold.dates import clock
from fairhold.sharing import flows
from fairhold.sharing.domain import Hold, Holds
from fairhold.sharing.shares import ShareError

YEAR = timedelta(days=365)
OLDEST = 100  # no agreement keeps anything beyond this birthday


@dataclass(frozen=True)
class Terms:
    """What stands in an agreement beside its period. None where the policy's own lists are the terms.

    `basis` are numbers of the register of law; `cadence` how often (once, weekly, termly, case by case …); `roles` who
    is controller or processor; `onward` whether the recipient may pass it on; `signatories` for both sides.
    `keeps_days` or `keeps_to_age` (a birthday of each child): how long it keeps what it gets, as far as can be counted.
    """

    fields: tuple[str, ...] | None = None
    channel: str | None = None
    basis: tuple[str, ...] = ()
    population: str = ""
    cadence: str = ""
    roles: str = ""
    onward: str = "not to be passed on"
    other_parties: str = ""
    signatories: str = ""
    contacts: str = ""
    review_by: date | None = None
    keeps_days: int | None = None
    keeps_to_age: int | None = None

    def check_keeping(self) -> None:
        """Raise unless what is counted of how long it is kept makes sense."""
        days, age = self.keeps_days, self.keeps_to_age
        if (days is not None and age is not None) or days == 0 or (days or 0) < 0 or not 0 < (age or 1) <= OLDEST:
            raise ShareError(
                "Count how long it is kept either in days or as a birthday, from the 1st to the 100th.", at="keeps_days"
            )


@dataclass(frozen=True)
class Agreement:
    """What was agreed. Half-open: in force from `from_date` until the day before `to_date`; None leaves it open.

    `review_by`: the day by which it must have been looked at again; from that day on nothing leaves under it.
    """

    id: int
    partner: int
    purpose: str
    from_date: date
    to_date: date | None
    suspended: bool
    keeps: str
    terms: Terms = Terms()

    def in_request(self, recipient: str) -> dict[str, Any]:
        """The agreement as a request to the gate says it."""
        return {
            "id": str(self.id),
            "recipient": recipient,
            "purpose": self.purpose,
            "from": self.from_date.isoformat(),
            "to": None if self.to_date is None else self.to_date.isoformat(),
            "suspended": self.suspended,
        }

    def holds(self, *, asked: Iterable[str], channel: str, on: date) -> Holds:
        """What the agreement holds back of the fields asked, sent this way on this day."""
        terms = self.terms
        if terms.review_by is not None and terms.review_by <= on:
            return frozenset({(None, Hold.REVIEW)})
        if terms.channel is not None and terms.channel != channel:
            return frozenset({(None, Hold.TERMS)})
        if terms.fields is None:
            return frozenset()
        return frozenset((name, Hold.TERMS) for name in asked if name not in terms.fields)


@verb("shares.add-agreement")
def add_agreement(
    scope: Scope,
    *,
    partner: int,
    from_date: date,
    to_date: date | None,
    keeps: str,
    terms: Terms | None = None,
    purpose: str | None = None,
) -> int:
    """Record an agreement with a body for a purpose of its kind. `keeps` says how long it keeps what it gets.

    Without a purpose it is the first a body of its kind can be asked for. Without a day for a new look at it, that is
    a year after it begins, or the day it ends.
    """
    kind = scope.value("select kind from system.share_partner where id = %s", (partner,))
    if kind is None:
        raise ShareError("There is no such recipient: see the list of recipients.")
    if not keeps.strip():
        raise ShareError("Say how long the recipient keeps what it gets: the notice promises that we know.")
    if to_date is not None and to_date <= from_date:
        raise ShareError("The agreement ends before it begins: correct one of the two dates.")
    agreed = terms or Terms()
    agreed.check_keeping()
    review = agreed.review_by or to_date or from_date + YEAR
    if review <= from_date:
        raise ShareError("The day for a new look at the agreement comes before it begins: correct one of the two.")
    serves = flows.purposes(scope, kind)
    purpose = purpose or serves[0]
    if purpose not in serves:
        raise ShareError(f"The purpose of this agreement is one of: {', '.join(serves)}.")
    same = "select id from system.share_agreement where partner_id = %s and purpose = %s and from_date = %s"
    found: int | None = scope.value(same, (partner, purpose, from_date))
    if found is None:
        found = _insert(
            scope, (partner, purpose, from_date, to_date, keeps, scope.actor.id, clock.now()), agreed, review
        )
    scope.tell(agreement=found, partner=partner)
    return found


def _insert(scope: Scope, values: tuple[Any, ...], terms: Terms, review: date) -> int:
    told = {one.name: getattr(terms, one.name) for one in fields(Terms)} | {"review_by": review}
    told |= {"basis": list(terms.basis), "fields": None if terms.fields is None else list(terms.fields)}
    number: int = scope.value(
        "insert into system.share_agreement (partner_id, purpose, from_date, to_date, keeps, added_by, added_at,"
        f" {', '.join(told)}) values (%s, %s, %s, %s, %s, %s, %s, {', '.join(['%s'] * len(told))}) returning id",
        (*values, *told.values()),
    )
    return number


@verb("shares.review-agreement")
def review(
    scope: Scope,
    *,
    agreement: int,
    review_by: date,
    note: str,
    keeps: str = "",
    keeps_days: int | None = None,
    keeps_to_age: int | None = None,
) -> None:
    """Keep that an agreement was looked at again, and by which day it must be the next time.

    `keeps`, in words, with `keeps_days` or `keeps_to_age`: how long the recipient keeps what it gets from now on. Empty
    leaves that as it was agreed; what has gone already keeps its own day.
    """
    if review_by <= scope.day:
        raise ShareError("The next look at an agreement lies after today: correct the day.", at="review_by")
    if not note.strip():
        raise ShareError("Say what the look at the agreement found.", at="note")
    Terms(keeps_days=keeps_days, keeps_to_age=keeps_to_age).check_keeping()
    if (keeps_days or keeps_to_age) and not keeps.strip():
        raise ShareError("Say in words too how long it is kept: that is what families read.", at="keeps")
    changed = scope.run(
        "update system.share_agreement set review_by = %s, review_note = %s where id = %s", (review_by, note, agreement)
    )
    if not changed:
        raise ShareError("There is no such agreement: see the list of recipients.")
    if keeps.strip():
        scope.run(
            "update system.share_agreement set keeps = %s, keeps_days = %s, keeps_to_age = %s where id = %s",
            (keeps.strip(), keeps_days, keeps_to_age, agreement),
        )
    scope.tell(agreement=agreement, keeping=int(bool(keeps.strip())))


@verb("shares.suspend-agreement")
def suspend(scope: Scope, *, agreement: int, suspended: bool) -> None:
    """Put an agreement on hold, or in force again. From then on the gate decides by it."""
    if not scope.run("update system.share_agreement set suspended = %s where id = %s", (suspended, agreement)):
        raise ShareError("There is no such agreement: see the list of recipients.")
    scope.tell(agreement=agreement, suspended=int(suspended))


# An urgent stop suspends too, until two people have lifted it.
_STOPPED = (
    "exists (select from system.share_stop s where s.partner_id = a.partner_id and s.lifted_at is null"
    " and (s.agreement_id is null or s.agreement_id = a.id))"
)


def agreements(scope: Scope, partner: int) -> list[Agreement]:
    """The agreements with a body, the newest first."""
    rows = scope.rows(
        f"select a.*, {_STOPPED} as stopped from system.share_agreement a where partner_id = %s"
        " order by from_date desc, id desc",
        (partner,),
    )
    return [_agreement(row) for row in rows]


@verb("shares.list-agreements")
def every(scope: Scope) -> list[tuple[str, Agreement]]:
    """Every agreement with the name of the body, the one to be looked at first at the top."""
    rows = scope.rows(
        f"select a.*, {_STOPPED} as stopped, p.name from system.share_agreement a"
        " join system.share_partner p on p.id = a.partner_id order by a.review_by, a.id"
    )
    return [(row["name"], _agreement(row)) for row in rows]


def _agreement(row: Row) -> Agreement:
    told = {one.name: row[one.name] for one in fields(Terms)}
    told |= {"basis": tuple(row["basis"]), "fields": None if row["fields"] is None else tuple(row["fields"])}
    return Agreement(
        id=row["id"],
        partner=row["partner_id"],
        purpose=row["purpose"],
        from_date=row["from_date"],
        to_date=row["to_date"],
        suspended=row["suspended"] or row["stopped"],
        keeps=row["keeps"],
        terms=Terms(**told),
    )
