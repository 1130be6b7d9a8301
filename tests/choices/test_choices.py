"""Choices are recorded once, end on the day they are withdrawn, and hang on the right child (all made up)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold import access, choices
from fairhold.choices import By, Choice, ChoiceError, Kind, NewChoice
from fairhold.dates import clock
from fairhold.engine import database

ScopeFor = Callable[[str, str], AbstractContextManager[access.Scope]]
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def consent(**changes: object) -> NewChoice:
    usual = {
        "kind": Kind.CONSENT,
        "by": By.PARENT,
        "recipient": "youth-support",
        "fields": ("school",),
        "from_date": date(2026, 1, 1),
        "to_date": None,
        "wording": "v1",
    }
    return NewChoice(**{**usual, **changes})  # type: ignore[arg-type]


def child(subject: int, *, upn: str, surname: str, born: str) -> None:
    """A child as a school knows them, written by the store's owner."""
    with database.connect("owner") as owner:
        for table, fields, values in (
            ("people.identifier", "kind, value", ("upn", upn)),
            ("people.name", "surname, forename", (surname, "Mia")),
            ("people.birth", "date_of_birth, sex", (born, "F")),
        ):
            owner.execute(f"alter table {table} no force row level security")
            owner.execute(
                f"insert into {table} (subject_id, known_from, delivery_id, fingerprint, {fields})"
                " values (%s, now(), 1, '\\x00', %s, %s)",
                (subject, *values),
            )
            owner.execute(f"alter table {table} force row level security")


@given(begins=DAYS, ends=st.none() | DAYS, day=DAYS)
def test_a_period_is_half_open(begins: date, ends: date | None, day: date) -> None:
    choice = Choice(1, 1, consent(from_date=begins, to_date=ends), withdrawn=False)
    assert choice.counts_on(day) == (begins <= day and (ends is None or day < ends))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"recipient": None}, "names the recipient"),
        ({"fields": None}, "names the recipient"),
        ({"to_date": date(2025, 1, 1)}, "ends before it begins"),
        ({"wording": " "}, "which wording"),
    ],
)
def test_a_choice_that_is_not_whole_is_not_recorded(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ChoiceError, match=says):
        choices.domain.judge(consent(**changes))


def test_a_choice_is_recorded_once_and_ends_today_when_withdrawn(scope_for: ScopeFor, clean: Path) -> None:
    child(1, upn="K320200124001", surname="Okoro", born="2012-05-01")
    with scope_for("youth-officer", "youth-support") as scope:
        assert choices.record(scope, subject=1, choice=consent()) is True
        assert choices.record(scope, subject=1, choice=consent()) is False
        [found] = choices.of_subjects(scope, subjects=[1])
        assert found.counts_on(clock.today())
        choices.withdraw(scope, choice=found.id)
        [after] = choices.of_subjects(scope, subjects=[1])
    assert after.withdrawn
    assert not after.counts_on(clock.today())


REGISTER = b"""UPN,SURNAME,FORENAME,DOB,KIND,BY,RECIPIENT,FIELDS,FROM,TO
K320200124001,OKORO,Mia,2012-05-01,consent,parent,youth-support,school;year_group,2026-01-01,
K320200124001,Okoro,Mia,2012-05-02,consent,parent,youth-support,school,2026-01-01,
Y320200124999,Nobody,Mia,2012-05-01,objection,parent,,,2026-01-01,
K320200124001,Okoro,Mia,2012-05-01,maybe,parent,youth-support,school,2026-01-01,
K320200124001,Okoro,Mia,2012-05-01,consent,parent,youth-support,school,1 May,
"""


def test_a_register_gives_its_good_rows_and_says_why_the_others_were_left(scope_for: ScopeFor, clean: Path) -> None:
    child(1, upn="K320200124001", surname="Okoro", born="2012-05-01")
    with scope_for("data-officer", "data-intake") as scope:
        added, left = choices.take_in(scope, REGISTER)
        again, _ = choices.take_in(scope, REGISTER)
        [found] = choices.of_subjects(scope, subjects=[1])
    assert (added, again) == (1, 0)
    assert found.choice.fields == ("school", "year_group")
    assert [(one.line, one.reason.split(":")[0]) for one in left] == [
        (3, "No child in the store has this UPN, birth date and surname"),
        (4, "No child in the store has this UPN, birth date and surname"),
        (5, "KIND is consent, objection, refusal or evidence, and BY is parent or young_person"),
        (6, "FROM is no date"),
    ]


def test_a_file_of_other_columns_is_refused(scope_for: ScopeFor, clean: Path) -> None:
    with scope_for("data-officer", "data-intake") as scope, pytest.raises(ChoiceError, match="no register of choices"):
        choices.take_in(scope, b"A,B\n1,2\n")
