"""What every mutant is held to: the drawn tables of `tests/sharing`, as requests with the answers they must get."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from tests.sharing import (
    drawn_law,
    test_choices_table,
    test_rule_table,
    test_truth_table,
)
from tests.sharing.made_up import CORE, IN_ORDER, consent, in_order

from fairhold.governance import Book
from fairhold.sharing.domain import Answer, Hold, Holds

NO_HOLDS: Holds = frozenset()


@dataclass(frozen=True)
class Expected:
    """One request and what its answer must be, as far as a table says: what is allowed, the one rule and law that is
    told, what the fields go by, the approvals."""

    request: dict[str, Any]
    holds: Holds = NO_HOLDS
    allowed: frozenset[str] | None = None
    told: tuple[str, str] | None = None
    basis: frozenset[Any] | None = None
    approvals: int | None = None

    def met(self, answer: Answer) -> bool:
        """Whether an answer is as expected; a disagreement of the evaluators never is."""
        verdict = answer.verdict
        wants = [
            not verdict.alarms,
            self.allowed is None or frozenset(verdict.allowed) == self.allowed,
            self.told is None or [(one.rule, one.law) for one in verdict.refused] == [self.told],
            self.basis is None or {(one.way, one.law, one.gateways) for one in verdict.basis} == self.basis,
            self.approvals is None or verdict.approvals_needed == self.approvals,
        ]
        return all(wants)


def shipped() -> list[Expected]:
    """Everything the tables say of the rows as they ship."""
    drawn: list[Expected] = []

    def collect(cases: Iterable[tuple[Any, dict[str, Any], Iterable[str]]]) -> None:
        drawn.extend(Expected(request, allowed=frozenset(goes)) for _, request, goes in cases)

    for module in (test_truth_table, test_choices_table):
        kept = module.holds
        module.holds = collect  # type: ignore[assignment]
        try:
            for name, test in list(vars(module).items()):
                if name.startswith("test_") and not inspect.signature(test).parameters:
                    test()
        finally:
            module.holds = kept
    drawn += [Expected(request, holds=holds, told=(rule, law)) for request, holds, rule, law in test_rule_table.told()]
    drawn += [Expected(request, basis=frozenset(goes)) for request, goes in test_rule_table.based()]
    drawn += _approvals()
    return [replace(one, request=dict(one.request)) for one in drawn]  # each known by itself


def _approvals() -> Iterable[Expected]:
    given = [consent("young_person", CORE, "charity")]
    for restricted in (False, True):
        for slug in IN_ORDER:
            base = 1 if slug in ("dfe", "ofsted", "immigration") else 0
            request = in_order(slug, child__restricted=restricted, child__consents=given)
            yield Expected(request, approvals=base + restricted)
        nothing = in_order("immigration", need="", child__restricted=restricted)
        yield Expected(nothing, allowed=frozenset(), approvals=0)
    urgent = {"emergency": True, "purpose": "safeguarding", "channel": "phone", "child__restricted": True}
    yield Expected(in_order("police", **urgent), approvals=0)
    for hold in Hold:  # nothing that is held stops what keeps a child from harm
        asked = in_order("police", **urgent, fields=list(CORE))
        yield Expected(asked, holds=frozenset({(None, hold)}), allowed=frozenset(CORE))
        either = in_order("school", fields=["name", "upn"])
        yield Expected(either, holds=frozenset({("upn", hold)}), allowed=frozenset({"name"}))
        yield Expected(either, holds=frozenset({(None, hold)}), allowed=frozenset())


def dated() -> tuple[Book, list[Expected]]:
    """A book in which rows begin, end and follow one another, and what it says on which day."""
    drawn = [Expected(request, allowed=frozenset(goes)) for _, request, goes in drawn_law.cases()]
    for request, rule in drawn_law.rules():
        told = (rule, test_rule_table.CITED["health"]) if rule else None
        drawn.append(Expected(request, allowed=frozenset() if rule else frozenset(request["fields"]), told=told))
    for request, laws in drawn_law.protected():
        drawn.append(Expected(request, basis=frozenset({("protect", "Children Act 1989 s47", laws)})))
    return drawn_law.book(), drawn
