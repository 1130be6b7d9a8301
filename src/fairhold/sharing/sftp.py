"""Sending one file by SFTP to a server whose host key is pinned. A retry overwrites the same part and renames once."""

from __future__ import annotations

import asyncio
import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fairhold.sharing import keys
from fairhold.sharing.shares import ShareError

if TYPE_CHECKING:
    import asyncssh

PATIENCE = 20.0  # seconds to connect and to log in
LONGEST = 600.0  # seconds for a whole transfer


@dataclass(frozen=True)
class Endpoint:
    """Where a recipient's server is and how we know it: `host_key` is its public key as one line."""

    host: str
    port: int
    login: str
    folder: str
    host_key: str


class TransferError(ShareError):
    """The file did not arrive; the package is kept and the same file can be sent again."""


def deliver(endpoint: Endpoint, name: str, data: bytes) -> str:
    """Put `data` on the server as `name` and return its remote path. Raises TransferError with a sentence."""
    try:
        return asyncio.run(asyncio.wait_for(_deliver(endpoint, name, data), LONGEST))
    except TimeoutError:
        raise TransferError("The recipient's server took too long; nothing new stands there. Send it again.") from None


async def _deliver(endpoint: Endpoint, name: str, data: bytes) -> str:
    import asyncssh  # noqa: PLC0415 (only when something leaves)

    pinned = asyncssh.import_public_key(endpoint.host_key)
    ours = asyncssh.import_private_key(keys.login_key())
    try:
        async with (
            asyncssh.connect(
                endpoint.host,
                endpoint.port,
                username=endpoint.login,
                client_keys=[ours],
                known_hosts=([pinned], [], []),
                server_host_key_algs=_host_key_algorithms(pinned),
                agent_path=None,
                config=None,
                preferred_auth="publickey",
                connect_timeout=PATIENCE,
                login_timeout=PATIENCE,
            ) as connection,
            connection.start_sftp_client() as sftp,
        ):
            return await _put(sftp, endpoint.folder, name, data)
    except (asyncssh.HostKeyNotVerifiable, asyncssh.KeyExchangeFailed):
        raise TransferError(
            "The recipient's server shows another host key than the one confirmed: nothing was sent."
            " Ask the recipient by telephone, and have a changed key confirmed by a second person."
        ) from None
    except asyncssh.PermissionDenied:
        raise TransferError(
            "The recipient's server does not know our key or login: nothing was sent. Ask it to add our public key."
        ) from None
    except asyncssh.SFTPError as error:
        raise TransferError(
            f"The recipient's server did not take the file ({type(error).__name__}): nothing new stands there."
            " Ask it to look at its folder, then send again."
        ) from None
    except (OSError, asyncssh.Error):
        raise TransferError(
            "The recipient's server cannot be reached, or the line broke: the package is kept. Send it again."
        ) from None


def _host_key_algorithms(pinned: asyncssh.SSHKey) -> list[str]:
    """The pinned key's own kinds first, then every other kind: a server with another key shows it, and is told apart
    from a line that broke. (Asking for the pinned kind alone, the two can part before we learn why.)"""
    from asyncssh.public_key import get_default_public_key_algs  # noqa: PLC0415 (only when something leaves)

    own = pinned.sig_algorithms
    return [kind.decode() for kind in (*own, *(other for other in get_default_public_key_algs() if other not in own))]


async def _put(sftp: asyncssh.SFTPClient, folder: str, name: str, data: bytes) -> str:
    final = posixpath.join(folder, name)
    part = f"{final}.part"
    async with sftp.open(part, "wb") as out:
        await out.write(data)
    size = (await sftp.stat(part)).size
    if size != len(data):
        raise TransferError(
            f"The recipient's server holds {size} of {len(data)} bytes: nothing new stands there. Send it again."
        )
    await sftp.posix_rename(part, final)
    return final
