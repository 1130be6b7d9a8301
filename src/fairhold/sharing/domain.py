"""What a sharing request and its answer are made of. The shapes are those of the shipped JSON Schemas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

Request = Mapping[str, Any]
"""A request as parsed JSON; `schemas/request.json` says its shape and `shape.check` holds it to that."""


class Hold(StrEnum):
    """What the council's own store holds against a share, beside what the request says. Nothing of it can be said in a
    request of `fairhold decide`; harm to a child overrides it."""

    SHIPPED = "shipped"  # a rule the share rests on is not yet confirmed by an officer of this council
    REVIEW = "review"  # the agreement is past the day by which it had to be looked at again
    TERMS = "terms"  # the agreement does not cover this field, or this way to send
    ORIGIN = "origin"  # the value came from the DfE, which has not said that it may go on
    EVIDENCE = "evidence"  # the proof that the way to send is safe has run out


Holds = frozenset[tuple[str | None, Hold]]
"""Holds on one request, each on one field or (None) on all of them."""


class Refusal(NamedTuple):
    """Why one field may not go: the rule, the law behind it, and what would change the answer."""

    field: str
    rule: str
    law: str
    reason: str
    would_change: str


class Basis(NamedTuple):
    """What lets one field go: `way` is law, consent or protect (harm to a child); the law in force behind it."""

    field: str
    way: str
    law: str
    gateways: tuple[str, ...]


class Verdict(NamedTuple):
    """What one request may have. `allowed` and `refused` keep the order in which the fields were asked.

    `alarms` name fields on which the evaluators disagreed; `basis` says of each allowed field what lets it go.
    """

    allowed: tuple[str, ...]
    refused: tuple[Refusal, ...]
    approvals_needed: int
    alarms: tuple[str, ...]
    basis: tuple[Basis, ...]

    @property
    def outcome(self) -> str:
        """All, some or none of the asked fields allowed: it says what policy permits, not what has left."""
        if not self.allowed:
            return "refuse"
        return "partial" if self.refused else "allow"


@dataclass(frozen=True)
class Answer:
    """A verdict with the policy and the day it rests on."""

    verdict: Verdict
    policy_version: str
    as_of: str

    def document(self) -> dict[str, Any]:
        """The answer as `schemas/answer.json` says it."""
        return {
            "outcome": self.verdict.outcome,
            "allowed": list(self.verdict.allowed),
            "refused": [refusal._asdict() for refusal in self.verdict.refused],
            "approvals_needed": self.verdict.approvals_needed,
            "policy_version": self.policy_version,
            "as_of": self.as_of,
        }
