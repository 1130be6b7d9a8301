"""What the schedules of a purpose are due for: made, packed and sent, each in a transaction of its own.

A run that was cut off is taken up by the next: what was made is sent, not made anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from fairhold.access import Opens
from fairhold.sharing import proposing, schedules, sending
from fairhold.sharing.shares import Share, ShareError, State


@dataclass(frozen=True)
class Step:
    """One thing done for a schedule, or the sentence why not; `share` is None where none could be made."""

    schedule: int
    share: int | None
    good: bool
    said: str


def run_due(opens: Opens) -> list[Step]:
    """Run every schedule of the purpose that `opens` opens. Each child is decided again."""
    with opens() as scope:
        own = [one for one in schedules.listed(scope) if one.works_under == scope.purpose.slug]
        due = [one.id for one in own if one.due(scope.day)]
    done = [_made(opens, number) for number in due]
    with opens() as scope:
        names = {one.id for one in own}
        made = [one for one in proposing.listed(scope) if one.schedule in names and not one.lapsed_on(scope.day)]
    done += [_sent(opens, one) for one in made if one.state in (State.APPROVED, State.PACKED) and _is_ours(one)]
    return done


def _is_ours(share: Share) -> bool:
    """Whether something is left for us: what does not go by SFTP is packed here and taken by a person."""
    return share.channel == "sftp" or share.state is State.APPROVED


def _made(opens: Opens, number: int) -> Step:
    try:
        with opens() as scope:
            made = schedules.run(scope, schedule=number)
    except ShareError as error:
        return Step(number, None, False, error.sentence)
    return Step(number, made.id, True, f"share {made.id} decided")


def _sent(opens: Opens, share: Share) -> Step:
    number = share.schedule or 0
    try:
        with opens() as scope:
            sending.pack(scope, share=share.id)
        if share.channel != "sftp":
            return Step(number, share.id, True, f"share {share.id} packed: somebody takes it to its recipient")
        with opens() as scope:
            attempt = sending.send(scope, share=share.id)
    except ShareError as error:
        return Step(number, share.id, False, error.sentence)
    return Step(number, share.id, bool(attempt["arrived"]), attempt["said"])
