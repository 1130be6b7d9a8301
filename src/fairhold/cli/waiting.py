"""A word on a terminal while something takes longer than a second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Say every second how long it has taken so far, on a terminal only; nothing of it stays."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    teller = threading.Thread(target=_tell, args=(what, done), daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def _tell(what: str, done: threading.Event) -> None:
    seconds = 0
    while not done.wait(1):
        seconds += 1
        sys.stderr.write(f"\r\033[K{what} ({seconds} s)")
        sys.stderr.flush()
    if seconds:
        sys.stderr.write("\r\033[K")
        sys.stderr.flush()
