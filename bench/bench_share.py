"""The youth-support list of a whole borough: decided, written, encrypted, sent to a real SFTP server, and opened there.

`python -m bench.run share`, or `python -m bench.bench_share PUPILS`. What a list costs is the time of packing and
sending: there every child is decided again on the day, by both evaluators. Proposing it comes before and is told apart.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from bench.figures import Figure, median_ms, show
from bench.store import fresh_store
from fairhold import access
from fairhold.cli import demo_day, demo_partner, demo_share, look_for_circles_seldom
from fairhold.sharing import keys, proposing, sending
from fairhold.sharing.requesting import Asking

T = TypeVar("T")
FILLED = ("Set up the store", "Make up a borough", "Register the sources", "Take the files in", "Join the records",
          "Record the choices")  # fmt: skip
TIMES = 15


def main(pupils: int) -> None:
    """Fill a store, agree with a made-up recipient, propose, approve, and measure what leaves."""
    look_for_circles_seldom()  # as every command does
    with fresh_store() as home:
        day = demo_day.Day(home=home, borough=home / "borough", pupils=pupils, seed=1)
        for name, act in demo_day.STEPS:
            if name in FILLED:
                print(f"{name}: {act(day)}", flush=True)
        with demo_partner.serving(home / "partner", keys.ours().login) as partner:
            number = demo_share._register(day.actor("ig-officer"), day.actor("ig-officer-2"), partner)
            _list(day, partner, number)
        _pages(day)


def _list(day: demo_day.Day, partner: demo_partner.MadeUpPartner, number: int) -> None:
    youth, officer = day.actor("youth-officer"), day.actor("ig-officer")

    def propose() -> int:
        with access.scope(youth, "youth-support", login="worker") as scope:
            return proposing.propose(scope, asking=Asking(number, demo_share.NEED, "right-service")).id

    def leave() -> tuple[int, int]:
        with access.scope(youth, "youth-support", login="worker") as scope:
            made = sending.pack(scope, share=share)
        with access.scope(youth, "youth-support", login="worker") as scope:
            assert sending.send(scope, share=share)["arrived"]
        demo_share._open(day.home / "partner", partner, made)
        return made.children, made.rows or 0

    share, proposed = _timed(propose)
    with access.scope(officer, "information-governance", login="worker") as scope:
        proposing.judge(scope, share=share, approves=True, note="Agreement, need and counts seen (made up).")
    (children, rows), left = _timed(leave)
    show(Figure(f"{children:,} young people decided and put before a second person", proposed, "s"))
    what = f"{children:,} decided again; {rows:,} rows written, encrypted, sent, received, opened"
    show(Figure(what, left, "s", "≤ 3 s"))


def _pages(day: demo_day.Day) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "fairhold.web.settings"
    import django

    django.setup()
    from django.test import Client

    for login, purpose, title, address in (
        ("youth-officer", "youth-support", "the page of a share", "/shares/1/"),
        ("ig-officer", "information-governance", "the page that tries a case", "/policy/try/"),
    ):
        client = Client(HTTP_HOST="localhost")
        client.post("/sign-in/made-up/", {"account": day.actor(login).id})
        client.post("/purpose/", {"purpose": purpose})
        assert client.get(address).status_code == 200, address
        taken = median_ms(lambda at=address, by=client: by.get(at), TIMES)  # type: ignore[misc]
        show(Figure(title, taken, "ms", "≤ 100 ms"))


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    done = work()
    return done, time.perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 45_000)
