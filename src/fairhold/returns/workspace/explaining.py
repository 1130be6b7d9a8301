"""Explaining faults that are no mistakes: words from a bank, given to many at once, carried on, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.returns.workspace import words
from fairhold.returns.workspace.assigning import settle, subjects_of
from fairhold.returns.workspace.domain import WorkspaceError
from fairhold.returns.workspace.selecting import Choice, chosen

REASONS: Final = {
    "right": "The values are right as they stand",
    "unknown": "The value cannot be found out",
    "rule": "The rule does not fit the case",
    "agreed": "Agreed with the collector",
}


@dataclass(frozen=True)
class Explanation:
    """One entry of the bank. `reason` is one of REASONS; `faults` counts those it stands for today in any year."""

    id: int
    name: str
    rule: str
    reason: str
    words: str
    made_by: int
    made_at: datetime
    withdrawn_at: datetime | None
    because: str | None
    faults: int


@dataclass(frozen=True)
class Explained:
    """How many faults were explained, and by which entry of the bank."""

    explanation: int
    faults: int


@verb("returns.explain")
def explain(
    scope: Scope,
    *,
    choice: Choice,
    text: str = "",
    reason: str = "right",
    explanation: int | None = None,
) -> Explained:
    """Explain the faults meant, all of one rule: with new words, or with an entry of the bank.

    What stood for them before ends. The words must not tell who a child is (WorkspaceError).
    """
    faults = chosen(scope, choice)
    rules = {one["rule"] for one in faults}
    if len(rules) != 1:
        raise WorkspaceError("No such fault is open." if not rules else "Explain the faults of one rule at a time.")
    if explanation is None:
        text = text.strip()
    else:
        text, _ = _of_bank(scope, explanation, choice.name, min(rules))
    words.check(scope, text, children={one["child"] for one in faults}, subjects=subjects_of(faults))
    number = _add(scope, choice.name, min(rules), text, reason) if explanation is None else explanation
    ids = [one["id"] for one in faults]
    _end(scope, "fault_id = any(%(faults)s)", faults=ids)
    scope.run(
        "insert into system.return_explained (fault_id, explanation_id, how, made_by, made_at, confirmed_by,"
        " confirmed_at) select id, %(explanation)s, 'given', %(me)s, %(at)s, %(me)s, %(at)s"
        " from unnest(%(faults)s::bigint[]) as id",
        {"explanation": number, "faults": ids, "me": scope.actor.id, "at": clock.now()},
    )
    settle(scope, choice.name, choice.year)
    scope.concerns(subjects_of(faults))
    scope.tell(explanation=number, rows=len(ids))
    return Explained(number, len(ids))


@verb("returns.confirm")
def confirm(scope: Scope, *, choice: Choice, holds: bool = True) -> int:
    """Confirm the explanations carried to the faults meant, or say that they do not hold any more; returns how many."""
    faults = chosen(scope, replace(choice, carried=True))
    ids = [one["id"] for one in faults]
    if holds:
        scope.run(
            "update system.return_explained set confirmed_by = %s, confirmed_at = %s"
            " where fault_id = any(%s) and ended_at is null",
            (scope.actor.id, clock.now(), ids),
        )
    else:
        _end(scope, "fault_id = any(%(faults)s)", faults=ids)
    settle(scope, choice.name, choice.year)
    scope.concerns(subjects_of(faults))
    scope.tell(rows=len(ids), holds=int(holds))
    return len(ids)


@verb("returns.withdraw")
def withdraw(scope: Scope, *, explanation: int, because: str) -> int:
    """Withdraw an entry of the bank: the faults it stands for are open again. Returns how many it stood for."""
    words.check(scope, because, children=(), subjects=())
    name = scope.value(
        "update system.return_explanation set withdrawn_by = %s, withdrawn_at = %s, because = %s"
        " where id = %s and withdrawn_at is null returning name",
        (scope.actor.id, clock.now(), because.strip(), explanation),
    )
    if name is None:
        raise WorkspaceError("There is no such explanation, or it was withdrawn before.")
    ended = _end(scope, "explanation_id = %(explanation)s", explanation=explanation)
    for row in scope.rows("select distinct year from system.return_run where name = %s", (name,)):
        settle(scope, name, row["year"])
    scope.tell(explanation=explanation, rows=ended)
    return ended


@verb("returns.explanations")
def explanations(scope: Scope, *, name: str, rule: str | None = None) -> list[Explanation]:
    """The bank of a return (or of one rule): what is in use first, what was withdrawn last."""
    rows = scope.rows(
        "select x.id, name, rule, reason, words, x.made_by, x.made_at, withdrawn_at, because,"
        " count(e.fault_id) filter (where e.ended_at is null and e.confirmed_at is not null) as faults"
        " from system.return_explanation x left join system.return_explained e on e.explanation_id = x.id"
        " where name = %(name)s and (%(rule)s::text is null or rule = %(rule)s)"
        " group by x.id order by withdrawn_at is not null, rule, x.id",
        {"name": name, "rule": rule},
    )
    scope.tell(rows=len(rows))
    return [Explanation(**row) for row in rows]


def _of_bank(scope: Scope, number: int, name: str, rule: str) -> tuple[str, str]:
    row = scope.one(
        "select words, reason from system.return_explanation"
        " where id = %s and name = %s and rule = %s and withdrawn_at is null",
        (number, name, rule),
    )
    if row is None:
        raise WorkspaceError("The bank has no such explanation for this rule, or it was withdrawn.")
    return row["words"], row["reason"]


def _add(scope: Scope, name: str, rule: str, text: str, reason: str) -> int:
    if reason not in REASONS:
        raise WorkspaceError(f"Choose a reason: {', '.join(REASONS)}.")
    number: int = scope.value(
        "insert into system.return_explanation (name, rule, reason, words, made_by, made_at)"
        " values (%s, %s, %s, %s, %s, %s) returning id",
        (name, rule, reason, text, scope.actor.id, clock.now()),
    )
    return number


def _end(scope: Scope, which: str, **params: Any) -> int:
    return scope.run(
        f"update system.return_explained set ended_by = %(me)s, ended_at = %(at)s where ended_at is null and {which}",
        {"me": scope.actor.id, "at": clock.now(), **params},
    )
