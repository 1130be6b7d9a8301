"""What the workspace speaks of: runs, what each rule gave in one, faults and the states they go through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from fairhold.errors import PlainError

PRODUCTION: Final = "return-production"  # the purpose that sees every child, inside verbs alone (ADR 0011)
KLASS, RETENTION = "safeguarding", "RT31"  # of tables as checked, and of workbooks
DAYS = 90  # as long as the deliveries they were made from


class WorkspaceError(PlainError):
    """What was asked of the workspace cannot be done; the sentence says why and what to do."""


class State(Enum):
    """What became of a fault, as of the newest run of its year. The words are the ones shown."""

    NEW = "new"
    OPEN = "open"
    FIXED = "fixed"
    EXPLAINED = "explained"


@dataclass(frozen=True)
class Run:
    """One run of the rules.

    `origin` is "delivered" (over the newest delivered tables) or "built" (over what was built from the record). `as_at`
    is the day up to which it knows; `sources` says which delivery each table came from; `tables_file` holds all tables
    as they were checked.
    """

    id: int
    name: str
    year: int
    la: str
    origin: str
    made_at: datetime
    made_by: int
    as_at: date
    rules_digest: str
    sources: dict[str, int]
    rows: dict[str, int]
    set_aside: list[dict[str, Any]]
    extra_columns: dict[str, list[str]]
    tables_file: int
    due: date

    @property
    def deliveries(self) -> dict[str, int]:
        """Table → the delivery its lines are of; a built table's rows come from many (`submission/tracing.py`)."""
        return self.sources if self.origin == "delivered" else {}


@dataclass(frozen=True)
class RuleCount:
    """What one rule gave in a run, over all children; `not_run` is the reason where it was not run."""

    rule: str
    title: str
    severity: str
    fields: dict[str, list[str]]
    not_run: str | None
    findings: int
    faults: int
    new: int
    fixed: int
    explained: int


@dataclass(frozen=True)
class Counts:
    """Totals of a run. Severities count faults (a fault is one child's by one rule)."""

    errors: int = 0
    unverified: int = 0
    queries: int = 0
    warnings: int = 0
    new: int = 0
    fixed: int = 0
    explained: int = 0
    rules_run: int = 0
    not_run: int = 0
    set_aside: int = 0

    @property
    def faults(self) -> int:
        """All faults of the run."""
        return self.errors + self.unverified + self.queries + self.warnings

    @property
    def open(self) -> int:
        """Faults that nobody has explained yet."""
        return self.faults - self.explained


def counted(rules: list[RuleCount], set_aside: int) -> Counts:
    """The totals of what the rules gave."""
    by = {name: sum(r.faults for r in rules if r.severity == name) for name in _COUNTED}
    return Counts(
        **{field: by[severity] for severity, field in _COUNTED.items()},
        new=sum(r.new for r in rules),
        fixed=sum(r.fixed for r in rules),
        explained=sum(r.explained for r in rules),
        rules_run=sum(r.not_run is None for r in rules),
        not_run=sum(r.not_run is not None for r in rules),
        set_aside=set_aside,
    )


_COUNTED = {"error": "errors", "unverified": "unverified", "query": "queries", "warning": "warnings"}
