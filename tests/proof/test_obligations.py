"""The proof tells the truth: what is claimed is tested, and what is tested is claimed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fairhold import proof
from fairhold.proof import State

TESTS = Path(__file__).resolve().parents[1]
MARK = re.compile(r"mark\.proves\(([^)]*)\)")


def named_in_tests() -> set[str]:
    return {
        obligation
        for file in TESTS.rglob("test_*.py")
        for mark in MARK.findall(file.read_text("utf-8"))
        for obligation in re.findall(r"N\d{3}", mark)
    }


def claimed() -> set[str]:
    return {item.id for item in proof.obligations({}) if item.how}


def test_there_are_76_obligations() -> None:
    assert len(proof.obligations({})) == 76


def test_every_claim_has_a_test_that_names_it() -> None:
    assert claimed() - named_in_tests() == set()


def test_every_obligation_a_test_names_is_claimed() -> None:
    assert named_in_tests() - claimed() - {"N999"} == set()


@pytest.mark.parametrize(
    ("how", "outcomes", "state"),
    [
        ("", {}, State.NOT_IMPLEMENTED),
        ("", {"a": "passed"}, State.NOT_IMPLEMENTED),
        ("It does.", {}, State.NOT_RUN),
        ("It does.", {"a": "passed"}, State.PROVEN),
        ("It does.", {"a": "passed", "b": "failed"}, State.FAILED),
        ("It does.", {"a": "passed", "b": "skipped"}, State.NOT_RUN),
    ],
)
def test_an_obligation_is_proven_only_when_every_test_that_names_it_passed(
    how: str, outcomes: dict[str, str], state: State
) -> None:
    tests = tuple(proof.domain.Test(name, outcome) for name, outcome in outcomes.items())
    assert proof.Obligation("N999", "", "", how, tests).state is state
