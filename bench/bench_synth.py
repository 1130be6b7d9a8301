"""How long a made-up borough takes to write: wall time from the shell and peak memory, files and key together.

Run it alone (`python bench/bench_synth.py [PUPILS]`) or through `bench.run`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.figures import Figure, show

FAIRHOLD = Path(sys.executable).with_name("fairhold")


def main(pupils: int) -> None:
    """Write one borough in a process of its own and print what it took."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as said:
        command = [str(FAIRHOLD), "synth", "--pupils", str(pupils), "--out", folder, "--json"]
        began = time.perf_counter()
        started = subprocess.Popen(command, stdout=said)
        _, status, used = os.wait4(started.pid, 0)
        seconds = time.perf_counter() - began
        started.returncode = os.waitstatus_to_exitcode(status)
        if started.returncode:
            raise SystemExit("fairhold synth failed")
        said.seek(0)
        written = json.load(said)
    peak = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    show(Figure(f"{pupils:,} pupils written", seconds, "s", goal="≤ 60 s for 45,000"))
    show(Figure("peak memory", peak, "MiB", goal="≤ 500 MiB"))
    print(f"{written['files']} files, {written['rows']} rows, {written['bytes'] / 1e6:,.0f} MB with the key")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 45_000)
