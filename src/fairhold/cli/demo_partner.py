"""A made-up recipient for the demo: a real SFTP server on this machine's loopback, and the key only it holds."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh
import pyrage

LOGIN = "council"
LOOPBACK = "127.0.0.1"


@dataclass
class MadeUpPartner:
    """A server that is running: where it listens, the keys it shows, and the folder its files arrive in."""

    port: int
    host_key: str
    age_key: str
    identity: str
    inbox: Path


@dataclass
class _Kept:
    """The recipient's own secrets, kept beside its inbox so that a second run meets the same recipient."""

    host_key: asyncssh.SSHKey
    identity: str


def _secrets(folder: Path) -> _Kept:
    host, age = folder / "host.key", folder / "age.key"
    if not age.exists():
        host.touch(mode=0o600)
        host.write_bytes(asyncssh.generate_private_key("ssh-ed25519").export_private_key())
        age.touch(mode=0o600)
        age.write_text(str(pyrage.x25519.Identity.generate()), "ascii")
    return _Kept(asyncssh.read_private_key(str(host)), age.read_text("ascii"))


@contextmanager
def serving(folder: Path, council_key: str, *, port: int = 0, sftp: Any = None) -> Iterator[MadeUpPartner]:
    """Run the recipient's server until the block ends. `council_key` is the only key that may log in, as one line.

    `port` 0 takes a free one. `sftp` is another class of asyncssh's SFTP server, for tests of a server that fails.
    """
    inbox = folder / "inbox"
    for made in (folder, inbox):
        made.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = _secrets(folder)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    guests: list[asyncssh.SSHServerConnection] = []
    try:
        acceptor = _run(loop, _listen(kept.host_key, council_key, inbox, port, sftp or asyncssh.SFTPServer, guests))
        identity = pyrage.x25519.Identity.from_str(kept.identity)
        yield MadeUpPartner(
            port=acceptor.get_port(),
            host_key=kept.host_key.export_public_key().decode().strip(),
            age_key=str(identity.to_public()),
            identity=kept.identity,
            inbox=inbox,
        )
        _run(loop, _close(acceptor, guests))
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _run(loop: asyncio.AbstractEventLoop, work: Any) -> Any:
    return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=30)


class _Host(asyncssh.SSHServer):
    """Keeps who is connected, so that nobody is left on the line when the server closes."""

    def __init__(self, guests: list[asyncssh.SSHServerConnection]) -> None:
        self._guests = guests

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._guests.append(conn)


async def _listen(
    host_key: asyncssh.SSHKey,
    council_key: str,
    inbox: Path,
    port: int,
    sftp: Any,
    guests: list[asyncssh.SSHServerConnection],
) -> Any:
    return await asyncssh.listen(
        LOOPBACK,
        port,
        server_factory=lambda: _Host(guests),
        server_host_keys=[host_key],
        authorized_client_keys=asyncssh.import_authorized_keys(council_key),
        sftp_factory=lambda channel: sftp(channel, chroot=str(inbox).encode()),
        allow_scp=False,
    )


async def _close(acceptor: Any, guests: list[asyncssh.SSHServerConnection]) -> None:
    acceptor.close()
    await acceptor.wait_closed()
    for guest in guests:
        guest.close()
        await guest.wait_closed()
