"""Telling with nothing but this machine's disk: decided, written down sealed, and only then answered."""

from __future__ import annotations

from dataclasses import replace

from fairhold.dates import clock
from fairhold.engine.errors import EngineError
from fairhold.sharing.emergency import rows, spool
from fairhold.sharing.emergency.domain import EmergencyError, Facts
from fairhold.sharing.emergency.judging import Judgement, judge

BY_HAND = (
    "Fairhold cannot write this down. Do not wait for it: where a child is in danger, tell who must know, write down"
    " by hand what you told to whom and why, and type it in here once the disk can be written again."
)


def write_down(facts: Facts, *, teller: str, why: str) -> tuple[Judgement, spool.Entry]:
    """Decide and keep it in the spool; what may be told may be told once this returns.

    `teller` is the system's user, `why` the sentence that says what is down. Raises EmergencyError when the facts are
    not whole, or nothing can be written at all.
    """
    facts.check()
    book, decided_by = rows.standing()
    judgement = replace(judge(facts.whole(), on=clock.today(), teller=teller, book=book), decided_by=decided_by)
    document = {
        "told_at": clock.now().isoformat(),
        "teller": teller,
        "why": why,
        "facts": facts.as_json(),
        "policy_version": judgement.policy_version,
        "decided_by": decided_by,
        "by_gate": list(judgement.by_gate),
        "by_override": list(judgement.by_override),
        "refused": [one._asdict() for one in judgement.refused],
    }
    try:
        return judgement, spool.keep(document)
    except (OSError, EngineError):
        raise EmergencyError(BY_HAND) from None
