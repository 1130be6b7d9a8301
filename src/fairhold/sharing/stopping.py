"""The urgent stop: one act and nothing more goes to a body, or under one agreement; only two people lift it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fairhold import work
from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.sharing.facts import said
from fairhold.sharing.shares import ShareError

LIFT = "share.lift-stop"


@dataclass(frozen=True)
class Stop:
    """A stop of a body (`agreement` None) or of one agreement with it; it stands until `lifted_at`."""

    id: int
    partner: int
    agreement: int | None
    why: str
    made_by: int
    made_at: datetime
    lift_asked_by: int | None
    lifted_at: datetime | None


@verb("shares.stop-recipient")
def stop(scope: Scope, *, partner: int, why: str, agreement: int | None = None) -> Stop:
    """Stop everything that goes to a body, or under one agreement with it, at once.

    Its agreements count as suspended, its shares that have not arrived are refused, its schedules have ended.
    """
    if not said(why):
        raise ShareError("Say why nothing may go to this recipient any more.")
    if not scope.value("select 1 from system.share_partner where id = %s", (partner,)):
        raise ShareError("There is no such recipient: see the list of recipients.")
    if agreement is not None and not scope.value(
        "select 1 from system.share_agreement where id = %s and partner_id = %s", (agreement, partner)
    ):
        raise ShareError("There is no such agreement with this recipient.")
    number: int = scope.value(
        "insert into system.share_stop (partner_id, agreement_id, why, made_by, made_at) values (%s, %s, %s, %s, %s)"
        " returning id",
        (partner, agreement, why.strip(), scope.actor.id, clock.now()),
    )
    scope.tell(stop=number, partner=partner)
    work.raise_item(
        scope,
        kind=LIFT,
        key=str(number),
        title=f"Recipient {partner} is stopped: find out why, and lift the stop only when it is safe",
        role="ig-officer",
        room="sharing",
        link="/shares/recipients/",
    )
    return _find(scope, number)


@verb("shares.lift-stop")
def lift(scope: Scope, *, stop: int) -> Stop:
    """Want a stop lifted: the first person's wish waits, a second person's lifts it. What it refused stays refused."""
    found = _find(scope, stop)
    if found.lifted_at is not None:
        raise ShareError("This stop is lifted already.")
    if found.lift_asked_by is None:
        scope.run(
            "update system.share_stop set lift_asked_by = %s, lift_asked_at = %s where id = %s",
            (scope.actor.id, clock.now(), stop),
        )
    elif found.lift_asked_by == scope.actor.id:
        raise ShareError("You asked for this yourself: a second person must want it too.")
    else:
        scope.run(
            "update system.share_stop set lifted_by = %s, lifted_at = %s where id = %s",
            (scope.actor.id, clock.now(), stop),
        )
        work.close(scope, LIFT, str(stop))
    scope.tell(stop=stop)
    return _find(scope, stop)


@verb("shares.list-stops")
def standing(scope: Scope) -> list[Stop]:
    """The stops that stand, the newest first."""
    rows = scope.rows(f"{_STOPS} where lifted_at is null order by id desc")
    return [Stop(*row.values()) for row in rows]


def check(scope: Scope, *, partner: int, agreement: int | None) -> None:
    """Raise while a stop stands against this body, or against the agreement."""
    if scope.value(
        "select 1 from system.share_stop where partner_id = %s and lifted_at is null"
        " and (agreement_id is null or agreement_id = %s)",
        (partner, agreement),
    ):
        raise ShareError("This recipient is stopped: nothing goes to it until two people have lifted the stop.")


_STOPS = (
    "select id, partner_id as partner, agreement_id as agreement, why, made_by, made_at, lift_asked_by, lifted_at"
    " from system.share_stop"
)


def _find(scope: Scope, number: int) -> Stop:
    row = scope.one(f"{_STOPS} where id = %s", (number,))
    if row is None:
        raise ShareError("There is no such stop: see the list of recipients.")
    return Stop(*row.values())
