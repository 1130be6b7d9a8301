"""A full disk, a damaged folder, lost files: one sentence each, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from fairhold import engine
from fairhold.engine import database
from fairhold.engine.errors import DISK_FULL
from fairhold.engine.postgres import binaries, cluster, launcher, places, server


@pytest.fixture
def stopped(home: Path) -> places.Places:
    """A cluster that stands and is not running."""
    found = launcher.join().places
    launcher.leave()
    return found


def one_sentence(error: pytest.ExceptionInfo[engine.EngineError]) -> str:
    words = str(error.value)
    assert "\n" not in words
    assert words.endswith(".")
    return words


def test_a_damaged_data_folder(stopped: places.Places) -> None:
    control = stopped.data / "global" / "pg_control"
    aside = control.with_name("aside")
    control.rename(aside)
    with pytest.raises(engine.EngineError, match="is damaged: files of PostgreSQL are missing") as error:
        database.connect("web")
    one_sentence(error)
    control.write_bytes(b"\0" * 8192)
    places.give(control, stopped.account)
    with pytest.raises(engine.EngineError, match="does not start on the data folder") as error:
        database.connect("web")
    one_sentence(error)
    control.unlink()
    aside.rename(control)
    database.connect("web").close()


def test_data_of_another_version(stopped: places.Places) -> None:
    version = stopped.data / "PG_VERSION"
    before = version.read_text()
    version.write_text("15\n")
    with pytest.raises(engine.EngineError, match="was made by PostgreSQL 15"):
        database.connect("web")
    version.write_text(before)


def test_lost_passwords(stopped: places.Places) -> None:
    aside = stopped.passwords.with_name("aside")
    stopped.passwords.rename(aside)
    with pytest.raises(engine.EngineError, match=r"passwords file .* is missing") as error:
        database.connect("web")
    one_sentence(error)
    aside.rename(stopped.passwords)


def test_lost_data(stopped: places.Places) -> None:
    aside = stopped.ground.with_name("aside")
    stopped.ground.rename(aside)
    with pytest.raises(engine.EngineError, match="is gone: put it back") as error:
        database.connect("web")
    one_sentence(error)
    aside.rename(stopped.ground)


def test_a_half_made_cluster_is_made_again(home: Path) -> None:
    launcher.remove()
    with places.held() as found:
        pass
    half = found.ground / "data.new"
    half.mkdir(mode=0o700)
    (half / "PG_VERSION").write_text("18\n")
    places.give(half, found.account)
    database.connect("web").close()
    assert not half.exists()
    launcher.leave()


def test_too_little_room_is_said_before_anything_is_made(home: Path, tmp_path: Path) -> None:
    empty = places.Places(tmp_path, tmp_path, None)
    with pytest.raises(engine.EngineError, match="MiB free; a new database needs") as error:
        cluster.make(binaries.find(), empty, room_needed_mb=2**40)
    one_sentence(error)
    assert not list(tmp_path.iterdir())


@pytest.fixture
def small_disk(stopped: places.Places) -> Iterator[Path]:
    """A disk of 60 MiB that the server's account can reach."""
    if os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    disk = stopped.ground / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=60m,mode=711", "tmpfs", disk], check=False)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a disk")
    yield disk
    subprocess.run(["umount", disk], check=True)
    disk.rmdir()


def test_a_full_disk(stopped: places.Places, small_disk: Path) -> None:
    """While making a cluster, and while it runs: the same sentence, and what is stored stays."""
    ground, inner, filler = small_disk / "ground", small_disk / "inner", small_disk / "filler"
    ground.mkdir(mode=0o700)
    inner.mkdir(mode=0o700)
    places.give(ground, stopped.account)
    small = places.Places(inner, ground, stopped.account)
    programs = binaries.reachable(binaries.find(), stopped.account, stopped.ground)
    filler.write_bytes(b"x" * 40 * 2**20)
    with pytest.raises(engine.EngineError) as error:
        cluster.make(programs, small, room_needed_mb=0)
    assert str(error.value) == DISK_FULL
    assert list(ground.iterdir()) == []
    filler.unlink()
    cluster.make(programs, small, room_needed_mb=0)
    server.start(programs, small)
    try:
        _fill_while_it_runs(small, filler)
    finally:
        server.stop(programs, small)


def _fill_while_it_runs(small: places.Places, filler: Path) -> None:
    secret = cluster.passwords(small)["owner"]
    address = f"host={small.socket()} user=fairhold_owner dbname=fairhold password={secret}"
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("create table kept as select generate_series(1, 1000) as n")
        owner.execute("checkpoint")
        filler.write_bytes(b"x" * (shutil.disk_usage(filler.parent).free - 2**20))
        with pytest.raises(psycopg.Error) as error:
            owner.execute("create table lost as select repeat('x', 1000) from generate_series(1, 20000)")
        assert engine.plain(error.value) == DISK_FULL
        assert owner.execute("select count(*) from kept").fetchone() == (1000,)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (psycopg.errors.DiskFull(), DISK_FULL),
        (psycopg.errors.AdminShutdown(), "stopped or is not ready"),
        (psycopg.errors.QueryCanceled(), "took too long"),
        (psycopg.errors.DataCorrupted(), "damaged"),
        (psycopg.errors.TooManyConnections(), "no free connection"),
    ],
)
def test_the_drivers_errors_in_plain_words(error: psycopg.Error, sentence: str) -> None:
    assert sentence in (engine.plain(error) or "")


def test_an_error_of_ours_is_not_blamed_on_the_engine() -> None:
    assert engine.plain(psycopg.errors.UndefinedTable()) is None
    assert engine.plain(ValueError("53100")) is None
