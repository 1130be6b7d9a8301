"""Stops a server whose last user was killed before it could.

A small process of its own, started with the server. It sleeps in the kernel until nobody holds a seat, so it costs
no time; when the last user left in good order the server has stopped already, and the keeper just ends. It also ends
the server of a home that was deleted, and deletes what of its data lay elsewhere.
"""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

from fairhold.engine.postgres import binaries, places, server
from fairhold.engine.postgres.account import service_account
from fairhold.engine.postgres.files import locked
from fairhold.engine.postgres.users import is_shared, wait_for_the_last


def begin(found: places.Places) -> None:
    """Start the keeper of a cluster, apart from this process's session; the caller holds the data folder's lock.

    It is handed its files open, so that it keeps even a home that is deleted before it is awake.
    """
    handles = [os.open(found.inner / name, os.O_RDWR | os.O_CREAT, 0o600) for name in ("in-use", "keeper")]
    for handle in handles:
        os.set_inheritable(handle, True)
    nothing = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)]
    command = [sys.executable, "-P", "-m", "fairhold.engine.postgres.keeper"]
    command += [str(found.inner), str(found.ground), str(found.socket()), *map(str, handles)]
    try:
        os.posix_spawn(sys.executable, command, os.environ, file_actions=nothing)
    finally:
        for handle in handles:
            os.close(handle)


def keep(found: places.Places, socket: Path, seats: int, mine: int) -> None:
    """Wait for the last user of the cluster, then stop its server; at most one keeper per cluster."""
    try:
        fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    while True:
        wait_for_the_last(seats)
        deleted = os.fstat(seats).st_nlink == 0
        if not places.is_claimed(found):
            _home_is_gone(found, socket, deleted=deleted)
            return
        if deleted:
            return  # begun anew on the same ground, with a keeper of its own; a server without its files ends itself
        socket = found.socket() or socket
        with locked(found.lock):
            if is_shared(seats):
                continue
            if server.pid_of(found) and server.is_ours(found):
                server.stop(binaries.reachable(binaries.find(), found.account, found.ground), found)
            os.close(mine)  # while the lock is held: whoever starts the next server gets its own keeper
            return


def _home_is_gone(found: places.Places, socket: Path, *, deleted: bool) -> None:
    """End the server of a home that was moved, deleted or begun anew while it ran; deleted means that its data go too.

    A file that is open but has no name left was deleted for certain; a moved home keeps its data. What now stands in
    the home's place is somebody else's, and is left alone.
    """
    server.end(found, server.pid_of(found))
    if deleted:
        places.remove_data(found, socket)


def main(inner: str, ground: str, socket: str, seats: str, mine: str) -> None:
    """Become a process that no terminal or session ends, and keep the cluster."""
    os.setsid()
    os.chdir("/")
    found = places.Places(Path(inner), Path(ground), service_account())
    keep(found, Path(socket), int(seats), int(mine))


if __name__ == "__main__":
    main(*sys.argv[1:])
