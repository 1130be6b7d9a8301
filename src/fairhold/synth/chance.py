"""Draws that depend on the seed and on what they are for, never on the order in which things are built."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def stream(seed: int, *what: str | int) -> Random:
    """A stream of draws of its own for one thing and one purpose; the same on every machine and run."""
    return Random("/".join(map(str, (seed, *what))))  # noqa: S311 - made-up data, no secrets


def exactly(rate: float, eligible: int) -> int:
    """How many of `eligible` things a rate means: the nearest whole number, a half upwards."""
    return min(eligible, int(rate * eligible + 0.5))


class Bag(Generic[T]):
    """Things drawn in proportion to their weights."""

    __slots__ = ("things", "totals")

    def __init__(self, weights: Sequence[tuple[T, float]]) -> None:
        self.things = [thing for thing, _ in weights]
        self.totals = list(accumulate(weight for _, weight in weights))

    def draw(self, rng: Random) -> T:
        """One thing."""
        return rng.choices(self.things, cum_weights=self.totals)[0]


def bag(text: str) -> Bag[str]:
    """A bag from text such as `N1:54;N4:14`."""
    pairs = (part.split(":") for part in text.split(";"))
    return Bag([(thing, float(weight)) for thing, weight in pairs])
