"""Jobs done side by side on cursors of one DuckDB connection."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Job:
    """Something to do with a cursor, when the jobs named in `after` have ended; these stand before it."""

    do: Callable[[Any], None]
    name: str = ""
    after: tuple[str, ...] = ()


def side_by_side(con: Any, jobs: Sequence[Job], threads: int) -> None:
    """Do every job once, begun in their order, each with a cursor; raises what a job raised when all have ended.

    A job waits only for jobs before it, which some thread has begun by then, so that no two can wait for each other.
    """
    waiting = deque(jobs)
    ended = {job.name: threading.Event() for job in jobs if job.name}
    failed: list[BaseException] = []

    def work() -> None:
        cursor = con.cursor()
        try:
            while not failed:
                try:
                    job = waiting.popleft()
                except IndexError:  # another thread took the last one
                    return
                for name in job.after:
                    if name in ended:
                        ended[name].wait()
                try:
                    job.do(cursor)
                finally:
                    if job.name:
                        ended[job.name].set()
        except BaseException as error:  # raised again where the jobs were asked for
            failed.append(error)
        finally:
            cursor.close()

    workers = [threading.Thread(target=work) for _ in range(min(threads, len(jobs)))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failed:
        raise failed[0]
