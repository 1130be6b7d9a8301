"""How values go wrong, one slip at a time."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.catalogue.codes import ever
from fairhold.synth import lists, spoil
from fairhold.synth.chance import exactly

NAMES = sorted({n for c in lists.cultures().values() for n in (*c.boys, *c.girls, *c.surnames)})


def distance(one: str, other: str) -> int:
    """Edits (a swap of neighbours counts as one) between two names."""
    rows = {(-1, -1): 0}
    for i in range(-1, len(one)):
        for j in range(-1, len(other)):
            if i < 0 or j < 0:
                rows[i, j] = max(i, j) + 1
                continue
            cost = one[i] != other[j]
            rows[i, j] = min(rows[i - 1, j] + 1, rows[i, j - 1] + 1, rows[i - 1, j - 1] + cost)
            if i and j and one[i] == other[j - 1] and one[i - 1] == other[j]:
                rows[i, j] = min(rows[i, j], rows[i - 2, j - 2] + 1)
    return rows[len(one) - 1, len(other) - 1]


@given(st.sampled_from(NAMES), st.integers(0, 9999))
def test_a_typo_is_one_slip(name: str, seed: int) -> None:
    assert distance(name, spoil.typo(Random(seed), name)) == 1


@given(st.dates(date(2005, 1, 1), date(2026, 11, 1)), st.integers(0, 9999))
def test_a_mistyped_date_is_another_date_with_one_digit_wrong(born: date, seed: int) -> None:
    made = spoil.mistyped(Random(seed), born)
    assert sum(a != b for a, b in zip(born.isoformat(), made.isoformat(), strict=True)) == 1


SWAPPED = [
    (date(2012, 3, 4), date(2012, 4, 3)),
    (date(2012, 5, 12), date(2012, 12, 5)),
    (date(2012, 5, 13), None),
    (date(2012, 7, 7), None),
]


@pytest.mark.parametrize(("born", "made"), SWAPPED)
def test_day_and_month_exchanged(born: date, made: date | None) -> None:
    assert spoil.swapped(born) == made


PLAIN = [
    ("Wiśniewski", "Wisniewski"),
    ("Łukasz", "Lukasz"),
    ("Żaneta", "Zaneta"),
    ("Şahin", "Sahin"),
    ("Smith", "Smith"),
]


@pytest.mark.parametrize(("name", "plain"), PLAIN)
def test_without_diacritics(name: str, plain: str) -> None:
    assert spoil.plain(name) == plain


@given(st.integers(0, 9999))
def test_a_double_name_comes_apart(seed: int) -> None:
    assert spoil.loosened(Random(seed), "Ali-Khan") in {"Ali Khan", "Ali", "Khan"}


@pytest.mark.parametrize(
    ("rate", "rows", "count"), [(0.025, 20, 1), (0.02, 10, 0), (0.5, 3, 2), (2.0, 5, 5), (0.0, 9, 0)]
)
def test_exact_counts_round_half_up_and_never_beyond(rate: float, rows: int, count: int) -> None:
    assert exactly(rate, rows) == count


def test_lists_use_codes_of_the_code_sets() -> None:
    assert set(lists.culture_of()) <= ever("ethnicity_main")
    assert {language for c in lists.cultures().values() for language in c.languages.things} <= ever("language")


def test_variants_are_other_names() -> None:
    for name, others in lists.variants().items():
        assert others
        assert name not in others


def test_no_street_or_school_is_listed_twice() -> None:
    for names in (lists.streets() + lists.quiet_streets(), lists.school_names()):
        assert len(names) == len(set(names))
