"""Compares what Fairhold found with the made-up borough's answer key. Only the demo and benches look into a key."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from fairhold.access import Scope

if TYPE_CHECKING:
    from fairhold.retention.actions import DryRun
    from fairhold.returns.checking import Checked


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _children(scope: Scope, key: Path) -> tuple[dict[int, tuple[str, str]], dict[tuple[str, str], set[int]]]:
    """Subject → (child, identity), and (source, record) → subjects, by the file and row that speak of them."""
    delivered = {row["sha256"]: row["id"] for row in scope.rows("select id, sha256 from system.delivery")}
    numbers: dict[str, int | None] = {}
    spoken: dict[tuple[int, int], int] = {
        (row["delivery_id"], row["row"]): row["subject_id"]
        for row in scope.rows("select delivery_id, row, subject_id from system.mention")
    }
    child_of: dict[int, tuple[str, str]] = {}
    subjects_of: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in _rows(key / "rows.csv"):
        name = row["file"]
        if name not in numbers:
            file = key.parent / name
            numbers[name] = delivered.get(hashlib.sha256(file.read_bytes()).hexdigest()) if file.exists() else None
        number = numbers[name]
        subject = None if number is None else spoken.get((number, int(row["row"])))
        if subject is not None and row["record"]:
            child_of[subject] = (row["child"], row["identity"])
            subjects_of[row["source"], row["record"]].add(subject)
    return child_of, subjects_of


def links(scope: Scope, key: Path) -> str:
    """How many pairs that a rule should join are joined, and how many pairs are joined that never may be."""
    child_of, subjects_of = _children(scope, key)
    person_of = {row["subject_id"]: row["person_id"] for row in scope.rows("select * from people.membership")}
    wanted = joined = 0
    for row in _rows(key / "links.csv"):
        one = subjects_of.get((row["source"], row["record"]), set())
        other = subjects_of.get((row["other_source"], row["other_record"]), set())
        if row["automatic"] == "yes" and one and other:
            wanted += 1
            joined += bool(
                {person_of.get(subject, subject) for subject in one}
                & {person_of.get(subject, subject) for subject in other}
            )
    together: dict[int, list[int]] = defaultdict(list)
    for subject, person in person_of.items():
        together[person].append(subject)
    wrong = sum(
        child_of[one] != child_of[other]
        for members in together.values()
        for one, other in combinations([subject for subject in members if subject in child_of], 2)
    )
    return f"{joined:,} of the {wanted:,} pairs of the key that a rule may join, {wrong} wrong"


def findings(checked: Checked, key: Path) -> str:
    """Planted faults found, and findings the key does not name."""
    expected = {
        (row["rule"], row["table"], int(row["line"]))
        for row in _rows(key / "expected_findings.csv")
        if row["year"] == str(checked.year)
    }
    from fairhold.synth.care_rules import RULES  # noqa: PLC0415  (only the demo compares)

    found = {(finding.rule, finding.table, finding.line) for finding in checked.findings if finding.rule in RULES}
    return (
        f"{len(checked.rules.rules)} rules over {sum(checked.rows.values()):,} rows: {len(checked.findings)} findings;"
        f" of the {len(RULES)} rules in the key {len(found & expected)} of {len(expected)},"
        f" {len(found - expected)} others"
    )


def due(found: DryRun) -> str:
    """How many people's records stand where, over all classes."""
    counts: dict[str, int] = defaultdict(int)
    for count in found.counts:
        counts[count.status.value] += count.people
    said = ", ".join(f"{number:,} {status}" for status, number in sorted(counts.items()))
    return f"records of each class: {said}; {len(found.files)} kept files are due"
