"""Jobs done side by side on cursors of one DuckDB connection."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Any


@dataclass(frozen=True)
class Job:
    """Something to do with a cursor, when the jobs named in `after` have ended; these stand before it."""

    do: Callable[[Any], None]
    name: str = ""
    after: tuple[str, ...] = ()


def side_by_side(con: Any, jobs: Sequence[Job], threads: int, patience: float = inf) -> None:
    """Do every job once, begun in their order, each with a cursor; raises what a job raised when all have ended.

    A job waits only for jobs before it, which some thread has begun by then, so that no two can wait for each other.
    One that works longer than `patience` (seconds) is interrupted; each time there is half as much patience left.
    """
    work = _Work(con, jobs)
    workers = [threading.Thread(target=work.go_on) for _ in range(min(threads, len(jobs)))]
    for worker in workers:
        worker.start()
    for worker in workers:
        while worker.is_alive():
            worker.join(None if patience == inf else max(patience / 10, 0.1))
            if work.interrupt(patience):
                patience = max(patience / 2, 1.0)
    if work.failed:
        raise work.failed[0]


class _Work:
    """Jobs that several threads take in turn."""

    def __init__(self, con: Any, jobs: Sequence[Job]) -> None:
        self._con = con
        self._waiting = deque(jobs)
        self._ended = {job.name: threading.Event() for job in jobs if job.name}
        self._busy: dict[int, tuple[Any, float]] = {}  # by thread: its cursor, and since when it works on its job
        self.failed: list[BaseException] = []

    def go_on(self) -> None:
        """Take jobs until none is left, or one has failed."""
        cursor = self._con.cursor()
        try:
            while not self.failed:
                try:
                    job = self._waiting.popleft()
                except IndexError:  # another thread took the last one
                    return
                self._do(job, cursor)
        except BaseException as error:  # raised again where the jobs were asked for
            self.failed.append(error)
        finally:
            cursor.close()

    def _do(self, job: Job, cursor: Any) -> None:
        me = threading.get_ident()
        for name in job.after:
            if name in self._ended:
                self._ended[name].wait()
        self._busy[me] = cursor, monotonic()
        try:
            job.do(cursor)
        finally:
            del self._busy[me]
            if job.name:
                self._ended[job.name].set()

    def interrupt(self, patience: float) -> bool:
        """Interrupt the jobs that have worked longer than that; whether there were any."""
        late = [cursor for cursor, since in list(self._busy.values()) if monotonic() - since > patience]
        for cursor in late:
            cursor.interrupt()
        return bool(late)
