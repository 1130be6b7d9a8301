"""Keeps the results of tests that name an obligation, so that `fairhold prove` can show them."""

from __future__ import annotations

import json

import pytest

from fairhold.proof import domain

RANK = {"passed": 0, "skipped": 1, "failed": 2}
_found: dict[str, dict[str, str]] = {}
_files: set[str] = set()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "proves(*obligations): this test shows that the named obligations hold")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in item.iter_markers("proves"):
            item.user_properties.extend(("proves", obligation) for obligation in mark.args)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    test = report.nodeid.split("[", 1)[0]
    _files.add(test.split("::", 1)[0])
    for name, obligation in report.user_properties:
        if name == "proves":
            tests = _found.setdefault(str(obligation), {})
            tests[test] = max(tests.get(test, "passed"), report.outcome, key=lambda outcome: RANK[outcome])


def _standing(tests: dict[str, str]) -> dict[str, str]:
    """What an earlier run said of files that this one did not run and that are still there."""
    tree = domain.source_tree()
    known = {test: test.split("::", 1)[0] for test in tests}
    return {test: tests[test] for test, file in known.items() if file not in _files and (tree / file).exists()}


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput") or not _found:
        return  # with several workers only the one that gathers writes
    merged = {obligation: _standing(tests) for obligation, tests in domain.last_results().items()}
    for obligation, tests in _found.items():
        merged[obligation] = {**merged.get(obligation, {}), **tests}
    file = domain.results_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(merged, indent=1, sort_keys=True) + "\n", "utf-8")
