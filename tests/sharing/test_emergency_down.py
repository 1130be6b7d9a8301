"""An emergency while PostgreSQL is really stopped, as a program, and what becomes of it once it is back (made up).

The server is a council's own: found by its address, not started by us. An embedded one that can start is started.
Fairhold sends no mail, so there is none that could be down; approvals are not asked for on this path at all.
"""

from __future__ import annotations

import getpass
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fairhold import access, intake, policy, work
from fairhold.access import accounts, schema
from fairhold.dates import clock
from fairhold.engine import database
from fairhold.engine.postgres import launcher, places
from fairhold.engine.settings import LOGINS, URL_VARIABLES
from fairhold.sharing import disclosures, emergency
from fairhold.sharing.emergency import rows, spool
from tests.engine.conftest import home  # noqa: F401  (a server of its own, since this kills it)
from tests.intake import made
from tests.sharing.test_emergency import WORDS

COMMAND = """
import sys
from fairhold.cli import main
sys.argv = ["fairhold", *sys.argv[1:]]
main()
"""

FIRST, SECOND = (access.Actor(number, "Made-up officer", "ig-officer") for number in (12, 13))


def as_ig(actor: access.Actor = FIRST) -> AbstractContextManager[access.Scope]:
    return access.scope(actor, "information-governance")


@dataclass
class Council:
    """A council's server, with a child in its store: its addresses, and how it is stopped and started."""

    addresses: dict[str, str]
    child: dict[str, Any]

    def stop(self) -> None:
        """With pg_ctl, as whoever leaves a server last does."""
        database.close_pools()
        launcher.leave()

    def start(self) -> None:
        """Its socket lies elsewhere each time."""
        self.addresses = {URL_VARIABLES[login]: database.dsn(login) for login in LOGINS}

    def run(self, *given: str, facts: Any = None, embedded: bool = False) -> subprocess.CompletedProcess[str]:
        """`fairhold …` as a program."""
        inherited = {name: value for name, value in os.environ.items() if name not in self.addresses}
        return subprocess.run(
            [sys.executable, "-c", COMMAND, *given],
            input=None if facts is None else json.dumps(facts),
            capture_output=True,
            text=True,
            check=False,
            env=inherited | ({} if embedded else self.addresses),
        )

    def emergency(self, *given: str, facts: Any = None, embedded: bool = False) -> tuple[int, Any]:
        """The exit code and the answer of `fairhold share emergency`."""
        ended = self.run("share", "emergency", *given, "--json", facts=facts, embedded=embedded)
        assert ended.stderr == ""
        return ended.returncode, json.loads(ended.stdout)


@pytest.fixture(scope="module")
def council(home: Path) -> Iterator[Council]:  # noqa: F811
    """A real store with one child. Two officers have taken health off the bodies told in an emergency."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(clock.VARIABLE, raising=False)  # a council's own server runs on real time
        today = clock.today()
        schema.migrate(demo=True)
        accounts.add_made_up(
            name="Sally (made up)", login="sally", role_slug="social-worker", os_user=getpass.getuser()
        )
        with access.scope(access.Actor(2, "Made-up administrator", "administrator"), "administration") as scope:
            intake.add_sources(scope, sources=[intake.NewSource("school", "Made-up School", "320", "2001")])
        child = made.pupil(1, DOB="2011-09-05")
        with access.scope(access.Actor(1, "Made-up officer", "data-officer"), "data-intake") as scope:
            intake.ingest(scope, offered=intake.offer([("pupils", made.ctf([child]))], scope))
        with as_ig() as scope:
            [row] = [
                row
                for row in policy.book(scope).on("policy_purposes", today.isoformat())
                if (row["purpose"], row["when"]) == ("safeguarding", "emergency")
            ]
            fewer = " ".join(one for one in row["recipients"].split() if one != "health")
            changed = policy.change(
                scope, file="policy_purposes", key="safeguarding emergency", cells={"recipients": fewer}, begins=today,
                until=None, reason="Made-up agreement: health is told by its own team.",
            )  # fmt: skip
        with as_ig(SECOND) as scope:
            policy.second(scope, row=changed.id)
        made_here = Council({}, {"name": child["Surname"], "date_of_birth": "2011-09-05"})
        made_here.start()
        yield made_here


@pytest.mark.proves("N091")
def test_the_emergency_path_works_with_the_database_stopped_and_is_taken_in_once(council: Council) -> None:
    facts = {**WORDS, "child": council.child}
    council.stop()
    with pytest.MonkeyPatch.context() as patch:
        for name, address in council.addresses.items():
            patch.setenv(name, address)
        assert not database.answers("worker")
    code, told = council.emergency("--facts", "-", facts=facts)
    assert (code, told["may_tell"], told["refused"]) == (0, WORDS["tell"], [])
    assert told["kept"].startswith("The database does not answer. Kept sealed on this machine as entry 1 (")
    assert told["kept"].endswith(rows.standing()[1])
    assert [entry.number for entry in spool.pending()] == [1]
    other = emergency.facts_from({**facts, "recipient": "health"})  # the rows that ship would let it
    refused, _ = emergency.write_down(other, teller=getpass.getuser(), why="The database does not answer.")
    assert (refused.told, {one.field for one in refused.refused}) == ((), set(WORDS["tell"]))
    daily = council.run("daily")
    assert (daily.returncode, daily.stdout) == (2, "")
    assert daily.stderr == "The database does not answer: nothing was run. See that it runs, and run this again.\n"

    council.start()
    assert council.emergency("take-in") == (0, {"entries": 2, "new": 1, "wrong": []})
    assert emergency.take_in(access.Actor(1, "Made-up", "social-worker"), "safeguarding").done == ()
    assert spool.pending() == []
    with as_ig() as scope:
        [one] = emergency.emergencies(scope)
        assert (one.waits, one.teller, one.why_spooled) == (True, getpass.getuser(), "The database does not answer.")
        assert one.subject_id is not None
        assert [item.link for item in work.items(scope) if item.kind == "emergency.review"] == [
            f"/shares/emergency/{one.id}/"
        ]
        log = scope.rows("select source, recipient, items from system.disclosure")
        assert [(row["source"], row["recipient"], set(row["items"])) for row in log] == [
            (f"emergency {one.id}", "police", set(WORDS["tell"]))
        ]
    assert disclosures.Kind.EMERGENCY == "emergency"


@pytest.mark.proves("N091")
def test_an_embedded_server_that_cannot_start_stops_nobody_either(council: Council) -> None:
    found = launcher.join().places
    council.stop()
    version = found.data / "PG_VERSION"
    before = version.read_text()
    version.write_text("15\n")
    try:
        code, told = council.emergency("--facts", "-", facts={**WORDS, "child": council.child}, embedded=True)
    finally:
        version.write_text(before)
        places.give(version, found.account)
    assert (code, told["may_tell"]) == (0, WORDS["tell"])
    assert told["kept"].startswith("The database does not answer. Kept sealed on this machine as entry ")


def test_a_copy_that_was_changed_or_is_gone_leaves_the_decision_to_the_rows_that_ship(council: Council) -> None:
    copy = spool.folder() / rows.FILE
    book, said = rows.standing()
    assert book is not None
    assert said.startswith("Decided by this council's rows of policy as they stood on ")
    kept = copy.read_text("utf-8")
    for text, sentence in (
        (kept.replace("policy_purposes", "policy_channels"), rows.DAMAGED),
        (kept[:-9], rows.DAMAGED),
        ("[]", rows.DAMAGED),
        (None, rows.SHIPPED),
    ):
        copy.unlink() if text is None else copy.write_text(text, "utf-8")
        assert rows.standing() == (None, sentence)
    with as_ig() as scope:
        assert rows.copy(scope) == 1
    assert rows.standing()[0] is not None
