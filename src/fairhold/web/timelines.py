"""A child's time as a picture: lanes of bars over years, drawn as SVG inside the page, so that one look is one event.

Pure geometry; the template `parts/timeline.html` draws it. The table of the same spans always stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Protocol

LEFT, WIDTH, ROW, TOP = 215, 1080, 30, 30  # in the picture's own units; one is about a pixel on a wide screen
READABLE = 46  # a bar narrower than this carries no words


class Stretch(Protocol):
    """What is drawn: a label on a lane from a day until another (None: it goes on)."""

    @property
    def lane(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def start(self) -> date: ...
    @property
    def end(self) -> date | None: ...


@dataclass(frozen=True)
class Bar:
    """One bar: its corner and size, its words, and the whole sentence for those who point at it."""

    x: float
    y: float
    width: float
    words: str
    sentence: str
    goes_on: bool


@dataclass(frozen=True)
class Lane:
    """A named row of bars; `number` chooses its colour."""

    name: str
    y: float
    height: float
    bars: tuple[Bar, ...]
    number: int


@dataclass(frozen=True)
class Tick:
    """A year's line."""

    x: float
    words: str


@dataclass(frozen=True)
class Drawing:
    """The whole picture. `today` is where the day shown stands."""

    height: float
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    today: float
    width: int = WIDTH
    left: int = LEFT


def draw(spans: Sequence[Stretch], on: date) -> Drawing | None:
    """The picture of some spans as seen on a day; None when there is nothing to draw. Spans come lane by lane."""
    if not spans:
        return None
    first = min([on, *(span.start for span in spans)])
    last = max([on, *(span.end or on for span in spans)])
    scale = _Scale(date(first.year, 1, 1), date(last.year + 1, 1, 1))
    lanes: list[Lane] = []
    y: float = TOP
    for number, (name, group) in enumerate(groupby(spans, key=lambda span: span.lane)):
        rows = _rows(list(group), on)
        bars = tuple(_bar(span, y + row * ROW, scale, on) for row, level in enumerate(rows) for span in level)
        lanes.append(Lane(name, y, len(rows) * ROW, bars, number % 6))
        y += len(rows) * ROW + 12
    return Drawing(y, tuple(lanes), scale.ticks(), scale.x(on))


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date

    def x(self, day: date) -> float:
        part = (min(max(day, self.first), self.last) - self.first).days / (self.last - self.first).days
        return round(LEFT + part * (WIDTH - LEFT - 10), 1)

    def ticks(self) -> tuple[Tick, ...]:
        years = range(self.first.year, self.last.year)
        every = max(1, len(years) // 12)
        return tuple(Tick(self.x(date(year, 1, 1)), str(year)) for year in years if (year - years[0]) % every == 0)


def _rows(spans: Iterable[Stretch], on: date) -> list[list[Stretch]]:
    """Spans that overlap stand under one another."""
    rows: list[list[Stretch]] = []
    for span in spans:
        free = next((row for row in rows if (row[-1].end or date.max) <= span.start), None)
        if free is None:
            rows.append([span])
        else:
            free.append(span)
    return rows


def _bar(span: Stretch, y: float, scale: _Scale, on: date) -> Bar:
    x, end = scale.x(span.start), scale.x(span.end or max(on, span.start))
    width = max(end - x, 3)
    until = f"until {_day(span.end)}" if span.end else "and goes on"
    sentence = f"{span.lane}: {span.label}, from {_day(span.start)} {until}"
    return Bar(x, y, round(width, 1), span.label if width >= READABLE else "", sentence, span.end is None)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
