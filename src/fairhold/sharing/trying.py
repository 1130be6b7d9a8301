"""Trying a case: the answer to a made-up request, and which single fact, were it otherwise, would change it.

What would change is found by doing: one fact at a time is turned, and both evaluators decide again. Nothing is kept of
a trial but that it was made.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fairhold import policy
from fairhold.access import Scope, verb
from fairhold.dates import birthdays
from fairhold.sharing import ruling, shape, tables
from fairhold.sharing.domain import Answer, Request
from fairhold.sharing.tables import Edition

LINKS = {
    "enrolled_at": "on the roll there", "placed_with": "placed there", "applied_to": "has applied there",
    "linked_councils": "linked with that council",
}  # fmt: skip
_BODY = "made-up-body"
_LONG_AGO = "1900-01-01"


@dataclass(frozen=True)
class Turn:
    """One fact turned: in words, and the fields that would then go, or go no longer."""

    fact: str
    opens: tuple[str, ...]
    closes: tuple[str, ...]


@dataclass(frozen=True)
class Trial:
    """A tried case: its answer, and every single fact that would change it."""

    answer: Answer
    turns: tuple[Turn, ...]


@verb("shares.try")
def try_case(scope: Scope, *, request: dict[str, Any]) -> Trial:
    """Decide a made-up request by the rows in force here on its day, and again with each fact turned."""
    shape.check(request)
    edition = tables.policy(policy.book(scope)).on(request["on"])
    turned = list(_turned(request, edition))
    answer, *others = ruling.decide(scope, [request, *(one for _, one in turned)])
    scope.tell(recipient=request["recipient"][:40], fields=len(request["fields"]), facts=len(turned))
    before = set(answer.verdict.allowed)
    turns = []
    for (fact, _), other in zip(turned, others, strict=True):
        after = set(other.verdict.allowed)
        if after != before:
            turns.append(Turn(fact, _ordered(request, after - before), _ordered(request, before - after)))
    return Trial(answer, tuple(turns))


def _ordered(request: Request, names: set[str]) -> tuple[str, ...]:
    return tuple(name for name in request["fields"] if name in names)


def _with(request: Request, path: str, value: Any) -> dict[str, Any]:
    changed: dict[str, Any] = copy.deepcopy(dict(request))
    *parents, name = path.split(".")
    part = changed
    for parent in parents:
        part = part[parent]
    part[name] = value
    return changed


def _turned(request: Request, edition: Edition) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each request that differs in one fact, with the fact in words."""
    yield from _frame(request, edition)
    yield from _age(request, edition)
    yield from _child(request)
    yield from _choices(request)


def _frame(request: Request, edition: Edition) -> Iterator[tuple[str, dict[str, Any]]]:
    for title, path, filled in (
        ("a need", "need", "Made-up need."),
        ("a reference", "reference", "made-up"),
        ("a named officer", "requester.officer", "made-up"),
        ("a named power", "requester.power", "made-up"),
    ):
        part = request["requester"] if "." in path else request
        there = bool((part[path.rpartition(".")[2]] or "").strip())
        yield (
            (f"without {title}", _with(request, path, "")) if there else (f"with {title}", _with(request, path, filled))
        )
    for purpose in sorted(edition.purposes - {request["purpose"]}):
        yield f"for the purpose {purpose}", _with(request, "purpose", purpose)
    for channel in edition.channels.values():
        if channel.slug != request["channel"]:
            yield f"sent by {channel.title}", _with(request, "channel", channel.slug)
    yield (
        "in no emergency" if request["emergency"] else "in an emergency",
        _with(request, "emergency", not request["emergency"]),
    )
    yield from _agreement(request)


def _agreement(request: Request) -> Iterator[tuple[str, dict[str, Any]]]:
    in_force = {
        "id": "made-up", "recipient": request["recipient"], "purpose": request["purpose"],
        "from": _LONG_AGO, "to": None, "suspended": False,
    }  # fmt: skip
    if request["agreement"] is not None:
        yield "with no agreement", _with(request, "agreement", None)
    if (
        request["agreement"] is None
        or request["agreement"] | {"id": "made-up", "from": _LONG_AGO, "to": None} != in_force
    ):
        yield "with an agreement in force", _with(request, "agreement", in_force)


def _age(request: Request, edition: Edition) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each birthday of the policy reached that very day, and not yet reached."""
    day = date.fromisoformat(request["on"])
    born = request["child"]["date_of_birth"]
    now = None if born is None else birthdays.age_on(date.fromisoformat(born), day)
    if born is not None:
        yield "born nobody knows when", _with(request, "child.date_of_birth", None)
    for mark in sorted({*edition.birthdays, 16}):
        if day.year - mark < 1:
            continue
        if now is None or now < mark:
            yield f"aged {mark}", _with(request, "child.date_of_birth", _born(day, mark).isoformat())
        if now is None or now >= mark:
            younger = _born(day, mark) + timedelta(days=1)
            yield f"a day short of {mark}", _with(request, "child.date_of_birth", younger.isoformat())


def _born(day: date, years: int) -> date:
    """A birth date whose birthday falls on the day (on 29 February: the day before, in a year without one)."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def _child(request: Request) -> Iterator[tuple[str, dict[str, Any]]]:
    child = request["child"]
    for name, words in (
        ("resident", {True: "living in the area", False: "living elsewhere", None: "living nobody knows where"}),
        ("send", {True: "with SEND", False: "without SEND", None: "with SEND not known"}),
        ("confidential_address", {True: "with a protected address", False: "with no protected address"}),
    ):
        for value, text in words.items():
            if child[name] is not value:
                yield text, _with(request, f"child.{name}", value)
    for name, text in LINKS.items():
        if request["recipient_id"] in child[name]:
            yield f"not {text}", _with(request, f"child.{name}", [])
        else:
            body = request["recipient_id"] or _BODY
            linked = _with(_with(request, "recipient_id", body), f"child.{name}", [*child[name], body])
            yield text, linked


def _choices(request: Request) -> Iterator[tuple[str, dict[str, Any]]]:
    whose = {"parent": "a parent's", "young_person": "the young person's"}
    for kind in ("consent", "objection"):
        said = request["child"][f"{kind}s"]
        for by, words in whose.items():
            others = [one for one in said if one["by"] != by]
            if len(others) < len(said):
                yield f"without {words} {kind}", _with(request, f"child.{kind}s", others)
            else:
                one = {
                    "by": by, "fields": list(request["fields"]), "recipient": request["recipient"],
                    "from": request["on"], "to": None,
                }  # fmt: skip
                yield f"with {words} {kind}", _with(request, f"child.{kind}s", [*said, one])
