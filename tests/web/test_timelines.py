"""The picture of a child's time, drawn by hand: bars stand where their days are, and never over one another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fairhold.web.timelines import LEFT, WIDTH, draw

TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Stay:
    start: date
    end: date | None
    lane: str = "School"
    label: str = "Oak (made up)"


def test_nothing_to_draw_is_no_picture() -> None:
    assert draw([], TODAY) is None


def test_a_year_is_drawn_from_its_first_day_to_its_last() -> None:
    drawing = draw([Stay(date(2026, 1, 1), date(2026, 7, 2))], TODAY)
    assert drawing is not None
    (bar,) = drawing.lanes[0].bars
    assert bar.x == LEFT
    assert abs(bar.width - (WIDTH - LEFT - 10) * 182 / 365) < 1
    assert bar.sentence == "School: Oak (made up), from 1 January 2026 until 2 July 2026"


def test_what_goes_on_reaches_the_day_shown_and_says_so() -> None:
    drawing = draw([Stay(date(2020, 9, 1), None)], TODAY)
    assert drawing is not None
    (bar,) = drawing.lanes[0].bars
    assert bar.x + bar.width == drawing.today
    assert bar.goes_on
    assert bar.sentence.endswith("and goes on")


def test_a_stay_too_short_for_its_words_still_has_its_sentence() -> None:
    drawing = draw([Stay(date(2010, 1, 1), None), Stay(date(2026, 1, 1), date(2026, 1, 3))], TODAY)
    assert drawing is not None
    short = drawing.lanes[0].bars[-1]
    assert short.words == ""
    assert "until 3 January 2026" in short.sentence


days = st.dates(date(2005, 1, 1), date(2030, 12, 31))
stays = st.builds(
    lambda start, length: Stay(start, None if length is None else start + timedelta(days=length)),
    days,
    st.none() | st.integers(1, 4000),
)


@given(st.lists(stays, min_size=1, max_size=12).map(lambda found: sorted(found, key=lambda stay: stay.start)))
def test_every_stay_has_a_bar_inside_the_picture_and_none_covers_another(found: list[Stay]) -> None:
    drawing = draw(found, TODAY)
    assert drawing is not None
    bars = [bar for lane in drawing.lanes for bar in lane.bars]
    assert len(bars) == len(found)
    for bar in bars:
        assert bar.x >= LEFT
        assert bar.x + bar.width <= WIDTH
        assert bar.y + 26 <= drawing.height
    for row in {bar.y for bar in bars}:
        for one, other in pairwise(sorted((bar for bar in bars if bar.y == row), key=lambda bar: bar.x)):
            assert one.x + one.width <= other.x + 3, "three units is the least width of a bar"
