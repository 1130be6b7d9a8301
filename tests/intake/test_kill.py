"""The process that takes files in is killed at fifty random moments: nothing is half there; a second run completes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.conftest import empty_store
from tests.intake.conftest import ADMINISTRATOR, OFFICER
from tests.intake.made import OTHER, SCHOOL, cin, ctf, need, pupil, ssd, upn
from tests.intake.test_census import SPELL
from tests.intake.test_extract import ASSESSMENT, PERSON, REFERRAL

from fairhold import access, catalogue, intake

POINTS = 50
CARE_POINTS = 8
PUPILS = 25
FILES = 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two weeks of two schools."""
    for school in (SCHOOL, OTHER):
        for week, at in enumerate(("2026-11-13T08:00:00", "2026-11-20T08:00:00")):
            pupils = [pupil(n, UPN=upn(n, school), Email=f"week{week}@example.org") for n in range(1, PUPILS + 1)]
            (tmp_path / f"{school}_{week}.xml").write_bytes(ctf(pupils, at=at, school=school))
    return tmp_path


_WHOLE = """
select d.id, d.facts,
    (select count(*) from system.mention m where m.delivery_id = d.id) as mentions,
    (select count(distinct e.subject_id) from people.email e where e.delivery_id = d.id) as emails,
    exists (select from system.vault_file f where f.id = d.vault_file_id) as kept
from system.delivery d
"""
_LOOSE = """
select
    (select count(*) from people.name where delivery_id not in (select id from system.delivery)) as facts,
    (select count(*) from system.subject where id not in (select subject_id from system.mention)) as subjects
"""


def _look() -> tuple[list[tuple[int, ...]], tuple[int, int]]:
    with access.scope(OFFICER, "data-intake") as scope:
        whole = [(row["mentions"], row["emails"], row["kept"]) for row in scope.rows(_WHOLE)]
        loose = scope.one(_LOOSE)
    assert loose is not None
    return whole, (loose["facts"], loose["subjects"])


def _register() -> None:
    with access.scope(ADMINISTRATOR, "administration") as scope:
        schools = [intake.NewSource("school", f"Made-up {n}", n[:3], n[3:]) for n in (SCHOOL, OTHER)]
        intake.add_sources(scope, sources=schools)


class Starter:
    """Starts processes that take the folder in."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.intake.crash", str(folder)]
        root = Path(__file__).parents[2]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root, bufsize=1
        )

    def start(self) -> int:
        """Start one and return its number."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        return int(self._line())

    def end(self) -> int:
        """Wait for the one started last: 0, or minus the signal that killed it."""
        return int(self._line())

    def close(self) -> None:
        """Start no more."""
        self._process.communicate(timeout=60)

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@pytest.fixture
def starter(cluster: Path, folder: Path) -> Iterator[Starter]:
    """A starter for the folder."""
    made = Starter(folder)
    yield made
    made.close()


def test_killed_at_any_moment_nothing_is_half_there(starter: Starter, folder: Path) -> None:
    empty_store()
    _register()
    dice, killed, longest = random.Random(20261124), 0, _whole_run(starter)
    for _ in range(4 * POINTS):
        deliveries, loose = _look()
        assert set(deliveries) <= {(PUPILS, PUPILS, True)}
        assert loose == (0, 0)
        if killed == POINTS:
            break
        if len(deliveries) == FILES:
            empty_store()
            _register()
        began = time.monotonic()
        process = starter.start()
        time.sleep(dice.uniform(0, longest))
        with suppress(ProcessLookupError):  # it was quicker this time
            os.kill(process, signal.SIGKILL)
        if starter.end() == -signal.SIGKILL:
            killed += 1
        else:
            longest = min(longest, time.monotonic() - began)
    assert killed == POINTS
    intake.take_in(OFFICER, [folder])
    deliveries, loose = _look()
    assert deliveries == [(PUPILS, PUPILS, True)] * FILES
    assert loose == (0, 0)


@pytest.fixture
def case_system(tmp_path: Path) -> Path:
    """What one case system sends: a census and an extract whose records name each other."""
    children = [str(number) for number in range(100, 140)]
    (tmp_path / "cin.xml").write_bytes(cin([need(child, SPELL) for child in children]))
    made = {
        "ssd_person": [PERSON | {"pers_person_id": child, "pers_upn": ""} for child in children],
        "ssd_cin_episodes": [REFERRAL | {"cine_referral_id": f"R{c}", "cine_person_id": c} for c in children],
        "ssd_cin_assessments": [
            ASSESSMENT | {"cina_assessment_id": f"A{c}", "cina_person_id": c, "cina_referral_id": f"R{c}"}
            for c in children
        ],
    }
    for entity, rows in made.items():
        (tmp_path / f"{entity}.csv").write_bytes(ssd(entity, rows))
    return tmp_path


def _care() -> tuple[list[tuple[int, ...]], int]:
    """Of each delivery its rows, mentions, facts it says it added and facts that are there; facts of no delivery."""
    told = [table.name for table in catalogue.tables() if table.cin or table.ssd]
    every = " union all ".join(f"select delivery_id from {name}" for name in told)
    with access.scope(OFFICER, "data-intake") as scope:
        rows = scope.rows(
            f"with fact as ({every}) select d.rows, d.added, (select count(*) from system.mention m"
            " where m.delivery_id = d.id) as mentions, (select count(*) from fact where delivery_id = d.id) as facts"
            " from system.delivery d order by d.id"
        )
        loose = scope.value(
            f"select count(*) from ({every}) f where delivery_id not in (select id from system.delivery)"
        )
    return [(row["rows"], row["mentions"], row["added"], row["facts"]) for row in rows], loose


def _case_system() -> None:
    empty_store()
    with access.scope(ADMINISTRATOR, "administration") as scope:
        intake.add_sources(scope, sources=[intake.NewSource("case-system", "Made-up case system")])


def test_a_case_systems_files_are_whole_or_not_there_too(cluster: Path, case_system: Path) -> None:
    starter, dice, killed = Starter(case_system), random.Random(20261126), 0
    _case_system()
    longest = _whole_run(starter)
    whole, _ = _care()
    assert [(rows, mentions) for rows, mentions, _, _ in whole] == [(40, 40)] * 4
    _case_system()
    for _ in range(4 * CARE_POINTS):
        deliveries, loose = _care()
        assert loose == 0
        assert all(added == facts and rows == mentions for rows, mentions, added, facts in deliveries)
        if killed == CARE_POINTS:
            break
        if len(deliveries) == len(whole):
            _case_system()
        process = starter.start()
        time.sleep(dice.uniform(0, longest))
        with suppress(ProcessLookupError):  # it was quicker this time
            os.kill(process, signal.SIGKILL)
        killed += starter.end() == -signal.SIGKILL
    starter.close()
    assert killed == CARE_POINTS
    intake.take_in(OFFICER, [case_system])
    assert _care() == (whole, 0)


def _whole_run(starter: Starter) -> float:
    """How long one takes that nobody kills."""
    began = time.monotonic()
    starter.start()
    assert starter.end() == 0
    return time.monotonic() - began
