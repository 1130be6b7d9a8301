"""From files to stored facts: full transfer files of every school, then two weeks of changes, then a return.

`python -m bench.run intake`, or `python -m bench.bench_intake PUPILS`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from bench.borough import OFFICER, prepare_store, size, write
from bench.figures import Figure, show
from bench.store import fresh_store
from fairhold import formats, intake


def main(pupils: int) -> None:
    """Write a borough, take it in part by part, and say how fast each part went."""
    with tempfile.TemporaryDirectory() as name, fresh_store():
        folder = Path(name)
        write(folder, pupils)
        prepare_store(folder)
        schools = folder / "in" / "schools"
        full, weeks = sorted(schools.rglob("*_001.xml")), sorted(schools.rglob("*_00[23].xml"))
        peer = f"reading alone, one process: {_read(full):.1f} MB/s"
        _take("transfer files in full", full, "≥ 12 MB/s", peer)
        _take("two weeks of changes", weeks)
        _take("the same again, known by hash", full)
        _take("a return", sorted((folder / "in" / "social-care").rglob("*.csv")))
        import fairhold.record  # noqa: F401  (from here on the search follows each delivery)

        _take("nothing new", weeks)


def _read(paths: list[Path]) -> float:
    began = time.perf_counter()
    for path in paths:
        for _ in formats.open(path).batches():
            pass
    return size(paths) / (time.perf_counter() - began)


def _take(what: str, paths: list[Path], goal: str = "", peer: str = "") -> None:
    began = time.perf_counter()
    done = intake.take_in(OFFICER, paths)
    seconds = time.perf_counter() - began
    show(Figure(f"{what}: {len(paths)} files", size(paths) / seconds, "MB/s", goal, peer))
    rows, added = sum(one.rows for one in done), sum(one.added for one in done)
    print(f"{what}: {seconds:.1f} s, {rows:,} rows, {added:,} facts added")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 45_000)
