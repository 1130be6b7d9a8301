"""Real SFTP servers that fail in the ways servers fail."""

from __future__ import annotations

from typing import Any

import asyncssh


class Breaking(asyncssh.SFTPServer):
    """Takes the first bytes of a file, then the line breaks."""

    async def write(self, file_obj: object, offset: int, data: bytes) -> Any:
        written = super().write(file_obj, offset, data[: len(data) // 2])
        self.channel.get_connection().abort()
        return written


class Full(asyncssh.SFTPServer):
    """Has no room."""

    def write(self, file_obj: object, offset: int, data: bytes) -> Any:
        raise asyncssh.SFTPNoSpaceOnFilesystem("no room")


class Losing(asyncssh.SFTPServer):
    """Says yes and keeps half."""

    def write(self, file_obj: object, offset: int, data: bytes) -> Any:
        super().write(file_obj, offset, data[: len(data) // 2])
        return len(data)
