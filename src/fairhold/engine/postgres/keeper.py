"""Stops a server whose last user was killed before it could.

A small process of its own, started with the server. It sleeps in the kernel until nobody holds a seat, so it costs
no time; when the last user left in good order the server has stopped already, and the keeper just ends.
"""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

from fairhold.engine.postgres import binaries, places, server
from fairhold.engine.postgres.files import locked
from fairhold.engine.postgres.users import any_left, wait_for_the_last


def begin(found: places.Places) -> None:
    """Start the keeper of a cluster, apart from this process's session; the caller holds the data folder's lock."""
    nothing = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)]
    command = [sys.executable, "-P", "-m", "fairhold.engine.postgres.keeper", str(found.inner)]
    os.posix_spawn(sys.executable, command, os.environ, file_actions=nothing)


def keep(inner: Path) -> None:
    """Wait for the last user of the cluster, then stop its server; at most one keeper per cluster."""
    seats = os.open(inner / "in-use", os.O_RDWR | os.O_CREAT, 0o600)
    mine = os.open(inner / "keeper", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    found = places.known(inner)
    while found is not None:
        wait_for_the_last(seats)
        pid = server.pid_of(found)
        if not found.lock.exists():  # the home was deleted while its server ran
            server.end(found, pid)
            return
        with locked(found.lock):
            if any_left(found.users):
                continue
            if server.pid_of(found) and server.is_ours(found):
                server.stop(binaries.reachable(binaries.find(), found.account, found.ground), found)
            os.close(mine)  # while the lock is held: whoever starts the next server gets its own keeper
            return


if __name__ == "__main__":
    os.setsid()
    os.chdir("/")
    keep(Path(sys.argv[1]))
