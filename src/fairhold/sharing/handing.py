"""Ways to send that Fairhold has no wire to: a person takes the encrypted package there, and keeps the receipt."""

from __future__ import annotations

from fairhold import work
from fairhold.access import Note, Scope, verb
from fairhold.dates import clock
from fairhold.sharing import queries
from fairhold.sharing.facts import said
from fairhold.sharing.sending import BY_ITSELF, ready
from fairhold.sharing.shares import Share, ShareError, State


@verb("shares.take")
def take(scope: Scope, *, share: int) -> tuple[str, bytes]:
    """The name and the bytes of the package, to be taken to the recipient by hand on the way that was decided."""
    found = _by_hand(scope, share)
    name, data, sha256 = ready(scope, found)
    subjects = queries.subjects_on(scope, share)
    scope.record("shares.leaving", Note(subjects, {"share": share, "sha256": sha256, "channel": found.channel}))
    scope.concerns(subjects)
    scope.tell(share=share, channel=found.channel, sha256=sha256)
    return name, data


@verb("shares.handed")
def handed(scope: Scope, *, share: int, receipt: str) -> None:
    """Keep that the package has arrived, with the receipt of the way it went (number, date, who took it)."""
    found = _by_hand(scope, share)
    if not said(receipt):
        raise ShareError("Say what the receipt is: its number or date, or who confirmed that it arrived. No names.")
    if found.state is State.SENT:
        raise ShareError("This share has arrived already: see its receipt.")
    _, data, sha256 = ready(scope, found)
    scope.run(
        "insert into system.share_transfer (share_id, arrived, said, remote, size, sent_by, at)"
        " values (%s, true, %s, %s, %s, %s, %s)",
        (share, f"By {found.channel}: {receipt.strip()}", found.channel, len(data), scope.actor.id, clock.now()),
    )
    work.close(scope, "share.send", str(share))
    scope.tell(share=share, channel=found.channel, sha256=sha256)


def _by_hand(scope: Scope, share: int) -> Share:
    found = queries.share(scope, share)
    if found.channel in BY_ITSELF:
        raise ShareError("This share goes by itself: it is not taken anywhere by hand.")
    if found.state not in (State.PACKED, State.SENT):
        raise ShareError(f"This share is {found.state.value}: pack it first.")
    return found
