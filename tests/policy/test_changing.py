"""A change of law or policy is one dated row: what tightens counts, what may loosen waits for a second person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fairhold import access, policy
from fairhold.dates import clock
from fairhold.engine import database
from fairhold.errors import PlainError
from fairhold.governance import dated
from fairhold.policy import Effect, State

FIRST = access.Actor(21, "Made-up first officer", "ig-officer")
SECOND = access.Actor(22, "Made-up second officer", "ig-officer")
TODAY, SPRING = date(2026, 11, 24), date(2027, 4, 1)
Scope = access.Scope


@pytest.fixture(autouse=True)
def _day(clean: Path) -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


def as_ig(actor: access.Actor = FIRST) -> Any:
    return access.scope(actor, "information-governance")


def change(scope: Scope, file: str, key: str, begins: date = SPRING, until: date | None = None, **cells: str) -> Any:
    return policy.change(
        scope, file=file, key=key, cells=cells, begins=begins, until=until, reason="Made-up advice of 1 November"
    )


def cell(scope: Scope, file: str, key: str, column: str, day: str) -> str | None:
    """What a column of the row about `key` says on a day; None where there is no such row."""
    keyed = {" ".join(row[name] for name in dated.FILES[file]).strip(): row for row in policy.book(scope).on(file, day)}
    return keyed[key][column] if key in keyed else None


def test_a_tightening_counts_from_its_day_until_it_ends() -> None:
    with as_ig() as scope:
        made = change(scope, "policy_recipients", "youth-support", age_from="14", until=date(2028, 4, 1))
        assert (made.effect, made.state) == (Effect.TIGHTENS, State.COUNTS)
        days = {"2027-03-31": "13", "2027-04-01": "14", "2028-03-31": "14", "2028-04-01": "13"}
        for day, age in days.items():
            assert cell(scope, "policy_recipients", "youth-support", "age_from", day) == age, day


def test_a_loosening_waits_for_a_second_person_and_begins_no_sooner_than_their_yes() -> None:
    with as_ig() as scope:
        made = change(scope, "policy_opens", "health law", fields="name address date_of_birth nhs_number")
        assert (made.effect, made.state) == (Effect.LOOSENS, State.WAITS)
        assert "nhs_number" not in (cell(scope, "policy_opens", "health law", "fields", "2027-05-01") or "")
        with pytest.raises(access.Refused, match="yourself"):
            policy.second(scope, row=made.id)
    with clock.frozen(date(2027, 4, 9)), as_ig(SECOND) as scope:
        assert policy.second(scope, row=made.id).from_date == date(2027, 4, 9)
        assert "nhs_number" not in (cell(scope, "policy_opens", "health law", "fields", "2027-04-08") or "")
        assert "nhs_number" in (cell(scope, "policy_opens", "health law", "fields", "2027-04-09") or "")


# file, what it is about, the change, what it does
EFFECTS = [
    ("policy_recipients", "youth-support", {"age_to": "19"}, Effect.TIGHTENS),
    ("policy_recipients", "youth-support", {"age_from": "12"}, Effect.LOOSENS),
    ("policy_recipients", "youth-support", {"age_from": "14", "age_to": "21"}, Effect.LOOSENS),
    ("policy_recipients", "post-16-provider", {"resident": "yes"}, Effect.TIGHTENS),
    ("policy_recipients", "post-16-provider", {"link": ""}, Effect.LOOSENS),
    ("policy_recipients", "school", {"link": "placed_with"}, Effect.LOOSENS),
    ("policy_recipients", "police", {"objection": "heeded"}, Effect.TIGHTENS),
    ("policy_recipients", "police", {"officer": "no"}, Effect.LOOSENS),
    ("policy_recipients", "school", {"approvals": "2"}, Effect.TIGHTENS),
    ("policy_recipients", "school", {"schedule": "no"}, Effect.TIGHTENS),
    ("policy_recipients", "school", {"name": "the school team"}, Effect.WORDS),
    ("policy_opens", "dfe law", {"fields": "upn sex"}, Effect.TIGHTENS),
    ("policy_opens", "dfe law", {"fields": "upn nhs_number"}, Effect.LOOSENS),
    ("policy_opens", "dfe law", {"gateway": "LB01"}, Effect.TIGHTENS),
    ("policy_opens", "dfe law", {"gateway": "LB16"}, Effect.LOOSENS),
    ("lawful_bases", "LB23", {"commenced": "no"}, Effect.TIGHTENS),
    ("lawful_bases", "LB20", {"commenced": "yes"}, Effect.LOOSENS),
    ("policy_purposes", "safeguarding always", {"recipients": "health police"}, Effect.TIGHTENS),
    ("policy_purposes", "safeguarding emergency", {"recipients": "health police"}, Effect.LOOSENS),
    ("policy_channels", "portal", {"recipients": "research"}, Effect.TIGHTENS),
    ("policy_channels", "portal", {"never": "yes"}, Effect.LOOSENS),
    ("policy_channels", "collect", {"never": "yes"}, Effect.TIGHTENS),
    ("policy_channels", "phone", {"emergency": "no"}, Effect.LOOSENS),
    ("policy_fields", "address", {"core": "no"}, Effect.LOOSENS),
    ("policy_refusals", "R07.old", {"reason": "The child is too old."}, Effect.WORDS),
]


def test_what_tightens_and_what_may_loosen() -> None:
    with as_ig() as scope:
        for file, key, cells, does in EFFECTS:
            assert change(scope, file, key, **cells).effect is does, (file, key, cells)


REFUSED = [
    ("policy_recipients", "youth-support", {"age_from": "thirteen"}, "whole number"),
    ("policy_recipients", "youth-support", {"age_from": ""}, "all three"),
    ("policy_recipients", "youth-support", {"age_from": "21"}, "must rise"),
    ("policy_recipients", "youth-support", {"resident": "maybe"}, "takes one of"),
    ("policy_recipients", "youth-support", {"slug": "other"}, "cannot be set"),
    ("policy_recipients", "youth-support", {"age_from": "13"}, "says that already"),
    ("policy_recipients", "nobody", {"name": "nobody"}, "no row"),
    ("policy_recipients", "school", {"name": "the educational organisation"}, "too hard"),
    ("policy_opens", "dfe law", {"fields": "shoe_size"}, "does not list"),
    ("policy_opens", "dfe law", {"gateway": "LB99"}, "does not list"),
    ("policy_refusals", "R07.old", {"reason": "{child} is too old."}, "curly"),
    ("retention", "RT01", {"period": "never"}, "no dated rows"),
]


@pytest.mark.parametrize(("file", "key", "cells", "says"), REFUSED)
def test_what_no_evaluator_could_read_is_refused_with_a_sentence(
    file: str, key: str, cells: dict[str, str], says: str
) -> None:
    with as_ig() as scope:
        with pytest.raises(PlainError, match=says):
            change(scope, file, key, **cells)
        assert policy.changes(scope) == []


def test_nothing_begins_in_the_past_and_nothing_is_undone_unseen() -> None:
    with as_ig() as scope:
        with pytest.raises(access.Refused, match="today or later"):
            change(scope, "policy_recipients", "school", begins=date(2026, 11, 23), approvals="1")
        change(scope, "policy_recipients", "school", begins=date(2028, 1, 1), approvals="1")
        with pytest.raises(access.Refused, match="lets more go"):
            change(scope, "policy_recipients", "school", begins=SPRING, approvals="2")
        change(scope, "policy_recipients", "school", begins=date(2028, 1, 1), approvals="2")


def test_only_what_has_not_begun_and_lets_no_more_go_without_it_is_withdrawn() -> None:
    with as_ig() as scope:
        waits = change(scope, "policy_recipients", "school", approvals="0", agreement="no", link="")
        counts = change(scope, "policy_recipients", "dfe", approvals="2")
        assert policy.withdraw(scope, row=waits.id).state is State.WITHDRAWN
        with pytest.raises(access.Refused, match="counts already"):
            policy.withdraw(scope, row=counts.id)
    with as_ig(SECOND) as scope, pytest.raises(access.Refused, match="does not wait"):
        policy.second(scope, row=waits.id)


def test_a_row_about_something_new_needs_all_its_columns_and_two_people() -> None:
    with as_ig() as scope:
        made = change(
            scope, "policy_opens", "health law s16LA", recipient="health", by="law", part="s16LA",
            fields="nhs_number", gateway="LB20", law="health",
        )  # fmt: skip
        assert made.state is State.WAITS
    with as_ig(SECOND) as scope:
        policy.second(scope, row=made.id)
        assert cell(scope, "policy_opens", "health law s16LA", "fields", "2027-04-01") == "nhs_number"


def test_the_book_as_it_was_known_then_can_be_had_again() -> None:
    with as_ig() as scope:
        change(scope, "policy_recipients", "school", begins=TODAY, approvals="1")
        now, before = policy.book(scope), policy.book(scope, known=clock.start_of(TODAY))
        assert now.digest != before.digest
        assert policy.book(scope) is now  # and is not made afresh each time


@pytest.mark.parametrize(
    "statement",
    [
        "delete from system.policy_row",
        "update system.policy_row set reason = 'other'",
        "update system.policy_row set content = '{}'",
        "update system.policy_row set effect = 'words'",
        "update system.policy_row set from_date = from_date + 1",
        "update system.policy_row set seconded_by = entered_by, seconded_at = now()",
    ],
)
def test_the_database_itself_keeps_rows_as_they_were_entered(statement: str) -> None:
    with as_ig() as scope:
        change(scope, "policy_opens", "health law", fields="name upn address")
    with pytest.raises(psycopg.Error), as_ig() as scope:
        scope.run(statement)


def test_in_a_real_store_a_shipped_row_may_not_be_relied_on_until_it_is_confirmed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with as_ig() as scope:
        assert policy.unconfirmed(scope) == frozenset()
        monkeypatch.setattr(Scope, "value", lambda self, query, params=None: False)
        before = policy.unconfirmed(scope)
    with as_ig() as scope:
        monkeypatch.undo()
        with clock.frozen(TODAY):
            policy.confirm(scope, file="lawful_bases", row="LB23", note="Made-up advice")
            monkeypatch.setattr(Scope, "value", lambda self, query, params=None: False)
            assert len(before - policy.unconfirmed(scope)) == 1


def test_nobody_else_may_change_policy() -> None:
    youth = access.Actor(23, "Made-up youth officer", "youth-officer")
    with access.scope(youth, "youth-support") as scope:
        with pytest.raises(access.Refused):
            change(scope, "policy_recipients", "school", approvals="1")
        assert policy.book(scope).rows
    with database.connect("owner") as owner:
        assert owner.execute("select count(*) from system.policy_row").fetchone() == (0,)
