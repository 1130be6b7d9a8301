"""The sharing gate: both evaluators decide every cell; where they disagree the cell is refused and an alarm raised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from fairhold.sharing import cedar, facts, second, sentences
from fairhold.sharing.domain import Answer, Refusal, Request, Verdict
from fairhold.sharing.facts import NOBODY, Cell, Choices, Facts
from fairhold.sharing.tables import Edition, edition, edition_number, version

Rules = dict[cedar.Combination, tuple[str, ...]]


class Reading(NamedTuple):
    """All that decides an answer. Requests that read the same get the same answer, save for the day."""

    edition: int
    facts: Facts
    restricted: bool
    names: tuple[str, ...]
    choices: Choices

    @property
    def cells(self) -> tuple[Cell, ...]:
        return facts.cells(self.names, self.choices, edition(self.edition))


def decide(request: Request) -> Answer:
    """The answer to one request that has passed `shape.check`."""
    return decide_many([request])[0]


def decide_many(requests: Sequence[Request]) -> list[Answer]:
    """The answers in the order asked. Each distinct combination of facts is put to Cedar once; the second evaluator
    takes all requests in one query."""
    if not requests:
        return []
    readings = [read(request) for request in requests]
    cells = {reading: reading.cells for reading in dict.fromkeys(readings)}
    rules = cedar.evaluate((one.edition, one.facts, cell) for one, found in cells.items() for cell in found)
    verdicts: dict[tuple[Reading, frozenset[int]], Verdict] = {}
    answers = []
    for request, reading, may_go in zip(requests, readings, second.evaluate(requests), strict=True):
        if (reading, may_go) not in verdicts:
            verdicts[reading, may_go] = _verdict(reading, cells[reading], rules, may_go)
        answers.append(Answer(verdicts[reading, may_go], version(), request["on"]))
    return answers


def read(request: Request) -> Reading:
    number = edition_number(request["on"])
    policy = edition(number)
    found = facts.read(request, policy)
    said = facts.choices(request, found, policy)
    return Reading(number, found, request["child"]["restricted"], tuple(request["fields"]), said)


def _verdict(reading: Reading, cells: tuple[Cell, ...], rules: Rules, may_go: frozenset[int]) -> Verdict:
    policy, found = edition(reading.edition), reading.facts
    allowed: list[str] = []
    refused: list[Refusal] = []
    alarms: list[str] = []
    for place, (name, cell) in enumerate(zip(reading.names, cells, strict=True)):
        against = rules[reading.edition, found, cell]
        if (against == cedar.ALLOWED) != (place in may_go):
            alarms.append(name)
            recipient = policy.recipients.get(found.recipient, NOBODY)
            refused.append(sentences.said(name, sentences.DISAGREE, recipient, policy))
        elif against:
            refused.append(sentences.refusal(name, against, found, cell, policy))
        else:
            allowed.append(name)
    approvals = _approvals(policy, found, reading.restricted) if allowed else 0
    return Verdict(tuple(allowed), tuple(refused), approvals, tuple(alarms))


def _approvals(policy: Edition, found: Facts, restricted: bool) -> int:
    """How many people must still approve: none where a child is kept from harm, one more for a restricted record."""
    if found.protecting:
        return 0
    return policy.recipients[found.recipient].approvals + restricted
