"""Errors for people. Everything else that is raised is a fault of ours and shows a traceback to us alone."""

from __future__ import annotations


class PlainError(Exception):
    """The message is one or two plain sentences: what, where, what to do. It never holds personal data or a secret.

    Pages show it, commands print it and end with exit code 2. `at` names what was asked for: where a page has a field
    of that name, the sentence stands beside it.
    """

    def __init__(self, sentence: str = "", *, at: str = "") -> None:
        super().__init__(sentence)
        self.at = at

    @property
    def sentence(self) -> str:
        """The message as shown."""
        return str(self)


class Kept(PlainError):
    """A no that is itself kept: what was written beside it stands. Whoever ends a scope with it commits first."""
