"""Time `fairhold check ssda903` from the shell: start-up, and a set of 10,000 made-up children.

Run: .venv/bin/python bench/bench_check.py [CHILDREN]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TREE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TREE))

from tests.returns.made import made_set, write_set  # noqa: E402

FAIRHOLD = Path(sys.executable).with_name("fairhold")


def timed(folder: Path, *options: str, times: int = 7) -> tuple[float, float]:
    """Least and median seconds of a run from the shell."""
    command = [str(FAIRHOLD), "check", "ssda903", "--year", "2027", "--la", "E09000031", *options, str(folder / "this")]
    command += ["--previous", str(folder / "last"), "--out", str(folder / "f.csv"), "--summary", str(folder / "s.json")]
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        taken.append(time.perf_counter() - began)
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr)
    return min(taken), statistics.median(taken)


def main(children: int) -> None:
    """Print one line per measure."""
    for size in (1, children):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            this, last = made_set(size)
            write_set(folder / "this", this)
            write_set(folder / "last", last)
            rows = sum(map(len, this.values())) + sum(map(len, last.values()))
            least, median = timed(folder)
            print(f"check ssda903, {size} children ({rows} rows): least {least:.3f} s, median {median:.3f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
