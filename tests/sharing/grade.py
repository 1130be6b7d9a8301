"""The counter that the tests of sentences use is the one that judges what an officer enters."""

from fairhold.policy.grade import grade

__all__ = ["grade"]
