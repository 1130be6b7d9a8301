"""Shares whose time is up: nobody approved them, or they were not packed or did not arrive in time."""

from __future__ import annotations

from fairhold import work
from fairhold.access import Scope, verb
from fairhold.sharing import asked_outside, queries, requesting
from fairhold.sharing.shares import LAPSES_AFTER, Share, State

KIND = "share.lapsed"
WORDS = {
    State.LAPSED: "lapsed before it was approved",
    State.APPROVED: "lapsed before it was packed",
    State.PACKED: "did not arrive before its time was up",
}


@verb("shares.lapsed", daily=True)
def lapsed(scope: Scope) -> int:
    """Take the shares of the purpose whose time is up off the lists; who asked for one hears of it for as long again,
    or until it was asked for anew. A request of a body outside waits for an answer again. Returns how many are new."""
    mine = [one for one in queries.shares(scope) if one.works_under == scope.purpose.slug]
    gone = [one for one in mine if one.lapsed_on(scope.day)]
    closed = 0
    for one in gone:
        closed += work.close(scope, "share.approve", str(one.id)) + work.close(scope, "share.send", str(one.id))
        if one.request is not None and not any(other.request == one.request and other.id > one.id for other in mine):
            _ask_again(scope, one)
    told = [one for one in gone if (scope.day - one.as_of).days < 2 * LAPSES_AFTER and not _asked_anew(one, mine)]
    for one in told:
        work.raise_item(
            scope,
            kind=KIND,
            key=f"{scope.purpose.slug}.{one.id}",
            title=f"Share {one.id} {WORDS[one.state]}: ask for it again if it is still needed",
            role=requesting.worker(scope.purpose.slug),
            room="sharing",
            link=f"/shares/{one.id}",
        )
    prefix = f"{scope.purpose.slug}."
    work.close_others(scope, KIND, {f"{prefix}{one.id}" for one in told}, prefix=prefix)
    scope.tell(lapsed=len(gone), closed=closed)
    return closed


def _asked_anew(one: Share, mine: list[Share]) -> bool:
    return any(other.id > one.id and (other.partner, other.flow) == (one.partner, one.flow) for other in mine)


def _ask_again(scope: Scope, one: Share) -> None:
    """Put the request of a body outside before its staff again, unless it was answered."""
    assert one.request is not None
    if asked_outside.find(scope, one.request).answer is asked_outside.Answer.WAITS:
        work.raise_item(
            scope,
            kind=asked_outside.ANSWER,
            key=str(one.request),
            title=f"Answer request {one.request} of a body outside: share {one.id} made for it lapsed",
            role=asked_outside.ROLES[one.works_under],
            room="sharing",
            link=f"/shares/asked/{one.request}/",
        )
