"""Server time of the pages of faults over both social care returns, and of taking them in and checking them in a store.

`python -m bench.run findings`, or `python -m bench.bench_findings CHILDREN`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.borough import ADMINISTRATOR, FAIRHOLD, OFFICER
from bench.figures import Figure, median_ms, show
from bench.store import fresh_store
from fairhold import access, intake
from fairhold.access import accounts, schema
from fairhold.intake import NewSource, Outcome
from fairhold.returns.workspace import runs

YEAR, TIMES = 2027, 15
RETURNS = {"ssda903": "E09000031", "cin": "320"}
GOAL = "≤ 150 ms"


def main(children: int) -> None:
    """Fill a store with a set of so many children in each return, check it, and open the pages."""
    with tempfile.TemporaryDirectory() as name, fresh_store():
        folder = Path(name)
        _fill(folder, children)
        analyst = accounts.add_made_up(name="Made-up analyst", login="analyst", role_slug="analyst")
        for returned, la in RETURNS.items():
            _check(access.Actor(analyst, "Made-up analyst", "analyst"), returned, la)
        _open_pages(analyst)


def _fill(folder: Path, children: int) -> None:
    command = [FAIRHOLD, "synth", "--children", str(children), "--out", folder, "--json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    schema.migrate(demo=True)
    with access.scope(ADMINISTRATOR, "administration") as scope:
        intake.add_sources(scope, sources=[NewSource("case-system", "Made-up case system")])
    for title, part in (("SSDA903", "social-care"), ("children in need census", "children-in-need")):
        for delivered in sorted((folder / "in" / part).iterdir()):
            began = time.perf_counter()
            taken = intake.take_in(OFFICER, [delivered])
            assert all(one.outcome is Outcome.STORED for one in taken), [one.reason for one in taken]
            seconds = time.perf_counter() - began
            show(Figure(f"{title} {delivered.name}, {children:,} children, taken into the store", seconds, "s"))


def _check(analyst: access.Actor, name: str, la: str) -> None:
    with access.scope(analyst, "statutory-returns") as scope:
        taken = _timed(lambda: runs.check(scope, name=name, year=YEAR, la=la))
    show(Figure(f"{name}: every rule over the store, findings kept", taken, "s"))


def _open_pages(analyst: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "fairhold.web.settings"
    import django

    django.setup()
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    client.post("/sign-in/made-up/", {"account": analyst})
    client.post("/purpose/", {"purpose": "statutory-returns"})
    for number, name in enumerate(RETURNS, 1):
        for title, address in (("findings", f"/findings/{number}/"), ("faults", f"/findings/{number}/faults/")):
            assert client.get(address).status_code == 200, address
            taken = median_ms(lambda address=address: client.get(address), TIMES)  # type: ignore[misc]
            show(Figure(f"{name}: the page of {title}", taken, "ms", GOAL))


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
