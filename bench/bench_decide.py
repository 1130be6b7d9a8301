"""Measures the sharing gate: 15,000 made-up requests of ten fields, both evaluators."""

from __future__ import annotations

import gc
import json
import random
import time
from typing import Any

from fairhold.sharing import cedar, gate, second
from fairhold.sharing.tables import policy

CHILDREN = 15_000
FIELDS = [
    "name", "address", "date_of_birth", "school", "year_group",
    "attendance_band", "send_support", "planned_destination", "sex", "upn",
]  # fmt: skip
EXTRA = FIELDS[3:8]


def child(rng: random.Random) -> dict[str, Any]:
    """A made-up child as a youth-support list meets one: most with some consent, a few with a gap in the record."""
    chosen = rng.random() < 0.6
    consent = {
        "by": rng.choice(["parent", "young_person"]),
        "fields": rng.sample(EXTRA, 3),
        "recipient": "youth-support",
        "from": f"{rng.randint(2021, 2026)}-03-01",
        "to": None,
    }
    objection = {"by": "parent", "fields": None, "recipient": None, "from": "2025-01-01", "to": None}
    return {
        "date_of_birth": f"{rng.randint(2004, 2015)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
        "resident": rng.choice([True] * 19 + [None]),
        "send": rng.random() < 0.15,
        "confidential_address": rng.random() < 0.01,
        "restricted": rng.random() < 0.01,
        "enrolled_at": ["9999001"],
        "placed_with": [],
        "applied_to": [],
        "linked_councils": [],
        "consents": [consent] if chosen else [],
        "objections": [objection] if rng.random() < 0.02 else [],
    }


def request(rng: random.Random) -> dict[str, Any]:
    """One request of the list, for one child."""
    return {
        "recipient": "youth-support",
        "recipient_id": None,
        "purpose": "youth-support",
        "on": "2026-11-24",
        "fields": FIELDS,
        "need": "Help young people stay in learning.",
        "channel": "sftp",
        "emergency": False,
        "reference": None,
        "requester": {"id": "1", "role": "youth-officer", "organisation": "council", "officer": None, "power": None},
        "agreement": {
            "id": "A1", "recipient": "youth-support", "purpose": "youth-support",
            "from": "2026-01-01", "to": "2027-01-01", "suspended": False,
        },
        "child": child(rng),
    }  # fmt: skip


def timed(what: str, work: Any, times: int = 3) -> Any:
    """Run `work` a few times and print the best time in seconds."""
    best, result = float("inf"), None
    for _ in range(times):
        gc.collect()
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    print(f"{what:<44} {best:6.3f} s")
    return result


def main() -> None:
    """Print the measures."""
    rng = random.Random(20261124)
    requests = [request(rng) for _ in range(CHILDREN)]
    holds = [gate.NO_HOLDS] * CHILDREN
    gate.decide(requests[0])
    print(f"{CHILDREN:,} requests × {len(FIELDS)} fields")
    answers = timed("both evaluators and the answers", lambda: gate.decide_many(requests))
    law = policy()
    readings = timed("  reading the facts", lambda: [gate.read(one, law.on(one["on"])) for one in requests])
    cells = {(one.edition, one.facts, cell) for one in set(readings) for cell in one.cells}
    timed(f"  Cedar over {len(cells):,} combinations", lambda: cedar.evaluate(cells))
    timed("  the second evaluator, every cell", lambda: second.evaluate(requests, law.book, holds))
    timed("answers as JSON", lambda: [json.dumps(answer.document()) for answer in answers])
    print("alarms:", sum(len(answer.verdict.alarms) for answer in answers))


if __name__ == "__main__":
    main()
