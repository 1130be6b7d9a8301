"""Started by the first, joined by the second, stopped by the last; back on its feet after any kill."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fairhold import engine
from fairhold.engine import database
from fairhold.engine.postgres import files, launcher, places, server
from tests.engine.conftest import Program

JOIN = """
from fairhold.engine import database
from fairhold.engine.postgres import launcher
database.connect("web").close()
print(launcher.join().pid, flush=True)
input()
"""


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    """Ended; a zombie that nobody has collected counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def waits_for(lock: Path, pid: int) -> bool:
    """Whether a process has come as far as the lock; it opens it again and again while it waits."""
    folder = Path(f"/proc/{pid}/fd")
    try:
        return any(os.readlink(handle) == str(lock) for handle in folder.iterdir())
    except OSError:
        return False


@contextmanager
def nobody_keeps(of: places.Places) -> Iterator[None]:
    """While no keeper is awake, and none that was begun wakes: it finds its place taken, and ends."""
    with (of.inner / "keeper").open() as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        yield


def children(pid: int) -> list[int]:
    return [int(name) for name in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_each_login_is_itself_and_no_more(home: Path) -> None:
    for login in engine.settings.LOGINS:
        with database.connect(login) as connection:
            row = connection.execute(
                "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolinherit from pg_roles"
                " where rolname = current_user"
            ).fetchone()
        assert row == (f"fairhold_{login}", False, False, login == "owner", login == "owner")


def test_the_owner_can_do_what_disposal_needs_without_being_superuser(home: Path) -> None:
    """Rows go from tables, planner statistics and the write-ahead log."""
    with database.connect("owner", autocommit=True) as owner:
        owner.execute("create extension btree_gist")
        owner.execute("vacuum full pg_statistic")
        owner.execute("select pg_switch_wal()")
        owner.execute("checkpoint")
        assert owner.execute("show wal_recycle").fetchone() == ("off",)


def test_a_second_program_joins_and_the_last_stops_it(home: Path, program: Program) -> None:
    first, second = program(JOIN), program(JOIN)
    assert first.stdout
    assert second.stdout
    pids = {int(first.stdout.readline()), int(second.stdout.readline())}
    pid = launcher.join().pid
    assert pids == {pid}
    launcher.leave()
    first.communicate("\n")
    assert not is_gone(pid), "a program still uses it"
    second.communicate("\n")
    assert is_gone(pid)


def test_a_killed_program_no_longer_counts(home: Path, program: Program) -> None:
    killed, last = program(JOIN), program(JOIN)
    assert killed.stdout
    assert last.stdout
    pid = int(killed.stdout.readline())
    assert int(last.stdout.readline()) == pid
    killed.kill()
    killed.wait()
    last.communicate("\n")
    assert is_gone(pid)


def test_when_the_last_user_is_killed_its_server_stops(home: Path, program: Program) -> None:
    launcher.leave()
    only = program(JOIN)
    assert only.stdout
    pid = int(only.stdout.readline())
    only.kill()
    only.wait()
    wait_until(lambda: is_gone(pid))


def test_deleting_the_home_ends_its_server_and_its_data(home: Path, program: Program) -> None:
    other = program(JOIN)
    assert other.stdout
    pid = int(other.stdout.readline())
    joined = launcher.join()
    shutil.rmtree(home)
    launcher.leave()
    assert not is_gone(pid), "another program still uses it"
    other.communicate("\n")
    wait_until(lambda: is_gone(pid) and not joined.places.ground.exists() and not joined.socket.exists())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's data lie outside the home")
def test_a_moved_home_keeps_its_data(home: Path) -> None:
    database.connect("web").close()
    joined = launcher.join()
    moved = home.with_name("moved")
    home.rename(moved)
    launcher.leave()
    wait_until(lambda: is_gone(joined.pid))
    moved.rename(home)
    assert (joined.places.data / "PG_VERSION").exists()
    database.connect("web").close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's data lie outside the home")
def test_it_says_what_a_deleted_home_left(home: Path) -> None:
    launcher.leave()
    with places.held() as before:
        pass
    assert before.ground not in places.left_behind(before)
    with nobody_keeps(before):  # else it cleans up after the deleted home, as it should
        shutil.rmtree(home)
        with places.held() as after:
            pass
        assert after.ground != before.ground
        assert places.left_behind(after).count(before.ground) == 1
        assert f"{before.ground}" in launcher.where()
        shutil.rmtree(before.ground)


def test_two_first_starts_at_once_make_one_server(home: Path, program: Program) -> None:
    launcher.remove()
    started = [program(JOIN) for _ in range(3)]
    pids = {started_one.stdout.readline() for started_one in started if started_one.stdout}
    assert len(pids) == 1
    assert pids != {""}


def test_a_first_start_chooses_its_ground_under_the_lock(home: Path, program: Program) -> None:
    """Two grounds for one home would mean that one program writes to data that nobody finds again."""
    launcher.remove()
    inner = home / "postgres"
    inner.mkdir(mode=0o700, parents=True)
    (inner / "lock").touch(mode=0o600)
    with files.locked(inner / "lock"):
        started = [program(JOIN) for _ in range(2)]
        wait_until(lambda: all(waits_for(inner / "lock", one.pid) for one in started))
        assert sorted(file.name for file in inner.iterdir()) == ["lock"]
    assert len({one.stdout.readline() for one in started if one.stdout}) == 1


def test_the_lock_of_a_folder_begun_anew_is_the_new_one(tmp_path: Path) -> None:
    lock = tmp_path / "inner" / "lock"
    lock.parent.mkdir()
    lock.touch()
    with files.locked(lock):
        shutil.rmtree(lock.parent)
        lock.parent.mkdir()
        lock.touch()
        with files.locked(lock, wait=0):
            with pytest.raises(engine.EngineError, match="too long"), files.locked(lock, wait=0):
                pass


def test_a_keeper_leaves_a_home_begun_anew_alone(home: Path, program: Program) -> None:
    launcher.remove()
    old = program(JOIN)
    assert old.stdout
    pid = int(old.stdout.readline())
    shutil.rmtree(home)
    with database.connect("web") as web:
        new = launcher.join()
        old.kill()
        old.wait()
        wait_until(lambda: is_gone(pid))
        assert web.execute("select 1").fetchone() == (1,)
    assert not is_gone(new.pid)
    assert new.places.data.is_dir()


def test_what_was_committed_outlives_kill_9(home: Path) -> None:
    with database.connect("owner") as owner:
        owner.execute("create table kept (n int)")
        owner.execute("insert into kept select generate_series(1, 1000)")
    for _ in range(2):
        pid = launcher.join().pid
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda pid=pid: is_gone(pid))
        with database.connect("owner") as owner:
            assert owner.execute("select count(*) from kept").fetchone() == (1000,)
        assert launcher.join().pid != pid


def test_it_recovers_when_every_process_of_it_is_killed(home: Path) -> None:
    pid = launcher.join().pid
    for process in [pid, *children(pid)]:
        os.kill(process, signal.SIGKILL)
    wait_until(lambda: is_gone(pid))
    with database.connect("web") as web:
        assert web.execute("select 1").fetchone() == (1,)


def test_a_pool_goes_on_after_a_kill(home: Path) -> None:
    with database.pool("web").connection() as connection:
        connection.execute("select 1")
    pid = launcher.join().pid
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: is_gone(pid))
    with database.pool("web").connection() as connection:
        assert connection.execute("select current_user").fetchone() == ("fairhold_web",)


def test_a_pid_file_naming_a_stranger_does_not_hinder(home: Path) -> None:
    found = launcher.join().places
    launcher.leave()
    noted = f"{os.getpid()}\n{found.data}\n1\n5432\n{found.socket()}\n\n  1  1\nready\n"
    (found.data / "postmaster.pid").write_text(noted)
    assert server.pid_of(found) is None
    database.connect("web").close()


def test_the_socket_folder_goes_with_the_server_and_comes_back(home: Path) -> None:
    first = launcher.join()
    launcher.leave()
    assert not first.socket.exists()
    database.connect("web").close()
    assert launcher.join().socket.stat().st_mode & 0o777 == 0o700


def test_a_server_someone_else_started_on_the_data_is_not_joined(home: Path) -> None:
    """Two servers cannot share a data folder: the second says so instead of using the first's."""
    joined = launcher.join()
    pid = joined.pid
    launcher.leave()
    wait_until(lambda: is_gone(pid))
    data, ground = joined.places.data, joined.places.ground
    sockets = joined.socket.with_name(joined.socket.name + "-b")
    sockets.mkdir(mode=0o700)
    places.give(sockets, joined.places.account)
    command = [joined.programs.program("pg_ctl"), "start", "--wait", "--silent", f"--pgdata={data}"]
    command += ["--log", str(ground / "other.log"), "--options", f"-k {sockets}"]
    server.run(command, joined.places.account, cwd=ground)
    try:
        with pytest.raises(engine.EngineError, match=r"Another PostgreSQL server \(process \d+\) already runs"):
            database.connect("web")
    finally:
        server.stop(joined.programs, joined.places)
        sockets.rmdir()
    database.connect("web").close()


def test_removed_means_no_file_is_left(home: Path) -> None:
    joined = launcher.join()
    database.close_pools()
    launcher.remove()
    assert is_gone(joined.pid)
    assert not joined.places.ground.exists()
    assert not joined.socket.exists()
    assert not joined.places.inner.exists()


def test_a_store_in_use_is_not_removed(home: Path, program: Program) -> None:
    other = program(JOIN)
    assert other.stdout
    other.stdout.readline()
    with pytest.raises(engine.EngineError, match="in use by another program"):
        launcher.remove()
    other.communicate("\n")
