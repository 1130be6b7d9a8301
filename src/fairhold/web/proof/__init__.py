"""The proof: each sentence of the privacy notice, how Fairhold keeps it, and the test that shows it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest

from fairhold import policy, proof
from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.proof import Obligation, State
from fairhold.web.page import page
from fairhold.web.parts import Column, Count, Counts, Several, Table, Tag, Why

COLOURS = {State.PROVEN: "green", State.FAILED: "red", State.NOT_RUN: "yellow", State.NOT_IMPLEMENTED: "grey"}


@page("page.proof", "proof/proof.html")
def obligations(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """All obligations by the sections of the notice, with their state."""
    found = proof.obligations()
    counts = [Count(count, state.value, colour=COLOURS[state]) for state, count in proof.summary(found).items()]
    tables = [_section(name, list(group)) for name, group in groupby(found, key=lambda each: each.section)]
    may_see = door("policy.standing").opens_for(scope.purpose.slug)
    rows = policy.standing(scope) if may_see else []
    shipped = sum(one.shipped for one in rows)
    confirmed = sum(one.confirmed for one in rows)
    told = {"shipped": shipped, "confirmed": confirmed} if may_see else {}
    return {"title": "Proof", "counts": Counts(counts), "tables": tables, **told}


def _section(name: str, found: list[Obligation]) -> Table:
    return Table(
        name,
        [Column("Promise", "third"), Column("How Fairhold keeps it", "half"), "State"],
        [[f"{each.id}: {each.promise}", each.how or "Not implemented yet.", _state(each)] for each in found],
    )


def _state(obligation: Obligation) -> Several:
    """The state's tag with, closed until asked, the tests behind it."""
    tag = Tag(obligation.state.value, COLOURS[obligation.state])
    if not obligation.tests:
        return Several([tag])
    tests = "; ".join(f"{_words(test.name)}: {test.outcome}" for test in obligation.tests)
    return Several([tag, Why(tests, "Which tests?", obligation.id)])


def _words(name: str) -> str:
    return name.rpartition("::")[2].removeprefix("test_").replace("_", " ")
