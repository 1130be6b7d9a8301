"""The table of the daily run and all that hangs on it: verbs, doors, grants; the command, the page, and the warning."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.house.outputs import command
from tests.house.test_matrix import verbs

from fairhold import access
from fairhold.access import accounts
from fairhold.access.doors import door
from fairhold.access.errands import KEEPS, errands
from fairhold.access.generated import system_tables
from fairhold.dates import clock
from fairhold.jobs.steps import STEPS


def test_every_verb_that_says_it_is_daily_is_in_the_table_and_every_step_has_one() -> None:
    daily = {name for name, verb in verbs().items() if getattr(verb, "daily", False)}
    named = {one.step: one.doors for one in errands().values()}
    assert daily <= frozenset().union(*named.values())
    assert [step for step, doors in named.items() if not doors & daily] == []
    assert list(STEPS) == list(named)


def test_each_step_s_doors_open_under_each_of_its_purposes_and_it_can_say_that_it_ran_under_no_others() -> None:
    assert [
        (one.step, name, purpose)
        for one in errands().values()
        for name in one.doors | {KEEPS}
        for purpose in one.purposes
        if not door(name).opens_for(purpose)
    ] == []
    every = {purpose for one in errands().values() for purpose in one.purposes}
    [row] = [row for row in system_tables() if row["table"] == "system.daily_run"]
    assert every == door(KEEPS).purposes == set(row["writes"].split(";"))
    assert door("daily.runs").purposes == door("page.daily").purposes == set(row["reads"].split(";"))


def entered(role: str) -> Client:
    client = Client(HTTP_HOST="localhost")
    number = next(account.id for account in accounts.made_up() if account.role == role)
    client.post("/sign-in/made-up/", {"account": number})
    client.post("/purpose/", {"purpose": access.role(role).purposes()[0].slug})
    return client


def test_the_command_runs_it_and_the_pages_say_plainly_when_it_has_not_run(
    pages: None, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRHOLD_SPOOL", str(tmp_path / "spool"))  # of no other test
    for role in ("administrator", "analyst"):
        accounts.add_made_up(name=f"Made-up {role}", login=role, role_slug=role)
    accounts.add_made_up(name="Daily run", login="daily-run", role_slug="daily-run")
    warned, behind = f"{len(STEPS)} of the {len(STEPS)} steps of the daily run have not run", "Never ran"
    client = entered("administrator")
    assert warned in client.get("/").content.decode()
    assert behind in client.get("/daily/").content.decode()
    assert warned not in entered("analyst").get("/").content.decode()
    refused = command("administrator", "daily")
    assert (refused.code, refused.out) == (2, "")
    assert "has an account of its own" in refused.err
    ran = command("daily-run", "daily")
    assert (ran.code, ran.err) == (0, ""), ran
    assert ran.out.splitlines()[-1] == "Everything that is due every day has run."
    assert "steps of the daily run" not in client.get("/").content.decode()
    shown = client.get("/daily/").content.decode()
    assert "Not for a day" not in shown.split("<table")[1]
    assert "Takes shares off the list that nobody approved" in shown
    monkeypatch.setenv(clock.VARIABLE, (clock.now() + timedelta(hours=25)).isoformat())
    later = entered("administrator")
    assert warned in later.get("/").content.decode()
    assert later.get("/daily/").content.decode().count("Not for a day") >= len(STEPS)
    assert not [one for one in accounts.made_up() if one.role == "daily-run"]  # nobody signs in as it
