"""What each step of the daily run calls. A step may be killed anywhere and run again: the verbs do nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fairhold import identity, intake, notice, record, retention  # noqa: F401  (the record follows intake)
from fairhold.access import Opens, Scope, audit
from fairhold.sharing import collecting, deletions, emergency, lapsing, recalls, recurring, renewals, withdrawn
from fairhold.sharing.emergency import rows


@dataclass(frozen=True)
class Done:
    """What a step did, in counts; `wrong` are the sentences of what it could not do."""

    counts: Mapping[str, int]
    wrong: tuple[str, ...] = ()


Step = Callable[[Opens], Done]


def _verb(counts: Callable[[Scope], Mapping[str, int]]) -> Step:
    """A step of one verb in one transaction."""

    def step(opens: Opens) -> Done:
        with opens() as scope:
            return Done(counts(scope))

    return step


def _emergencies(opens: Opens) -> Done:
    found = emergency.taken(opens())
    return Done({"entries": len(found.done), "new": found.new}, found.wrong)


def _matching(scope: Scope) -> Mapping[str, int]:
    made = identity.link_all(scope)
    return {"joined": sum(made.links.values()), "doubts": sum(made.doubts.values())}


def _schedules(opens: Opens) -> Done:
    done = recurring.run_due(opens)
    wrong = tuple(f"Schedule {one.schedule}: {one.said}" for one in done if not one.good)
    made = {one.share for one in done if one.good}
    return Done({"shares": len(made)}, wrong)


def _answers(scope: Scope) -> Mapping[str, int]:
    return {"without an answer": sum(one.acknowledged_at is None for one in recalls.notices(scope))}


def _disposal(scope: Scope) -> Mapping[str, int]:
    return {status.name.lower().replace("_", " "): count for status, count in retention.notice(scope).items()}


def _ledger(opens: Opens) -> Done:
    with opens() as scope:
        verdict = audit.verify(scope)
        if verdict.ok:  # what is not as it was signed is not signed again
            audit.checkpoint(scope)
    return Done({"events": verdict.size}, () if verdict.ok else (verdict.sentence(),))


STEPS: dict[str, Step] = {
    "emergencies": _emergencies,
    "policy": _verb(lambda scope: {"rows": rows.copy(scope)}),
    "notice": _verb(lambda scope: {"written": int(notice.settle(scope))}),
    "matching": _verb(_matching),
    "feeds": _verb(lambda scope: {"late": intake.notice(scope)}),
    "renewals": _verb(lambda scope: {"to ask": renewals.renewals(scope)}),
    "lapsed": _verb(lambda scope: {"taken off": lapsing.lapsed(scope)}),
    "schedules": _schedules,
    "unfetched": _verb(lambda scope: {"packages": collecting.unfetched(scope)}),
    "withdrawn": _verb(lambda scope: {"rows": len(withdrawn.notices_due(scope))}),
    "corrected": _verb(lambda scope: {"rows": len(withdrawn.corrections_due(scope))}),
    "answers": _verb(_answers),
    "deletions": _verb(lambda scope: {"files": len(deletions.due(scope))}),
    "disposal": _verb(_disposal),
    "ledger": _ledger,
}
"""By the name of the step, as `access/data/daily.csv` lists them; a house test holds the two together."""
