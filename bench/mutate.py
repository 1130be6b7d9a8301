"""Mutation testing of the sharing gate: `python -m bench.mutate [KIND…]`, with kinds tables, cedar, sql, python.

Every mutant is held to the drawn tables of `tests/sharing` in this process; the score and each survivor, with why it
survives, are kept in `bench/results/mutation.md`. Exit code 1 where the score is below the goal or a survivor has no
explanation.
"""

from __future__ import annotations

import csv
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from bench.mutation import of_cedar, of_python, of_sql, of_tables
from bench.mutation.domain import Mutant
from bench.run import machine

GOAL = 95.0
HERE = Path(__file__).resolve().parent
KINDS = {"tables": of_tables, "cedar": of_cedar, "sql": of_sql, "python": of_python}
WHAT = {
    "tables": "rows and cells of the policy tables",
    "cedar": "Cedar texts",
    "sql": "the second evaluator's SQL",
    "python": "the Python of both evaluators and the gate",
}


@cache
def every(kinds: tuple[str, ...]) -> list[Mutant]:
    """All mutants, in an order that is the same in each process."""
    return [mutant for kind in kinds for mutant in KINDS[kind].mutants()]


@cache
def _judge() -> object:
    from bench.mutation.running import Judge

    return Judge()


def judged(kinds: tuple[str, ...], start: int, step: int) -> list[tuple[int, bool]]:
    """Every `step`-th mutant from `start`: its number, and whether it was killed."""
    mutants = every(kinds)
    return [(number, _judge().kills(mutants[number])) for number in range(start, len(mutants), step)]  # type: ignore[attr-defined]


def main(chosen: list[str]) -> int:
    """Run the mutants and write the page."""
    kinds = tuple(chosen or KINDS)
    if unknown := set(kinds) - set(KINDS):
        print(f"There is no kind {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}.", file=sys.stderr)
        return 2
    began, jobs = time.perf_counter(), min(os.cpu_count() or 1, 8)
    mutants, slices = every(kinds), jobs * 8
    killed: dict[int, bool] = {}
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for found in pool.map(judged, [kinds] * slices, range(slices), [slices] * slices):
            killed.update(found)
            print(f"{len(killed):>6} of {len(mutants)} mutants judged", flush=True)
    survivors = [mutants[number] for number, dead in sorted(killed.items()) if not dead]
    page, good = written(mutants, survivors, time.perf_counter() - began)
    if not chosen:
        (HERE / "results" / "mutation.md").write_text(page, encoding="utf-8")
    print(page)
    return 0 if good else 1


def explained() -> dict[str, str]:
    """Why a mutant may survive, by its name."""
    with (HERE / "mutation" / "survivors.csv").open(encoding="utf-8", newline="") as stream:
        return {row["mutant"]: row["why"] for row in csv.DictReader(stream)}


def written(mutants: list[Mutant], survivors: list[Mutant], seconds: float) -> tuple[str, bool]:
    """The page, and whether the goal is met and every survivor explained."""
    all_of, left = Counter(one.kind for one in mutants), Counter(one.kind for one in survivors)
    why = explained()
    rows = [
        f"| {WHAT[kind]} | {all_of[kind]:,} | {all_of[kind] - left[kind]:,} | {_score(all_of[kind], left[kind]):.1f}% |"
        for kind in all_of
    ]
    score = _score(len(mutants), len(survivors))
    told = [f"- `{one.name}`: {why.get(one.name, 'NOT EXPLAINED')}" for one in survivors]
    parts = [
        "# mutation of the sharing gate\n",
        f"{machine()}; `make mutate`, {seconds:.0f} s.\n",
        f"{len(mutants):,} mutants, {len(mutants) - len(survivors):,} killed: **{score:.1f}%** (goal {GOAL:.0f}%).\n",
        "\n".join(["| mutants of | made | killed | score |", "| --- | ---: | ---: | ---: |", *rows]) + "\n",
        "## Survivors\n",
        "\n".join(told) or "None.",
    ]
    return "\n".join(parts) + "\n", score >= GOAL and all(one.name in why for one in survivors)


def _score(made: int, left: int) -> float:
    return 100 * (made - left) / made if made else 100.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
