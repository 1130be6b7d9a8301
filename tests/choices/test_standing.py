"""Which choices count on a day, drawn as tables; a no or a withdrawal never lets more go (all made up)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.choices import Authority, By, Channel, Choice, ChoiceError, Kind, NewChoice, counting, why_not
from fairhold.choices.domain import judge_right
from fairhold.choices.wordings import find, in_force, judge_seen

BORN = date(2010, 11, 24)
BIRTHDAY = date(2026, 11, 24)
DAY = date(2026, 11, 23)
FIELDS = ("school", "year_group", "send_support")


def said(number: int, line: str) -> Choice:
    """`consent parent 2026-01-01 school,year_group [to]`: one choice of a small drawn table."""
    kind, by, begins, fields, *ends = line.split()
    new = NewChoice(
        Kind(kind), By(by), "youth-support", tuple(fields.split(",")), date.fromisoformat(begins),
        date.fromisoformat(ends[0]) if ends else None, "v1",
    )  # fmt: skip
    return Choice(number, 1, new, bool(ends))


def opened(lines: list[str], on: date) -> dict[str, set[str]]:
    heard = counting([said(number, line) for number, line in enumerate(lines, 1)], on=on)
    found: dict[str, set[str]] = {}
    for one in heard:
        if one.choice.kind is Kind.CONSENT and one.counts_on(on):
            found.setdefault(one.choice.by.value, set()).update(one.choice.fields or ())
    return found


@pytest.mark.proves("N114", "N116")
@pytest.mark.parametrize(("lines", "expected"), [
    (["consent parent 2026-01-01 school"], {"parent": {"school"}}),
    (["consent parent 2026-01-01 school,year_group", "refusal parent 2026-02-01 school"], {"parent": {"year_group"}}),
    (["refusal parent 2026-01-01 school", "consent parent 2026-02-01 school"], {"parent": {"school"}}),
    (["consent parent 2026-01-01 school", "refusal parent 2026-01-01 school"], {}),  # same day: the later recorded
    (["refusal parent 2026-01-01 school", "consent parent 2026-01-01 school"], {"parent": {"school"}}),
    # a no that is withdrawn does not bring the old yes back
    (["consent parent 2026-01-01 school", "refusal parent 2026-02-01 school 2026-03-01"], {}),
    # the young person's own no, before 16
    (["refusal young_person 2026-01-01 school", "consent parent 2026-02-01 school"], {}),
    (["consent young_person 2026-01-01 school", "refusal parent 2026-02-01 school"], {"young_person": {"school"}}),
    (["consent parent 2026-01-01 school", "refusal parent 2027-02-01 school"], {"parent": {"school"}}),  # not begun
    (["evidence parent 2026-01-01 school"], {}),
])  # fmt: skip
def test_the_newest_word_of_the_same_person_wins(lines: list[str], expected: dict[str, set[str]]) -> None:
    assert opened(lines, DAY) == expected


CHOICES = st.builds(
    lambda kind, by, begins, ends, fields: NewChoice(
        kind, by, "youth-support", tuple(sorted(fields)), begins, None if ends is None else max(begins, ends), "v1"
    ),
    st.sampled_from([Kind.CONSENT, Kind.REFUSAL, Kind.EVIDENCE]),
    st.sampled_from(list(By)),
    st.dates(date(2026, 1, 1), date(2026, 3, 1)),
    st.none() | st.dates(date(2026, 1, 1), date(2026, 4, 1)),
    st.sets(st.sampled_from(FIELDS), min_size=1),
)


@pytest.mark.proves("N114", "N116", "N042")
@given(news=st.lists(CHOICES, max_size=6), no=CHOICES, on=st.dates(date(2026, 1, 1), date(2026, 4, 1)), data=st.data())
def test_a_withdrawal_or_a_no_never_opens_more(
    news: list[NewChoice], no: NewChoice, on: date, data: st.DataObject
) -> None:
    def let(mine: list[Choice]) -> set[tuple[str, str]]:
        return {
            (one.choice.by.value, name)
            for one in counting(mine, on=on)
            if one.choice.kind is Kind.CONSENT and one.counts_on(on)
            for name in one.choice.fields or ()
        }

    mine = [Choice(number, 1, new, False) for number, new in enumerate(news, 1)]
    before = let(mine)
    for kind in (Kind.REFUSAL, Kind.OBJECTION, Kind.EVIDENCE):
        assert let([*mine, Choice(99, 1, replace(no, kind=kind), False)]) <= before
    if mine:
        place = data.draw(st.integers(0, len(mine) - 1))
        gone = mine[place]
        ended = replace(gone.choice, to_date=max(gone.choice.from_date, min(gone.choice.to_date or on, on)))
        assert let([*mine[:place], Choice(gone.id, 1, ended, True), *mine[place + 1 :]]) <= before


@pytest.mark.proves("N116")
def test_the_page_says_why_a_choice_does_not_count() -> None:
    parent, own = said(1, "consent parent 2026-01-01 school"), said(2, "consent young_person 2026-11-24 school")
    early = said(3, "consent young_person 2026-05-01 school")
    no, part = said(4, "refusal parent 2026-02-01 school"), said(5, "consent parent 2026-01-01 school,year_group")
    table = [
        (parent, [parent], DAY, None),
        (parent, [parent], BIRTHDAY, "It stopped on the 16th birthday"),
        (own, [own], BIRTHDAY, None),
        (own, [own], DAY, "It has not begun"),
        (early, [early], BIRTHDAY, "It was given before the 16th birthday"),
        (parent, [parent, no], DAY, "A newer no"),
        (part, [part, no], DAY, "In part: a no is on file to school"),
        (no, [parent, no], DAY, None),
        (no, [parent, no], BIRTHDAY, "Since the 16th birthday"),
        (no, [no, said(6, "consent parent 2026-03-01 school")], DAY, "A newer yes"),
        (said(7, "evidence parent 2026-01-01 school"), [], DAY, "Evidence only"),
        (said(8, "consent parent 2026-01-01 school 2026-02-01"), [], DAY, "Withdrawn"),
    ]
    for one, every, on, expected in table:
        why = why_not(one, every, born=BORN, on=on)
        assert (why is None) if expected is None else (why or "").startswith(expected), (one, on, why)
    assert why_not(parent, [parent], born=None, on=DAY) == "The birth date is not known: no yes counts."
    objection = said(9, "objection parent 2026-01-01 school")
    assert why_not(objection, [objection], born=None, on=DAY) is None


def yes(**changes: object) -> NewChoice:
    usual = {
        "kind": Kind.CONSENT, "by": By.PARENT, "recipient": "youth-support", "fields": ("school",), "from_date": DAY,
        "to_date": None, "wording": "youth-extra-1", "authority": Authority.BIRTH, "channel": Channel.PAPER,
    }  # fmt: skip
    return NewChoice(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.proves("N114", "N116")
def test_a_yes_is_taken_from_the_right_person_on_the_day_and_unknown_means_no() -> None:
    judge_right(yes(), BORN)
    judge_right(yes(by=By.YOUNG_PERSON, authority=Authority.SELF, from_date=BIRTHDAY), BORN)
    for new, born, says in (
        (yes(), None, "birth date"),
        (yes(from_date=BIRTHDAY), BORN, "young person's own"),
        (yes(by=By.YOUNG_PERSON), BORN, "Before the 16th"),
        (yes(authority=Authority.UNKNOWN), BORN, "parental responsibility"),
        (yes(authority=Authority.SELF), BORN, "parental responsibility"),
    ):
        with pytest.raises(ChoiceError, match=says):
            judge_right(new, born)
        judge_right(replace(new, kind=Kind.REFUSAL), born)  # a no is taken from whoever makes it


@pytest.mark.proves("N041", "N114")
def test_the_wording_seen_was_in_force_and_is_about_this() -> None:
    judge_seen(yes())
    judge_seen(yes(kind=Kind.REFUSAL))
    for new, says in (
        (yes(wording="youth-extra-9"), "no such wording"),
        (yes(from_date=date(2025, 12, 31)), "no such wording"),
        (yes(wording="objection-1"), "another kind"),
        (yes(recipient="charity"), "another recipient"),
        (yes(fields=("upn",)), "says nothing of upn"),
    ):
        with pytest.raises(ChoiceError, match=says):
            judge_seen(new)
    for wording in in_force(DAY):
        assert "say no" in wording.text or wording.kind is Kind.OBJECTION
        assert "unverified" in wording.source
        assert find(wording.slug, DAY) == wording
