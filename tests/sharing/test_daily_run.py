"""The daily run on the small made-up borough: it sends what is due once, however it is killed, and says what lapsed."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fairhold import access, jobs, ledger, work
from fairhold.cli.demo_partner import MadeUpPartner
from fairhold.dates import clock
from fairhold.jobs import steps
from fairhold.sharing import asked_outside, collecting, proposing, queries, schedules, sending, sftp
from fairhold.sharing.emergency import spool
from fairhold.sharing.requesting import Asking
from fairhold.sharing.shares import State
from fairhold.work import daily
from tests.sharing.conftest import TODAY, as_ig, as_youth
from tests.sharing.test_emergency_store import SOCIAL, spooled
from tests.sharing.test_packages import offered
from tests.sharing.test_requests import OUTSIDE, as_partner, body, question, scheduled
from tests.sharing.test_share_flow import approve, propose

MACHINE = access.Actor(90, "Made-up machine", "daily-run")
ADMIN = access.Actor(91, "Made-up administrator", "administrator")


def run() -> dict[str, steps.Done]:
    """Every step under every purpose, by `step purpose`."""
    return {f"{one.errand.step} {one.purpose}": one.done for one in jobs.run(MACHINE)}


def to_do(role: str, purpose: str) -> list[str]:
    with access.scope(access.Actor(99, "Made-up", role), purpose) as scope:
        return [item.title for item in work.items(scope)]


@pytest.fixture
def due(registered: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A schedule that is due, and an entry in the sealed spool."""
    monkeypatch.setenv("FAIRHOLD_SPOOL", str(tmp_path / "spool"))
    number = scheduled(registered)
    with as_ig() as scope:
        schedules.judge(scope, schedule=number, approves=True, note="Seen.")
    spooled({})
    return number


class Killed(BaseException):
    pass


KILLS: tuple[tuple[str, Any, str], ...] = (
    ("before the spool's files go", spool, "remove"),
    ("before a schedule's list is packed", sending, "pack"),
    ("before it is sent", sending, "send"),
    ("before it is kept that a step ran", daily, "keep"),
    ("before a commit", access.Scope, "record"),
)


@pytest.mark.proves("N091")
@pytest.mark.parametrize(("of", "name"), [kill[1:] for kill in KILLS], ids=[kill[0] for kill in KILLS])
def test_killed_anywhere_and_run_again_twice_it_does_nothing_twice(
    due: int, partner: MadeUpPartner, of: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*args: object, **named: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(of, name, killed)
        run()
    again = run()
    assert not [done.wrong for done in again.values() if done.wrong]
    listed = to_do("ig-officer", "information-governance")
    third = run()
    assert third["schedules youth-support"].counts == {"shares": 0}
    assert third["emergencies safeguarding"].counts == {"entries": 0, "new": 0}
    assert to_do("ig-officer", "information-governance") == listed
    with as_youth() as scope:
        assert [one.state for one in queries.shares(scope)] == [State.SENT]
        assert scope.value("select count(*) from system.share_transfer") == 1
    with as_ig() as scope:
        assert scope.value("select count(*) from system.disclosure where kind = 'emergency'") == 1
        assert {one.state(clock.now()) for one in daily.standings(scope)} == {daily.State.DONE}
    assert len(list(partner.inbox.glob("*.age"))) == 1


def test_a_step_that_fails_stops_no_other_and_quotes_nobody(
    due: int, borough: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(opens: access.Opens) -> steps.Done:
        raise RuntimeError("Ada Canaryson, born 2011-09-05")

    with monkeypatch.context() as patch:
        patch.setitem(steps.STEPS, "feeds", broken)
        patch.setattr(sftp, "deliver", _down)
        found = run()
    wrong = {name: done.wrong for name, done in found.items() if done.wrong}
    assert wrong.keys() == {"feeds data-intake", "schedules youth-support"}
    assert wrong["feeds data-intake"] == (
        "Fairhold itself is at fault (RuntimeError): what was not finished is not done.",
    )
    with access.scope(ADMIN, "administration") as scope:
        failed = [one.errand.step for one in daily.standings(scope) if one.state(clock.now()) is daily.State.FAILED]
        assert failed == ["feeds", "schedules"]
        kept = " ".join(row["failed"] or "" for row in scope.rows("select failed from system.daily_run"))
        told = " ".join(str(event.detail) for event in ledger.newest(limit=200))
        assert "Ada" not in kept + told
    titles = [f"A step of the daily run failed: {name}" for name in ("Late files", "Schedules")]
    assert sorted(to_do("administrator", "administration")) == titles
    run()
    assert to_do("administrator", "administration") == []
    with access.scope(ADMIN, "administration") as scope:
        late = {one.state(clock.now() + timedelta(days=1, minutes=1)) for one in daily.standings(scope)}
        assert late == {daily.State.LATE}


def _down(*args: object) -> str:
    raise sftp.TransferError("The recipient's server does not answer (made up).")


def test_a_share_whose_time_is_up_leaves_the_list_and_who_asked_hears_of_it_until_it_is_asked_anew(
    registered: int, partner: MadeUpPartner, borough: dict[str, int]
) -> None:
    first = propose(registered)
    clinic = body(partner, "health", "H1")
    with as_ig() as scope:
        asked_outside.add_account(scope, account=OUTSIDE.id, partner=clinic)
    with as_partner() as scope:
        request = asked_outside.ask(scope, question=question())
    with access.scope(SOCIAL, "safeguarding") as scope:
        told = question()
        asking = Asking(
            clinic, told.need, told.reason, flow=told.flow, persons=[borough["thirteen"]], fields=told.fields,
            reference=told.reference, request=request, form="letter",
        )  # fmt: skip
        second = proposing.propose(scope, asking=asking).id
    assert not [title for title in to_do("social-worker", "safeguarding") if "of a body outside" in title]
    assert any(f"Judge share {first}" in title for title in to_do("ig-officer", "information-governance"))
    with clock.frozen(TODAY + timedelta(days=28)):
        found = run()
        assert [found[f"lapsed {name}"].counts["taken off"] for name in ("youth-support", "safeguarding")] == [1, 1]
        again = f"Answer request {request} of a body outside: share {second} made for it lapsed"
        assert again in to_do("social-worker", "safeguarding")
        assert not [t for t in to_do("ig-officer", "information-governance") if f"Judge share {first} " in t]
        word = f"Share {first} lapsed before it was approved: ask for it again if it is still needed"
        assert to_do("youth-officer", "youth-support").count(word) == 1
        propose(registered)
        run()
        assert word not in to_do("youth-officer", "youth-support")


def test_a_package_nobody_fetched_is_told_when_its_week_is_up(registered: int) -> None:
    share = propose(registered, channel="portal")
    approve(share)
    with as_youth() as scope:
        sending.pack(scope, share=share)
    offered(share)
    assert run()["unfetched information-governance"].counts == {"packages": 0}
    with clock.frozen(TODAY + collecting.OPEN_FOR + timedelta(days=1)):
        assert run()["unfetched information-governance"].counts == {"packages": 1}
        word = f"Nobody fetched share {share} in its week: ask the recipient, and make a new code"
        assert word in to_do("youth-officer", "youth-support")
        offered(share)
        run()
        assert word not in to_do("youth-officer", "youth-support")


@pytest.mark.proves("N050")
def test_the_machine_opens_a_purpose_only_for_a_step_and_that_step_s_doors(clean: Path) -> None:
    """Default deny: no purpose of its own, none that a step does not name, no door but the step's."""

    def opened(actor: access.Actor, purpose: str, errand: str) -> AbstractContextManager[access.Scope]:
        return access.scope(actor, purpose, login="worker", errand=errand)

    for actor, purpose, errand in (
        (MACHINE, "safeguarding", ""),
        (MACHINE, "safeguarding", "feeds"),
        (MACHINE, "safeguarding", "no such step"),
        (MACHINE, "return-production", "emergencies"),
        (SOCIAL, "safeguarding", "emergencies"),
        (ADMIN, "data-intake", "feeds"),
    ):
        with pytest.raises(access.Refused), opened(actor, purpose, errand):
            pass
    with opened(MACHINE, "safeguarding", "emergencies") as scope:
        for name in ("record.child", "record.search", "emergency.tell", "shares.send", "work.items"):
            with pytest.raises(access.Refused, match="no part of this step"):
                scope.allow(name)
        scope.allow("emergency.take-in")
    with pytest.raises(access.Refused, match="account of its own"):
        list(jobs.run(SOCIAL))
