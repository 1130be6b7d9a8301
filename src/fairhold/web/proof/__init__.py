"""The proof: each sentence of the privacy notice, how Fairhold keeps it, and the test that shows it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

from fairhold import proof
from fairhold.access import Scope
from fairhold.proof import Obligation, State
from fairhold.web.page import page
from fairhold.web.parts import Column, Count, Counts, Table, Tag, Why

COLOURS = {State.PROVEN: "green", State.FAILED: "red", State.NOT_RUN: "yellow", State.NOT_IMPLEMENTED: "grey"}


@page("page.proof", "proof/proof.html")
def obligations(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """All obligations by the sections of the notice, with their state."""
    found = proof.obligations()
    counts = [Count(count, state.value, colour=COLOURS[state]) for state, count in proof.summary(found).items()]
    tables = [_section(name, list(group)) for name, group in groupby(found, key=lambda each: each.section)]
    return {"title": "Proof", "counts": Counts(counts), "tables": tables}


def _section(name: str, found: list[Obligation]) -> Table:
    return Table(
        name,
        [Column("Promise", "third"), Column("How Fairhold keeps it", "half"), "State"],
        [[f"{each.id}: {each.promise}", each.how or "Not implemented yet.", _State(each)] for each in found],
    )


class _State:
    """The state's tag with, closed until asked, the tests behind it."""

    def __init__(self, obligation: Obligation) -> None:
        self.obligation = obligation

    def __html__(self) -> SafeString:
        tag = Tag(self.obligation.state.value, COLOURS[self.obligation.state]).__html__()
        if not self.obligation.tests:
            return tag
        tests = "; ".join(f"{_words(test.name)}: {test.outcome}" for test in self.obligation.tests)
        return SafeString(f"{tag}{Why(tests, 'Which tests?', self.obligation.id)}")

    __str__ = __html__


def _words(name: str) -> str:
    return name.rpartition("::")[2].removeprefix("test_").replace("_", " ")
