"""The demo's day, of a small and of a whole borough: time, memory of all its processes, then the server time of pages.

`python -m bench.run demo`, or `python -m bench.bench_demo PUPILS`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, median_ms, show
from bench.store import fresh_store
from fairhold import access, record
from fairhold.access import accounts
from fairhold.cli import demo_clock

FAIRHOLD = str(Path(sys.executable).parent / "fairhold")
TIMES = 20


def main(sizes: list[int]) -> None:
    """Run the day for each size; measure pages on the last."""
    for pupils in sizes:
        with fresh_store():
            seconds, peak = _day(pupils)
            goal = {1000: "≤ 60 s", 45_000: "≤ 300 s"}.get(pupils, "")
            show(Figure(f"make demo SERVE=0, {pupils:,} pupils, after set-up", seconds, "s", goal))
            show(Figure("memory of all its processes at the peak", peak / 2**20, "MiB", "≤ 4096 MiB"))
            if pupils == sizes[-1]:
                _pages()


def _day(pupils: int) -> tuple[float, int]:
    """Seconds of the day, and the most memory its processes had together (shared pages counted once each: PSS)."""
    began, peak = time.perf_counter(), 0
    environment = {**os.environ, "PUPILS": str(pupils), "SERVE": "0"}
    with subprocess.Popen([FAIRHOLD, "demo"], env=environment, stdout=sys.stderr) as running:
        while running.poll() is None:
            peak = max(peak, sum(map(_pss, _family(os.getpid()))))
            time.sleep(0.5)
    if running.returncode:
        raise SystemExit(f"The demo ended with {running.returncode}.")
    return time.perf_counter() - began, peak


def _family(parent: int) -> Iterator[int]:
    """Processes below this one, and the database's, which stands apart."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
            except OSError:
                continue
            if b"fairhold" in words or words.startswith(b"postgres:"):
                number = int(folder.name)
                if number != parent:
                    yield number


def _pss(process: int) -> int:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)


def _pages() -> None:
    demo_clock.adopt()
    os.environ["DJANGO_SETTINGS_MODULE"] = "fairhold.web.settings"
    import django

    django.setup()
    from django.test import Client

    account = accounts.by_login("social-worker")
    assert account is not None
    client = Client(HTTP_HOST="localhost")
    client.post("/sign-in/made-up/", {"account": account.id})
    client.post("/purpose/", {"purpose": "safeguarding"})
    client.post("/children/", {"text": "khan"})  # what is searched for never stands in an address
    for name, path in _paths():
        assert client.get(path).status_code == 200, name
        taken = median_ms(lambda path=path: client.get(path), TIMES)  # type: ignore[misc]
        show(Figure(name, taken, "ms", "≤ 100 ms"))


def _paths() -> Iterator[tuple[str, str]]:
    account = accounts.by_login("social-worker")
    assert account is not None
    with access.scope(account.actor(), "safeguarding") as scope:
        person = record.search(scope, text="khan")[0].person
    yield "page: a child's record", f"/children/{person}/"
    yield "page: search", "/children/"
    yield "page: what needs doing today", "/"


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1000, 45_000])
