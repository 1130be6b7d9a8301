"""Jobs done side by side on cursors of one DuckDB connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

Job = Callable[[Any], None]


def side_by_side(con: Any, jobs: Sequence[Job], threads: int) -> None:
    """Do every job once, each with a cursor, in no fixed order; raises what a job raised when all have ended."""
    waiting = list(reversed(jobs))
    failed: list[BaseException] = []

    def work() -> None:
        cursor = con.cursor()
        try:
            while waiting and not failed:
                try:
                    job = waiting.pop()
                except IndexError:  # another thread took the last one
                    return
                job(cursor)
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
