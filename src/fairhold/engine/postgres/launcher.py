"""Starts the server for its first user and stops it after its last.

Each process that asks takes a seat. Starting, joining and stopping happen under the lock of the data folder, so
two programs at once end up with one server. A killed program's seat frees itself, and a keeper stops the server when
the last user was killed.
"""

from __future__ import annotations

import atexit
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from fairhold.engine.errors import EngineError
from fairhold.engine.postgres import binaries, cluster, config, keeper, places, server
from fairhold.engine.postgres.files import locked
from fairhold.engine.postgres.users import Seat, any_left
from fairhold.engine.settings import Login, home_path

_in_this_process = threading.RLock()
_joined: dict[Path, Running] = {}


@dataclass(frozen=True)
class Running:
    """A server this process has joined."""

    places: places.Places
    programs: binaries.Binaries
    seat: Seat
    socket: Path
    pid: int
    joined_by: int

    def dsn(self, login: Login, database: str = config.DATABASE) -> str:
        """How one login connects: by socket and password; a secret, so it is neither logged nor shown."""
        secret = cluster.passwords(self.places)[login]
        return (
            f"host={self.socket} port={places.PORT} dbname={database} user={config.ROLES[login]} "
            f"password={secret} require_auth=scram-sha-256"
        )


def join() -> Running:
    """The running server of this home: started when it is not running, else joined. Cheap when already joined."""
    with _in_this_process:
        known = _joined.get(home_path())
        if known and known.joined_by == os.getpid():
            if server.pid_of(known.places) == known.pid:
                return known
            known.seat.give_up()
        elif not _joined:
            atexit.register(leave_all)
        running = _start_or_join()
        _joined[home_path()] = running
        return running


def exists() -> bool:
    """Whether this home has a cluster, running or not."""
    return (home_path() / "postgres" / "places.json").exists()


def leave() -> None:
    """Give up this process's seat at this home's server; the last to leave stops it."""
    with _in_this_process:
        running = _joined.pop(home_path(), None)
        if running is not None:
            _leave(running)


def leave_all() -> None:
    """Leave every server this process joined; runs by itself when the process ends."""
    with _in_this_process:
        while _joined:
            _leave(_joined.popitem()[1])


def remove() -> None:
    """Delete the cluster of this home with all its data; refused while another process uses it."""
    leave()
    if not exists():
        return
    with places.held() as found:
        if any_left(found.users):
            raise EngineError(f"The database of {home_path()} is in use by another program; end that first.")
        if server.pid_of(found):
            server.stop(binaries.reachable(binaries.find(), found.account, found.ground), found)
        places.remove(found)


def where() -> str:
    """Where the data lie, as whom the server runs, and what deleted homes left; for who looks after the machine."""
    with places.held() as found:
        left = places.left_behind(found)
    name = "your own account" if found.account is None else f"the system user {found.account.name}"
    more = f" Deleted homes left data in {', '.join(map(str, left))}: delete these folders." if left else ""
    return f"The database lies in {found.data}; it runs as {name} and listens on a private socket alone.{more}"


def _start_or_join() -> Running:
    with places.held() as found:
        programs = binaries.reachable(binaries.find(), found.account, found.ground)
        was_down = server.pid_of(found) is None
        if was_down:
            cluster.make(programs, found)
            cluster.passwords(found)
            server.start(programs, found)
        server.check_ours(found)
        pid, socket = server.pid_of(found), found.socket()
        if pid is None or socket is None:
            raise EngineError(server.why_not(found, "it stopped at once"))
        seat = Seat(found.users)
        if was_down:
            keeper.begin(found)
        return Running(found, programs, seat, socket, pid, os.getpid())


def _leave(running: Running) -> None:
    if running.joined_by != os.getpid():
        return  # a forked child leaves its parent's seat alone
    if (
        not running.places.lock.exists()
    ):  # the home was deleted under us; the keeper ends the server after its last user
        running.seat.give_up()
        return
    with locked(running.places.lock):
        running.seat.give_up()
        if not any_left(running.places.users) and server.pid_of(running.places):
            server.stop(running.programs, running.places)
