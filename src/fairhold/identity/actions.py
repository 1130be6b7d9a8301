"""The verbs of identity: run the rules, judge a doubt, undo a link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from psycopg.types.json import Jsonb

from fairhold import work
from fairhold.access import Refused, Scope, verb
from fairhold.dates import clock
from fairhold.facts.settling import writing
from fairhold.identity import matching, queries
from fairhold.identity.domain import MODEL, Built, Candidate, Matched, Undone

PROTECTING = "safeguarding"  # the one purpose under which pairs of protected children are offered
BuiltOn = Callable[[Scope, Sequence[int]], Sequence[Built]]
_built_on: list[BuiltOn] = []


def built_on(look: BuiltOn) -> BuiltOn:
    """Register a room's look for what it made of some subjects, to be listed when their link is undone."""
    _built_on.append(look)
    return look


@verb("identity.link", daily=True)
def link_all(scope: Scope) -> Matched:
    """Run the rules over what came since the last run: join what they join, put what they may not join before a person.

    Under safeguarding it only finds the pairs of protected children; nothing is joined.
    """
    writing(scope)
    protecting, now = scope.purpose.slug == PROTECTING, clock.now()
    for statement in matching.STAGES:
        scope.run(statement)
    compared = scope.run(matching.KEYS, {"after": queries.last_delivery(scope)})
    scope.run("analyze match_key")
    for statement in (matching.TWINS, matching.TWINS_BY_NUMBER, matching.PAIRS, matching.compare()):
        scope.run(statement)
    scope.run("analyze match_pair")
    scope.run(matching.VERDICT, {"protecting": protecting})
    scope.run(matching.SAME_SOURCE)
    made = scope.rows(matching.LINK, {"now": now, "model": MODEL})
    found = scope.rows(matching.DOUBT, {"now": now, "protecting": protecting})
    queries.regroup(scope, sorted({subject for row in made for subject in (row["low"], row["high"])}))
    queries.add_run(scope, now, len(made), len(found))
    _ask(scope)
    scope.tell(links=len(made), doubts=len(found), compared=compared)
    return Matched(compared, _count(row["step"] for row in made), _count(row["kind"] for row in found))


def _count(words: object) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))  # type: ignore[call-overload]


def _ask(scope: Scope) -> None:
    """Keep one item on the list of whoever judges, as long as there is something to judge."""
    role = "social-worker" if scope.purpose.slug == PROTECTING else "data-officer"
    if waiting := sum(queries.counts(scope).values()):
        title = f"{waiting} pairs of records to judge" if waiting > 1 else "1 pair of records to judge"
        work.raise_item(
            scope, kind="identity.review", key=role, title=title, role=role, room="identity", link="/identity/review"
        )
    else:
        work.close(scope, "identity.review", role)


@verb("identity.review")
def review(scope: Scope, *, kind: str | None = None, limit: int = 100) -> list[Candidate]:
    """The open doubts, both records side by side, oldest first."""
    found = queries.candidates(scope, kind=kind, limit=limit)
    scope.concerns(side.subject for one in found for side in one.sides)
    scope.tell(rows=len(found))
    return found


def _candidate(scope: Scope, number: int) -> Candidate:
    found = queries.candidates(scope, number=number)
    if not found:
        raise Refused("There is no such open pair: it may have been judged already.")
    return found[0]


@verb("identity.accept")
def accept(scope: Scope, *, candidate: int) -> int:
    """Join the two records of a doubt; returns the number of the link. What protects one then protects all."""
    found = _candidate(scope, candidate)
    low, high = (side.subject for side in found.sides)
    if _crowded(scope, low, high):
        raise Refused("A source lists these as two children: correct the source, or undo the link that is wrong.")
    writing(scope)
    evidence, now, author = found.evidence, clock.now(), str(scope.actor.id)
    kept = Jsonb({"agree": evidence.agree, "differ": evidence.differ, "missing": evidence.missing})
    number = queries.add_link(scope, low=low, high=high, evidence=kept, author=author, at=now, model=MODEL)
    queries.decide(scope, candidate, "accepted", author, now)
    queries.regroup(scope, (low, high))
    queries.share_guard(scope, queries.members(scope, low))
    _ask(scope)
    scope.concerns((low, high))
    scope.tell(link=number, candidate=candidate)
    return number


def _crowded(scope: Scope, low: int, high: int) -> bool:
    everyone = sorted({*queries.members(scope, low), *queries.members(scope, high)})
    return queries.sources(scope, everyone) < len(everyone)


@verb("identity.reject")
def reject(scope: Scope, *, candidate: int) -> None:
    """Say that the two records of a doubt are two children; the rules will not offer the pair again."""
    found = _candidate(scope, candidate)
    queries.decide(scope, candidate, "rejected", str(scope.actor.id), clock.now())
    _ask(scope)
    scope.concerns(side.subject for side in found.sides)
    scope.tell(candidate=candidate)


@verb("identity.undo")
def undo(scope: Scope, *, link: int, reason: str) -> Undone:
    """Take a link back. No fact changes; the persons are computed again, and what was built on the link is listed.

    The rules do not make the same link again. What protected the one still protects the other until a person lifts it.
    """
    if not reason.strip():
        raise Refused("Say why the two records are not one child.")
    found = queries.find_link(scope, link)
    if found is None or found.undone_at is not None:
        raise Refused("There is no such standing link.")
    together = queries.members(scope, found.low)
    writing(scope)
    queries.undo_link(scope, link, str(scope.actor.id), reason.strip(), clock.now())
    queries.regroup(scope, together)
    built = [one for look in _built_on for one in look(scope, together)]
    scope.concerns(together)
    scope.tell(link=link, built=len(built))
    return Undone(link, tuple(together), built)
