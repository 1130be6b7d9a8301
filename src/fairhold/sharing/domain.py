"""What a sharing request and its answer are made of. The shapes are those of the shipped JSON Schemas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Request = Mapping[str, Any]
"""A request as parsed JSON; `schemas/request.json` says its shape and `shape.check` holds it to that."""


class Refusal(NamedTuple):
    """Why one field may not go: the rule, the law behind it, and what would change the answer."""

    field: str
    rule: str
    law: str
    reason: str
    would_change: str


class Verdict(NamedTuple):
    """What one request may have. `allowed` and `refused` keep the order in which the fields were asked."""

    allowed: tuple[str, ...]
    refused: tuple[Refusal, ...]
    approvals_needed: int
    alarms: tuple[str, ...]

    @property
    def outcome(self) -> str:
        """All, some or none of the asked fields allowed: it says what policy permits, not what has left."""
        if not self.allowed:
            return "refuse"
        return "partial" if self.refused else "allow"


@dataclass(frozen=True)
class Answer:
    """A verdict with the policy and the day it rests on. `alarms` name fields on which the evaluators disagreed."""

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
