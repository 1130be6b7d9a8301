"""Nobody else gets in: not another system user, not over the network, not the superuser; and no folder is opened."""

from __future__ import annotations

import json
import os
import pwd
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from fairhold.engine import database
from fairhold.engine.postgres import launcher
from fairhold.engine.postgres.account import Account, can_pass, can_read
from fairhold.engine.postgres.launcher import Running

ROLES = ("fairhold_owner", "fairhold_web", "fairhold_worker", "fairhold_bootstrap", "postgres", "nobody", "daemon")


def modes_above(*paths: Path) -> dict[Path, int]:
    return {step: step.stat().st_mode for path in paths for step in path.resolve().parents if step.exists()}


@pytest.fixture(scope="module")
def joined(home: Path) -> Iterator[Running]:
    yield launcher.join()
    launcher.leave()


def test_no_folder_above_changes_its_mode(home: Path) -> None:
    launcher.remove()
    before = modes_above(home / "postgres", Path("/var/lib/fairhold/x"), Path("/tmp/x"))
    running = launcher.join()
    database.connect("owner").close()
    after = modes_above(running.places.data, running.socket, running.places.passwords)
    known = {path: mode for path, mode in before.items() if path in after}
    assert known, "there are folders above"
    assert {path: after[path] for path in known} == known
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_passwords_lie_in_a_file_of_our_own(joined: Running) -> None:
    status = joined.places.passwords.stat()
    assert stat.S_IMODE(status.st_mode) == 0o600
    assert status.st_uid == os.geteuid()
    secrets = json.loads(joined.places.passwords.read_text())
    assert len(set(secrets.values())) == 4
    assert min(map(len, secrets.values())) >= 32


def test_data_and_socket_are_closed_to_others(joined: Running) -> None:
    for folder in (joined.places.data, joined.socket):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_it_does_not_run_as_root(joined: Running) -> None:
    real, effective, saved, _ = Path(f"/proc/{joined.pid}/status").read_text().split("Uid:\t")[1].split("\n")[0].split()
    assert {real, effective, saved} == {str(joined.places.data.stat().st_uid)}
    assert real != "0"


def test_nothing_listens_on_the_network(joined: Running) -> None:
    with database.connect("owner") as owner:
        assert owner.execute("show listen_addresses").fetchone() == ("",)
    inodes = {
        line.split()[9]
        for table in ("tcp", "tcp6", "udp", "udp6")
        if Path(f"/proc/net/{table}").exists()
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    }
    held = {os.readlink(link) for link in Path(f"/proc/{joined.pid}/fd").iterdir()}
    assert [name for name in held if name.startswith("socket:")], "its socket can be seen"
    assert not {f"socket:[{inode}]" for inode in inodes} & held


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("password", ["", "postgres", "fairhold"])
def test_a_login_needs_its_password(joined: Running, role: str, password: str) -> None:
    for name in ("fairhold", "postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match=r"password|pg_hba"):
            psycopg.connect(host=str(joined.socket), dbname=name, user=role, password=password)


def test_even_its_own_password_does_not_let_the_superuser_in(joined: Running) -> None:
    secret = json.loads(joined.places.passwords.read_text())["bootstrap"]
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
        psycopg.connect(host=str(joined.socket), dbname="fairhold", user="fairhold_bootstrap", password=secret)


def test_no_rule_trusts_and_every_password_is_scram(joined: Running) -> None:
    rules = [line for line in (joined.places.data / "pg_hba.conf").read_text().splitlines() if line[:1] not in "#"]
    assert rules
    assert {line.split()[0] for line in rules} == {"local"}
    assert {line.split()[-1] for line in rules} == {"scram-sha-256"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another system user")
@pytest.mark.parametrize("user", ["daemon", "nobody"])
def test_another_system_user_cannot_log_in_as_any_role(joined: Running, user: str) -> None:
    """With PostgreSQL's own client, over the socket, as each role; not even as the user the server runs as."""
    account = pwd.getpwnam(user)
    client = joined.programs.program("psql")
    if not can_read(Path(client), Account(user, account.pw_uid, account.pw_gid)):
        pytest.skip("the client lies where other users cannot read it")
    for role in ROLES:
        done = subprocess.run(
            [client, "--no-password", "-h", str(joined.socket), "-U", role, "-d", "fairhold", "-c", "select 1"],
            capture_output=True, text=True, user=account.pw_uid, group=account.pw_gid, extra_groups=[], cwd="/",
            env={"HOME": "/", "LC_ALL": "C"}, check=False,
        )  # fmt: skip
        assert done.returncode == 2, f"{user} must not get in as {role}"
        assert "Permission denied" in done.stderr or "no password supplied" in done.stderr or "pg_hba" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another system user")
def test_another_system_user_reads_none_of_its_files(joined: Running) -> None:
    account = pwd.getpwnam("daemon")
    for path in (joined.places.passwords, joined.places.data / "PG_VERSION", joined.socket / ".s.PGSQL.5432"):
        assert path.exists()
        done = subprocess.run(
            ["test", "-e", str(path)], user=account.pw_uid, group=account.pw_gid, extra_groups=[], cwd="/", check=False
        )
        assert done.returncode == 1, path


def test_whether_a_folder_can_be_passed_is_read_from_its_modes(tmp_path: Path) -> None:
    stranger = Account("stranger", 54321, 54321)
    assert can_pass(Path("/"), stranger)
    closed = tmp_path / "closed" / "inner"
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    assert not can_pass(closed, stranger)
    assert not can_read(closed / "missing", stranger)
