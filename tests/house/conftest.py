"""One made-up borough per module, taken in by the real verbs, with people planted in it to look for."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from tests.house.planted import DAY, plant

from fairhold.access import accounts

Enter = Callable[[str, str], Client]


@pytest.fixture(scope="session")
def pages(cluster: Path) -> None:
    """Django, set up over the tests' store."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "fairhold.web.settings"
    import django

    django.setup()


@pytest.fixture(scope="module")
def borough(pages: None, cluster: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The store after the demo's day on the planted borough, at the borough's own time; temporary files apart."""
    from tests.conftest import empty_store

    from fairhold.cli import demo_day

    home, temporary = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAIRHOLD_CLOCK", DAY)
        patch.setenv("TMPDIR", str(temporary))
        patch.setattr(tempfile, "tempdir", str(temporary))
        empty_store()
        day = demo_day.Day(home=home, borough=plant(home / "borough"), pupils=150, seed=2)
        (home / "said.txt").write_text(
            "\n".join(act(day) for _, act in demo_day.STEPS if act is not demo_day.make_up), "utf-8"
        )
        yield day.borough
        empty_store()


@pytest.fixture(scope="module")
def enter(borough: Path) -> Enter:
    """`enter("analyst", "statistics")`: somebody with that role, signed in and working under that purpose."""
    numbers = {account.role: account.id for account in accounts.made_up()}

    def signed_in(role: str, purpose: str) -> Client:
        client = Client(HTTP_HOST="localhost")
        client.post("/sign-in/made-up/", {"account": numbers[role]})
        client.post("/purpose/", {"purpose": purpose})
        return client

    return signed_in


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KiB."""
    if os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], check=False).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    yield disk
    subprocess.run(["umount", disk], check=True)
