"""Runs every `bench/bench_*.py` in a process of its own: `python -m bench.run [NAME…]`.

Prints a table and keeps it in `bench/results/NAME.md`: each figure with its goal and its peer, the wall time and the
peak memory of the whole process. A measure prints figures with `figures.show`; its other lines are kept as they are.
Run one at a time on a quiet machine: the figures are of this machine, good to a factor of two.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.figures import MARK, Figure

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"


@dataclass(frozen=True)
class Run:
    """What one measure said and used."""

    name: str
    figures: tuple[Figure, ...]
    words: tuple[str, ...]
    seconds: float
    peak_mib: float
    failed: bool


def main(chosen: list[str]) -> int:
    """Run the named measures, or all; exit code 1 when one failed, 2 for a name there is none of."""
    names = sorted(file.stem.removeprefix("bench_") for file in HERE.glob("bench_*.py"))
    unknown = set(chosen) - set(names)
    if unknown:
        print(f"There is no measure {', '.join(sorted(unknown))}; there are {', '.join(names)}.", file=sys.stderr)
        return 2
    RESULTS.mkdir(exist_ok=True)
    runs = []
    for name in chosen or names:
        print(f"== {name}", flush=True)
        runs.append(run(name))
        page = written(runs[-1])
        (RESULTS / f"{name}.md").write_text(page, encoding="utf-8")
        print(page.partition("\n\n")[2], flush=True)
    return int(any(done.failed for done in runs))


def run(name: str) -> Run:
    """Run one measure in a fresh process, so that neither time nor memory of another counts."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        command = [sys.executable, "-m", f"bench.bench_{name}"]
        started = subprocess.Popen(command, cwd=HERE.parent, stdout=out, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        lines = out.read().splitlines()
    figures = tuple(Figure(**json.loads(line.removeprefix(MARK))) for line in lines if line.startswith(MARK))
    words = tuple(line for line in lines if line.strip() and not line.startswith(MARK))
    peak = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Run(name, figures, words, time.perf_counter() - began, peak, bool(started.returncode))


def written(done: Run) -> str:
    """The page of one measure."""
    parts = [f"# {done.name}\n", f"{machine()}; `python -m bench.run {done.name}`.\n"]
    if done.figures:
        rows = [("what", "measured", "goal", "peer in the same run"), ("---", "---:", "---", "---")]
        rows += [(one.what, f"{one.value:,.4g} {one.unit}", one.goal, one.peer) for one in done.figures]
        parts.append("".join(f"| {' | '.join(row)} |\n" for row in rows))
    if done.words:
        parts.append("```\n" + "\n".join(done.words) + "\n```\n")
    ended = "failed after" if done.failed else "took"
    parts.append(f"The whole run {ended} {done.seconds:.1f} s and at most {done.peak_mib:,.0f} MiB (this process).\n")
    return "\n".join(parts)


def machine() -> str:
    """What the figures were measured on, without its name."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
