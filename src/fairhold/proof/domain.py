"""The obligations with their state, worked out from the tests that name them and the results those tests last had."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from importlib import resources
from pathlib import Path


class State(Enum):
    """How far an obligation is true. The words are the ones shown."""

    PROVEN = "proven"
    FAILED = "failed"
    NOT_RUN = "not run here yet"
    NOT_IMPLEMENTED = "not implemented"


@dataclass(frozen=True)
class Test:
    """One named test and its last outcome (passed, failed, skipped)."""

    name: str
    outcome: str


@dataclass(frozen=True)
class Obligation:
    """One sentence of the notice that software must make true, how Fairhold does it, and the tests that show it."""

    id: str
    section: str
    promise: str
    how: str
    tests: tuple[Test, ...]

    @property
    def state(self) -> State:
        """Proven only when at least one test names it and every test that names it passed."""
        if not self.how:
            return State.NOT_IMPLEMENTED
        outcomes = {test.outcome for test in self.tests}
        if "failed" in outcomes:
            return State.FAILED
        return State.PROVEN if outcomes == {"passed"} else State.NOT_RUN


def results_file() -> Path:
    """Where the test run leaves its results: FAIRHOLD_PROOF_RESULTS, else `build/proof.json` of a source tree."""
    named = os.environ.get("FAIRHOLD_PROOF_RESULTS")
    return Path(named) if named else source_tree() / "build" / "proof.json"


def source_tree() -> Path:
    """The folder that holds `src` and `tests` when Fairhold runs from its source; else a folder without tests."""
    return Path(__file__).resolve().parents[3]


def last_results() -> dict[str, dict[str, str]]:
    """Obligation id → test name → outcome of the last run on this machine; empty when there was none."""
    try:
        found: dict[str, dict[str, str]] = json.loads(results_file().read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
        return {}
    return found


def obligations(results: Mapping[str, Mapping[str, str]] | None = None) -> list[Obligation]:
    """All 76 obligations in the notice's order, with the tests of `results` (default: the last run here)."""
    known = last_results() if results is None else results
    text = (resources.files("fairhold.proof") / "data" / "obligations.csv").read_text("utf-8")
    return [
        Obligation(
            id=row["id"],
            section=row["section"],
            promise=row["promise"],
            how=row["how"],
            tests=tuple(Test(name, outcome) for name, outcome in sorted(known.get(row["id"], {}).items())),
        )
        for row in csv.DictReader(text.splitlines())
    ]


def summary(found: list[Obligation]) -> dict[State, int]:
    """How many obligations are in each state."""
    counts = Counter(obligation.state for obligation in found)
    return {state: counts[state] for state in State}
