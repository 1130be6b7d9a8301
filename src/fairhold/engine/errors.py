"""What the engine says when it cannot go on: one sentence for a person."""

from __future__ import annotations

from fairhold.errors import PlainError

DISK_FULL = "The disk is full: PostgreSQL could not write. Free some space and try again; nothing stored is lost."

UNREACHABLE = "The database cannot be reached. Check that the server runs and the FAIRHOLD_…DATABASE_URL settings."
_STOPPED = "The database stopped or is not ready. Try again; what was committed is safe."
_SENTENCES = (  # by the beginning of the SQLSTATE, PostgreSQL manual, appendix A
    ("53100", DISK_FULL),
    ("53300", "The database has no free connection left. Close other Fairhold programs and try again."),
    ("57P", _STOPPED),
    ("08", _STOPPED),
    ("57014", "The database took too long over one question and stopped it. Narrow the search and try again."),
    ("55P03", "Someone else is changing the same records. Try again in a moment."),
    ("XX", "The database found its own files damaged. Stop Fairhold and restore the last backup."),
)


class EngineError(PlainError):
    """The database or the columns engine cannot do what was asked.

    The message is one sentence or two for a person: what, where, what to do. It holds no personal data
    and no password.
    """


def plain(error: BaseException) -> str | None:
    """The sentence for an error of the database driver, or None when it is not about the engine.

    Driver errors are known by their SQLSTATE, so the driver need not be loaded.
    """
    if type(error).__name__ == "PoolTimeout":
        return UNREACHABLE
    state = getattr(error, "sqlstate", None) or ""
    return next((sentence for start, sentence in _SENTENCES if state.startswith(start)), None)
