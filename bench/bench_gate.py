"""Holds both evaluators to each other over a million generated requests of every kind: they must agree on every cell.

`GATE_REQUESTS=20000` makes it a smaller one. The seeds are fixed, so that a run is the same each time.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.sharing.made_up import many

from bench.figures import Figure, show
from fairhold.sharing import cedar, gate, second
from fairhold.sharing.tables import policy

BATCH = 20_000
FIRST_SEED = 1_000_000  # the tests draw from others


def compared(seed: int, count: int) -> tuple[int, int, int, int]:
    """One batch: requests, cells, cells that go, and cells on which the evaluators differ."""
    law, requests = policy(), many(seed, count)
    readings = [gate.read(request, law.on(request["on"])) for request in requests]
    cells = {one: one.cells for one in dict.fromkeys(readings)}
    combinations = {(one.edition, one.facts, cell) for one, found in cells.items() for cell in found}
    new = combinations - KNOWN.keys()
    KNOWN.update(cedar.evaluate(new))
    then = second.evaluate(requests, law.book, [gate.NO_HOLDS] * count)
    asked = goes = differ = 0
    for one, may_go in zip(readings, then, strict=True):
        found = cells[one]
        first = frozenset(
            place for place, cell in enumerate(found) if KNOWN[one.edition, one.facts, cell] == cedar.ALLOWED
        )
        asked += len(found)
        goes += len(first & may_go)
        differ += len(first ^ may_go)
    return count, asked, goes, differ


KNOWN: dict[cedar.Combination, tuple[str, ...]] = {}
"""What Cedar has said already in this process: each distinct combination of facts is put to it once."""


def main() -> int:
    """Print the measures; exit code 1 where the evaluators disagree anywhere."""
    wanted = int(os.environ.get("GATE_REQUESTS", "1000000"))
    sizes = [min(BATCH, wanted - start) for start in range(0, wanted, BATCH)]
    seeds = range(FIRST_SEED, FIRST_SEED + len(sizes))
    began = time.perf_counter()
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=get_context("spawn")) as pool:
        totals = [sum(column) for column in zip(*pool.map(compared, seeds, sizes), strict=True)]
    requests, cells, goes, differ = totals
    show(Figure("generated requests decided by both evaluators", requests, "requests", "1,000,000"))
    show(Figure("cells among them", cells, "cells"))
    show(Figure("cells that may go", goes, "cells", "not none"))
    show(Figure("cells on which the evaluators differ", differ, "cells", "0"))
    show(Figure("time for all of it, the requests' making included", time.perf_counter() - began, "s"))
    return int(differ > 0 or goes == 0)


if __name__ == "__main__":
    sys.exit(main())
