"""The sharing gate: both evaluators decide every cell; where they disagree the cell is refused and an alarm raised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from fairhold.governance import Book
from fairhold.sharing import cedar, facts, second, sentences
from fairhold.sharing.domain import Answer, Basis, Holds, Refusal, Request, Verdict
from fairhold.sharing.facts import NOBODY, Cell, Choices, Facts
from fairhold.sharing.tables import Edition, policy

Rules = dict[cedar.Combination, tuple[str, ...]]
NO_HOLDS: Holds = frozenset()


class Reading(NamedTuple):
    """All that decides an answer. Requests that read the same get the same answer, save for the day."""

    edition: Edition
    facts: Facts
    restricted: bool
    names: tuple[str, ...]
    choices: Choices
    holds: Holds

    @property
    def cells(self) -> tuple[Cell, ...]:
        return facts.cells(self.facts.recipient, self.names, self.choices, self.holds, self.edition)


def decide(request: Request, *, book: Book | None = None, holds: Holds = NO_HOLDS) -> Answer:
    """The answer to one request that has passed `shape.check`."""
    return decide_many([request], book=book, holds=[holds])[0]


def decide_many(
    requests: Sequence[Request], *, book: Book | None = None, holds: Sequence[Holds] | None = None
) -> list[Answer]:
    """The answers in the order asked, by the dated rows of `book` (without one: as shipped).

    `holds` says what the council's own store holds against each request. Each distinct combination of facts is put to
    Cedar once; the second evaluator takes all requests in one query.
    """
    if not requests:
        return []
    law, held = policy(book), holds or [NO_HOLDS] * len(requests)
    readings = [read(request, law.on(request["on"]), one) for request, one in zip(requests, held, strict=True)]
    cells = {reading: reading.cells for reading in dict.fromkeys(readings)}
    rules = cedar.evaluate((one.edition, one.facts, cell) for one, found in cells.items() for cell in found)
    verdicts: dict[tuple[Reading, frozenset[int]], Verdict] = {}
    answers = []
    for request, reading, may_go in zip(requests, readings, second.evaluate(requests, law.book, held), strict=True):
        if (reading, may_go) not in verdicts:
            verdicts[reading, may_go] = _verdict(reading, cells[reading], rules, may_go)
        answers.append(Answer(verdicts[reading, may_go], law.version, request["on"]))
    return answers


def read(request: Request, edition: Edition, holds: Holds = NO_HOLDS) -> Reading:
    """What the first evaluator makes of a request by the policy in force on its day."""
    found = facts.read(request, edition)
    said = facts.choices(request, found, edition)
    return Reading(edition, found, request["child"]["restricted"], tuple(request["fields"]), said, holds)


def _verdict(reading: Reading, cells: tuple[Cell, ...], rules: Rules, may_go: frozenset[int]) -> Verdict:
    policy, found = reading.edition, reading.facts
    allowed: list[Basis] = []
    refused: list[Refusal] = []
    alarms: list[str] = []
    for place, (name, cell) in enumerate(zip(reading.names, cells, strict=True)):
        against = rules[policy, found, cell]
        if (against == cedar.ALLOWED) != (place in may_go):
            alarms.append(name)
            recipient = policy.recipients.get(found.recipient, NOBODY)
            refused.append(sentences.said(name, sentences.DISAGREE, recipient, policy))
        elif against:
            refused.append(sentences.refusal(name, against, found, cell, policy))
        else:
            allowed.append(_basis(policy, found, name))
    approvals = _approvals(policy, found, reading.restricted) if allowed else 0
    return Verdict(tuple(one.field for one in allowed), tuple(refused), approvals, tuple(alarms), tuple(allowed))


def _basis(policy: Edition, found: Facts, name: str) -> Basis:
    """What lets an allowed field go."""
    if found.protecting:
        return Basis(name, "protect", policy.citations["protect"], policy.protecting)
    recipient = policy.recipients[found.recipient]
    way, opened = ("law", recipient.by_law) if name in recipient.by_law else ("consent", recipient.by_consent)
    return Basis(name, way, policy.citations[opened[name].law], opened[name].gateways)


def _approvals(policy: Edition, found: Facts, restricted: bool) -> int:
    """How many people must still approve: none where a child is kept from harm, one more for a restricted record."""
    if found.protecting:
        return 0
    return policy.recipients[found.recipient].approvals + restricted
