"""What stops intake altogether, in one sentence."""

from __future__ import annotations

import errno

from fairhold.errors import PlainError


class IntakeError(PlainError):
    """Files cannot be taken in at all: a path that is not there, a full disk."""


def plain(error: OSError) -> IntakeError | None:
    """The sentence for a disk or a file that fails us; None for any other fault."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return IntakeError(
            "The disk is full: the delivery at hand was not taken in, all before it are. Free some space and run again."
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.ENOENT, errno.EISDIR}:
        return IntakeError(f"The file {error.filename} cannot be read: check that it exists and that you may read it.")
    return None
