"""Server time of a child's page and of a search, and of the runs they rest on, in a borough of full size.

`python -m bench.run record`, or `python -m bench.bench_record PUPILS`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.borough import OFFICER, SOCIAL_WORKER, prepare_store, size, write
from bench.figures import Figure, median_ms, show
from bench.store import fresh_store
from fairhold import access, identity, intake, record

TIMES = 60


def main(pupils: int) -> None:
    """Fill a store, join what is one child, and ask for children."""
    with tempfile.TemporaryDirectory() as name, fresh_store():
        folder = Path(name)
        write(folder, pupils)
        prepare_store(folder)
        files = [path for path in (folder / "in").rglob("*") if path.is_file()]
        seconds = _timed(lambda: intake.take_in(OFFICER, files))
        show(Figure("all files with the search kept in step", size(files) / seconds, "MB/s"))
        with access.scope(OFFICER, "record-matching") as scope:
            show(Figure("joining everybody", _timed(lambda: identity.link_all(scope)), "s"))
        with access.scope(SOCIAL_WORKER, "safeguarding") as scope:
            persons = [row["low"] for row in scope.rows("select low from people.link order by id limit %s", (TIMES,))]
            _children(scope, persons)
            _searches(scope)


def _children(scope: access.Scope, persons: list[int]) -> None:
    following = iter(persons * 2)
    taken = median_ms(lambda: record.child(scope, person=next(following)), TIMES)
    show(Figure("a child of two sources, every table", taken, "ms", "≤ 100 ms"))


def _searches(scope: access.Scope) -> None:
    for text in ("khan", "sm", "ad kh", "2014-03-09"):
        hits = len(record.search(scope, text=text))
        taken = median_ms(lambda text=text: record.search(scope, text=text), TIMES)  # type: ignore[misc]
        show(Figure(f"search “{text}”, {hits} found", taken, "ms", "≤ 100 ms"))


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 45_000)
