"""Giving faults to people, and saying which team a social worker or a child has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fairhold import work
from fairhold.access import Scope, accounts, role, verb
from fairhold.access.doors import door
from fairhold.dates import clock
from fairhold.returns.workspace import words
from fairhold.returns.workspace.domain import PRODUCTION, WorkspaceError
from fairhold.returns.workspace.explained import count_explained
from fairhold.returns.workspace.selecting import Choice, chosen

KIND = "returns.faults"
_SEES = "returns.findings"


@dataclass(frozen=True)
class Assigned:
    """How many faults were given, and to whom (an account's number)."""

    faults: int
    owner: int


@verb("returns.assign")
def assign(scope: Scope, *, choice: Choice, owner: str, note: str, due: date | None = None) -> Assigned:
    """Give the faults meant to the person who signs in under `owner`, with a word and a day; they leave who had them.

    Only faults that whoever gives them may see; for the others there is `assign_withheld`.
    """
    to = _owner(owner)
    faults = chosen(scope, choice)
    words.check(scope, note, children={one["child"] for one in faults}, subjects=subjects_of(faults))
    _give(scope, choice, faults, to, note=note, due=due)
    settle(scope, choice.name, choice.year)
    scope.concerns(subjects_of(faults))
    scope.tell(account=to.id, rows=len(faults))
    return Assigned(len(faults), to.id)


@verb("returns.assign-withheld")
def assign_withheld(
    scope: Scope, *, name: str, year: int, owner: str, note: str, due: date | None = None, rules: frozenset[str]
) -> Assigned:
    """Give the faults of children whom analysts do not see to somebody who may see them; of `rules`, or of all.

    Whoever gives them learns how many they are and nothing else.
    """
    to = _owner(owner)
    if not any(purpose.restricted and door(_SEES).opens_for(purpose.slug) for purpose in role(to.role).purposes()):
        raise WorkspaceError(
            f"A {role(to.role).title} may not see these children: name somebody who protects children."
        )
    words.check(scope, note, children=(), subjects=())
    choice = Choice(name, year, rules=rules, withheld=True)
    with scope.under(PRODUCTION):
        faults = chosen(scope, choice)
        _give(scope, choice, faults, to, note=note, due=due)
    settle(scope, name, year)
    scope.concerns(subjects_of(faults))
    scope.tell(account=to.id, rows=len(faults))
    return Assigned(len(faults), to.id)


@verb("returns.place")
def place(scope: Scope, *, team: str, workers: frozenset[str] = frozenset(), choice: Choice | None = None) -> int:
    """Say that social workers (by number) or the children of the faults meant have a team; returns how many.

    What is said of a child goes before what is said of its worker. An empty team takes the saying back.
    """
    subjects = sorted(set(subjects_of(chosen(scope, choice)))) if choice else []
    scope.run(
        "delete from system.return_team where worker = any(%s) or subject_id = any(%s)", (list(workers), subjects)
    )
    if team.strip():
        scope.run(
            "insert into system.return_team (worker, subject_id, guard, team, set_by, set_at)"
            " select worker, null, 0, %(team)s, %(me)s, %(at)s from unnest(%(workers)s::text[]) as worker"
            " union all select null, id, guard, %(team)s, %(me)s, %(at)s from system.subject"
            " where id = any(%(subjects)s)",
            {
                "team": team.strip(),
                "me": scope.actor.id,
                "at": clock.now(),
                "workers": sorted(workers),
                "subjects": subjects,
            },
        )
    scope.concerns(subjects)
    scope.tell(workers=len(workers), children=len(subjects))
    return len(workers) + len(subjects)


def settle(scope: Scope, name: str, year: int) -> None:
    """After faults were given, explained or found: what is left for each owner, and the newest run's explained faults.

    Counted over all children, so that nobody's list loses what its neighbour may not see.
    """
    with scope.under(PRODUCTION):
        count_explained(scope, name=name, year=year)
        _remind(scope, name, year)


def _remind(scope: Scope, name: str, year: int) -> None:
    """Keep one thing to do, not one a fault, on the list of each owner with faults neither fixed nor explained."""
    prefix = f"{name}:{year}:"
    rows = scope.rows(
        "select a.owner, count(*) as faults, min(a.due) as due from system.return_fault f"
        " join system.return_assignment a on a.id = f.assignment_id"
        " left join system.return_explained e on e.fault_id = f.id and e.ended_at is null"
        " where f.name = %s and f.year = %s and f.fixed_run is null and e.confirmed_at is null group by a.owner",
        (name, year),
    )
    for row in rows:
        account = accounts.by_id(row["owner"])
        if account is None:
            continue
        many = "1 fault" if row["faults"] == 1 else f"{row['faults']:,} faults"
        work.raise_item(
            scope,
            kind=KIND,
            key=f"{prefix}{row['owner']}",
            title=f"{name.upper()} {year}: {many} to put right or explain",
            role=account.role,
            room="returns",
            link="/findings/",
            due=row["due"],
            account=account.id,
        )
    work.close_others(scope, KIND, [f"{prefix}{row['owner']}" for row in rows], prefix=prefix)


def _owner(login: str) -> accounts.Account:
    found = accounts.by_login(login)
    if found is None or found.disabled:
        raise WorkspaceError("Nobody signs in under that name: see the list of accounts.")
    if not any(door(_SEES).opens_for(purpose.slug) for purpose in role(found.role).purposes()):
        raise WorkspaceError(f"A {role(found.role).title} cannot see findings, so none can be given to them.")
    return found


def _give(
    scope: Scope, choice: Choice, faults: list[dict[str, Any]], to: accounts.Account, *, note: str, due: date | None
) -> None:
    if not faults:
        return
    number = scope.value(
        "insert into system.return_assignment (name, year, owner, note, due, made_by, made_at)"
        " values (%s, %s, %s, %s, %s, %s, %s) returning id",
        (choice.name, choice.year, to.id, note.strip(), due, scope.actor.id, clock.now()),
    )
    scope.run(
        "update system.return_fault set assignment_id = %s where id = any(%s)", (number, [one["id"] for one in faults])
    )


def subjects_of(faults: list[dict[str, Any]]) -> list[int]:
    """The subjects of the children that faults are about."""
    return [one["subject_id"] for one in faults if one["subject_id"]]
