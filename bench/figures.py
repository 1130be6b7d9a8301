"""How a measure hands its figures to `bench.run`, and is read when run alone."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from json import dumps

MARK = "figure "


@dataclass(frozen=True)
class Figure:
    """One measured number. `goal` is what was asked for; `peer` what something else does in the same run."""

    what: str
    value: float
    unit: str
    goal: str = ""
    peer: str = ""


def show(figure: Figure) -> None:
    """Print a figure as one line that `bench.run` understands."""
    print(MARK + dumps(asdict(figure), ensure_ascii=False), flush=True)


def median_ms(work: Callable[[], object], times: int) -> float:
    """The median of many runs, in milliseconds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000
