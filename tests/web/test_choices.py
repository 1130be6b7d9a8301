"""The page of a child's choices: the form made from the wording, a no taken, a yes withdrawn at once (all made up)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from fairhold import access, choices, work
from fairhold.choices import By, Kind, NewChoice
from fairhold.dates import clock
from fairhold.sharing import renewals
from tests.choices.test_choices import child

Enter = Callable[..., Client]
HERE = "/children/1/choices/"
YES = {
    "wording": "youth-extra-1", "fields": ["school", "year_group"], "answer": "consent", "by": "parent",
    "chooser": "Pat Madeup", "authority": "birth-certificate", "channel": "paper", "again": "1/9/2027",
}  # fmt: skip


@pytest.fixture
def one_child(clean: Path) -> Iterator[None]:
    """A made-up child of 15, whose 16th birthday is on 5 February 2027."""
    with clock.frozen(date(2026, 11, 24)):
        child(1, upn="K320200124001", surname="Madeup", born="2011-02-05")
        yield


def said(page: str) -> list[str]:
    """The rows of the table, as text."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)[1:]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


@pytest.mark.proves("N041", "N114", "N116")
def test_a_yes_is_recorded_with_its_wording_contradicted_and_withdrawn_on_the_page(
    one_child: None, enter: Enter
) -> None:
    client = enter("youth-officer", "youth-support")
    form = client.get(HERE + "?wording=youth-extra-1").content.decode()
    assert "You are free to say no." in form
    assert 'value="planned_destination"' in form
    assert "checked" not in form  # nothing is ticked beforehand
    for changes, says in (
        ({"authority": "unknown"}, "parental responsibility"),
        ({"by": "young_person"}, "Before the 16th birthday"),
        ({"answer": ""}, "Say whether it is a yes or a no"),
        ({"chooser": ""}, "Write down the name"),
        ({"from": "5/2/2027"}, "young person&#x27;s own"),
        ({"from": "yesterday"}, "Enter day, month and year"),
        ({"wording": "none"}, "no such wording"),
        ({"fields": []}, "Tick what it is about"),
    ):
        assert says in client.post(HERE, YES | changes).content.decode(), changes
    assert said(client.get(HERE).content.decode()) == []
    assert client.post(HERE, YES).status_code == 302
    assert "This choice stands already" in client.post(HERE, YES).content.decode()
    [row] = said(client.get(HERE).content.decode())
    assert row.startswith("Yes A parent or guardian: Pat Madeup youth support school, year group")
    assert "Counts" in row
    assert (
        client.post(HERE, YES | {"answer": "refusal", "fields": ["school"], "authority": "unknown"}).status_code == 302
    )
    no, yes = said(client.get(HERE).content.decode())
    assert no.startswith("No ")
    assert yes.endswith("Counts in part In part: a no is on file to school.")  # the newer wins, and both are shown
    page = client.get(HERE).content.decode()
    for number in re.findall(r'name="withdraw" value="(\d+)"', page):
        assert client.post(HERE, {"withdraw": number}).status_code == 302
    assert all("Withdrawn." in row for row in said(client.get(HERE).content.decode()))
    assert "There is no such choice" in client.post(HERE, {"withdraw": "99"}).content.decode()
    assert client.get("/children/9/choices/").status_code == 404


@pytest.mark.proves("N116")
def test_the_young_person_is_put_on_the_list_ahead_of_the_birthday_and_off_it_when_asked(one_child: None) -> None:
    officer = access.Actor(1, "Made-up", "youth-officer")

    def yes(by: By, begins: date, ends: date | None = None) -> None:
        new = NewChoice(Kind.CONSENT, by, "youth-support", ("school",), begins, ends, "made up")
        with access.scope(officer, "youth-support") as scope:
            assert choices.record(scope, subject=1, choice=new)

    def asked(on: date) -> list[tuple[str, date | None]]:
        with clock.frozen(on), access.scope(officer, "youth-support") as scope:
            renewals.renewals(scope)
            return [(item.link, item.due) for item in work.items(scope) if item.kind == renewals.KIND]

    birthday = date(2027, 2, 5)
    yes(By.PARENT, date(2026, 1, 1))
    line = [("/children/1/choices/", birthday)]
    for on, expected in (
        (date(2026, 11, 6), []), (date(2026, 11, 7), line), (date(2027, 2, 4), line), (birthday, line),
    ):  # fmt: skip
        assert asked(on) == expected, on  # ninety days ahead, and until somebody has asked
    yes(By.YOUNG_PERSON, birthday, date(2028, 2, 5))
    assert asked(date(2027, 2, 6)) == []
    assert asked(date(2027, 11, 7)) == [("/children/1/choices/", date(2028, 2, 5))]
